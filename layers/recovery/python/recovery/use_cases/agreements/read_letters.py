"""Show and open the letters about an agreement: they are the person's to have again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from recovery.documents.agreements.letter_document import letter_document
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import NotOnRecordError
from recovery.ports.needs import HasAudit, HasLetters, HasLoans


class LetterReadingPorts(HasLoans, HasLetters, HasAudit, Protocol):
    """What reading letters needs."""


def read_letters(
    loan_id: str, agreement_id: str, by: Actor, now: datetime, ports: LetterReadingPorts
) -> list[dict[str, Any]]:
    """Show the letters, each with a link that opens it for some minutes; who asked is kept.

    Raises LoanNotFoundError, NotOnRecordError.
    """
    letters = letters_of(loan_id, agreement_id, ports)
    for each in letters:
        about = f"{loan_id} {agreement_id}"
        ports.audit.add(each.person_id, AuditEntry(now, Act.LETTER_READ, by, about))
    return [letter_document(each, ports.letter_files.link(each)) for each in letters]


def open_letter(letter: KeptLetter, by: Actor, now: datetime, ports: LetterReadingPorts) -> bytes:
    """Return the file; who opened it is kept."""
    about = f"{letter.loan_id} {letter.agreement_id}"
    ports.audit.add(letter.person_id, AuditEntry(now, Act.LETTER_READ, by, about))
    return ports.letter_files.read(letter)


def letters_of(loan_id: str, agreement_id: str, ports: LetterReadingPorts) -> list[KeptLetter]:
    """Return the letters. Raises LoanNotFoundError, NotOnRecordError while there is none."""
    ports.loans.load(loan_id)
    if letters := ports.letters.of_agreement(loan_id, agreement_id):
        return letters
    raise NotOnRecordError("agreement_id", f"letter about {agreement_id} of loan {loan_id} yet")
