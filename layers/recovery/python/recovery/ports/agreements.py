"""Assessments of repayment capacity, sealed, and the capacity that is in force."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from recovery.domain.agreements.assessment_record import AssessmentRecord, CapacityInForce
from recovery.domain.agreements.yes_code import YesCode


class AssessmentRepository(Protocol):
    """Stores one institution's assessments; what has expired is not there any more."""

    def add(
        self, record: AssessmentRecord, in_force: CapacityInForce, expires_on: date | None
    ) -> None:
        """Store an assessment with the capacity that follows from it, in one transaction.

        Raises StaleWriteError if there is one with its id.
        """

    def find(self, person_id: str, assessment_id: str) -> AssessmentRecord | None:
        """Return the assessment; None if there is none."""

    def of_person(self, person_id: str) -> list[AssessmentRecord]:
        """Read the person's assessments, oldest first."""

    def save_decisions(self, record: AssessmentRecord) -> None:
        """Store what people decided. Raises StaleWriteError if others decided meanwhile."""

    def erase_all(self, person_id: str) -> None:
        """Erase the person's assessments, and the capacity that followed from them."""


class YesCodeRepository(Protocol):
    """Keeps what codes were sent for offers; one that was never answered is erased after days."""

    def of_offer(self, loan_id: str, offer_id: str) -> list[YesCode]:
        """List the codes sent for the offer, the oldest first."""

    def add(self, code: YesCode) -> None:
        """Keep a code that is about to be sent. Raises StaleWriteError if its id is taken."""

    def save(self, code: YesCode, *, tries: int) -> None:
        """Store what became of the code. Raises StaleWriteError unless it still has ``tries``, and
        no answer: nobody tries twice at once."""
