"""Case records and executions."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal


class CaseRepository(Protocol):
    """Stores one institution's case records."""

    def load(self, loan_id: str, case_id: str) -> CaseRecord:
        """Load the record, or an empty one if there is none yet."""

    def cases_of(self, loan_id: str) -> list[CaseRecord]: ...
    def save(self, record: CaseRecord) -> None:
        """Save if unchanged since it was loaded. Raises StaleWriteError."""


class CaseWorkflow(Protocol):
    """Runs executions of the recovery case state machine for one institution."""

    def start(self, loan_id: str, signal: Signal) -> None:
        """Start the case's execution. Idempotent."""

    def send(self, loan_id: str, signal: Signal, task_token: str) -> None:
        """Send the signal to the waiting execution; a used token is not an error."""
