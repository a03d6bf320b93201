"""Dossiers of claims: what is known of each, and their files."""

from __future__ import annotations

from typing import Literal, Protocol

from recovery.domain.judicial.dossier import Dossier

DossierForm = Literal["pdf", "zip"]


class DossierRepository(Protocol):
    """Keeps one institution's dossiers."""

    def find(self, loan_id: str, dossier_id: str) -> Dossier | None: ...
    def save(self, dossier: Dossier) -> None:
        """Put it on record; the same again changes nothing. Raises StaleWriteError if another is
        on record with its id."""


class DossierStore(Protocol):
    """Keeps one institution's dossiers as files that nobody can change."""

    def put(self, dossier: Dossier, form: DossierForm, content: bytes) -> None:
        """Keep the file under the dossier's hash; a repeat changes nothing."""

    def read(self, dossier: Dossier, form: DossierForm) -> bytes:
        """Return the file."""

    def link(self, dossier: Dossier, form: DossierForm) -> str:
        """Return where it can be fetched for some minutes."""
