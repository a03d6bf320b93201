"""Experiments of an institution, the people in them, and what is counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from recovery.domain.portfolio.experiments import ExperimentRecord, Subject
from recovery.domain.portfolio.outcomes import Counts, Seen


class ExperimentRepository(Protocol):
    """Stores experiments and counts; everything about a person is erased some time after."""

    def all(self) -> list[ExperimentRecord]:
        """List every experiment, by id."""

    def save(self, record: ExperimentRecord) -> None:
        """Store it over the version that it was loaded with. Raises StaleWriteError."""

    def enrol(self, subject: Subject) -> bool:
        """Take the person in, once; return False if they are in it already."""

    def subject(self, experiment_id: str, person_id: str) -> Subject | None:
        """Return how the person came in."""

    def due(self, experiment_id: str, on: date, most: int) -> list[Subject]:
        """List those to look at by this day, the longest due first."""

    def note(self, subject: Subject, seen: Seen | None) -> None:
        """Count what became of the person, once; None if nothing could be seen."""

    def counts(self, experiment_id: str, arms: Iterable[str]) -> dict[str, Counts]:
        """Return what is counted so far, by arm."""
