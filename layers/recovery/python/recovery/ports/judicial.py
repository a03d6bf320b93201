"""Dossiers of claims and their files, and letters before court."""

from __future__ import annotations

from typing import Literal, Protocol

from recovery.domain.judicial.court_letters import CourtLetter
from recovery.domain.judicial.dossier import Dossier

DossierForm = Literal["pdf", "zip"]


class DossierRepository(Protocol):
    """Keeps one institution's dossiers."""

    def find(self, loan_id: str, dossier_id: str) -> Dossier | None: ...
    def save(self, dossier: Dossier) -> None:
        """Put it on record; the same again changes nothing. Raises StaleWriteError if another is
        on record with its id."""


class CourtLetterRepository(Protocol):
    """Keeps what is known of one institution's letters before court."""

    def of_loan(self, loan_id: str) -> list[CourtLetter]:
        """List the letters about a loan, in the order in which they were written."""

    def find(self, loan_id: str, letter_id: str, person_id: str) -> CourtLetter | None: ...
    def add(self, letter: CourtLetter) -> None:
        """Put a letter on record; one that is there already stays."""

    def save(self, letter: CourtLetter) -> None:
        """Store how it ended."""


class DossierStore(Protocol):
    """Keeps one institution's dossiers as files that nobody can change."""

    def put(self, dossier: Dossier, form: DossierForm, content: bytes) -> None:
        """Keep the file under the dossier's hash; a repeat changes nothing."""

    def read(self, dossier: Dossier, form: DossierForm) -> bytes:
        """Return the file."""

    def link(self, dossier: Dossier, form: DossierForm) -> str:
        """Return where it can be fetched for some minutes."""
