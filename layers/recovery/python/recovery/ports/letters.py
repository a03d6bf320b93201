"""Letters that are kept: the files, and what is known of each."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.agreements.kept_letter import KeptLetter


class LetterStore(Protocol):
    """Keeps one institution's letters so that nobody can change them."""

    def put(self, letter: KeptLetter, content: bytes) -> None:
        """Keep the file under the letter's hash; a repeat changes nothing."""

    def read(self, letter: KeptLetter) -> bytes:
        """Return the file."""

    def link(self, letter: KeptLetter) -> str:
        """Return where it can be fetched for some minutes."""

    def let_go(self, letter: KeptLetter) -> None:
        """Show the file no more; it is erased once its lock ends. A repeat changes nothing."""


class LetterRepository(Protocol):
    """Keeps what is known of one institution's letters."""

    def of_agreement(self, loan_id: str, agreement_id: str) -> list[KeptLetter]:
        """List the letters about an agreement, by person."""

    def of_loan(self, loan_id: str) -> list[KeptLetter]:
        """List the letters about all agreements on a loan, by agreement and person."""

    def add(self, letter: KeptLetter) -> None:
        """Put a letter on record; one that is there already stays."""

    def save(self, letter: KeptLetter) -> None:
        """Store how it was sent, or why not."""
