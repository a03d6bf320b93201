"""Keep dossiers in S3 under object lock: whoever may write them cannot change or erase them.

Keys are ``<institution>/<loan>/<hash>.pdf`` and ``.zip``; the bucket locks what is put there by
itself.
"""

from __future__ import annotations

from recovery.adapters import locked_files
from recovery.domain.judicial.dossier import Dossier, shown
from recovery.ports.judicial import DossierForm

_TYPES: dict[DossierForm, str] = {"pdf": "application/pdf", "zip": "application/zip"}


class S3DossierStore:
    """DossierStore of one institution."""

    def __init__(self, institution_id: str, bucket: str) -> None:
        self._institution_id = institution_id
        self._bucket = bucket

    def put(self, dossier: Dossier, form: DossierForm, content: bytes) -> None:
        """Keep the file under the dossier's hash; a repeat changes nothing."""
        locked_files.put_once(self._bucket, self._key(dossier, form), content, _TYPES[form])

    def read(self, dossier: Dossier, form: DossierForm) -> bytes:
        """Return the file."""
        return locked_files.read(self._bucket, self._key(dossier, form))

    def link(self, dossier: Dossier, form: DossierForm) -> str:
        """Return where it can be fetched for some minutes."""
        name = f"{dossier.loan_id}-{shown(dossier.hash)}.{form}"
        key = self._key(dossier, form)
        return locked_files.link(self._bucket, key, name, _TYPES[form])

    def _key(self, dossier: Dossier, form: DossierForm) -> str:
        return f"{self._institution_id}/{dossier.loan_id}/{dossier.hash}.{form}"
