"""Keep letters in S3 under object lock: whoever may write them cannot change or erase them.

Keys are ``<institution>/<loan>/<agreement>/<person>/<hash>.pdf``; the bucket
locks what is put there by itself.
"""

from __future__ import annotations

import hashlib

from recovery.adapters import locked_files
from recovery.documents.packs.reading import careful_people_pack
from recovery.domain.agreements.kept_letter import KeptLetter

_PDF = "application/pdf"


class S3LetterStore:
    """LetterStore of one institution."""

    def __init__(self, institution_id: str, bucket: str) -> None:
        self._institution_id = institution_id
        self._bucket = bucket

    def put(self, letter: KeptLetter, content: bytes) -> None:
        """Keep the file under its hash. Raises ValueError for another file."""
        if hashlib.sha256(content).hexdigest() != letter.sha256:
            raise ValueError("the file is not the one that the letter names")
        locked_files.put_once(self._bucket, self._key(letter), content, _PDF)

    def read(self, letter: KeptLetter) -> bytes:
        """Return the file."""
        return locked_files.read(self._bucket, self._key(letter))

    def link(self, letter: KeptLetter) -> str:
        """Return where it can be fetched for some minutes."""
        name = f"{letter.agreement_id}-{letter.language}.pdf"
        return locked_files.link(self._bucket, self._key(letter), name, _PDF)

    def _key(self, letter: KeptLetter) -> str:
        owner = (self._institution_id, letter.loan_id, letter.agreement_id, letter.person_id)
        return "/".join((*owner, f"{letter.sha256}.pdf"))


def locked_days() -> int:
    """Return how long what proves something is kept by the careful rules."""
    [rule] = [each for each in careful_people_pack().careful.retention if each.item == "evidence"]
    return rule.days
