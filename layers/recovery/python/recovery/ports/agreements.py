"""Assessments of repayment capacity, sealed, and the capacity that is in force."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from recovery.domain.agreements.assessment_record import AssessmentRecord, CapacityInForce


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
