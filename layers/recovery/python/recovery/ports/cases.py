"""Cases on record, and the executions that move them."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal


class CaseRepository(Protocol):
    """Records of cases."""

    def load(self, loan_id: str, case_id: str) -> CaseRecord:
        """An empty record when there is none yet."""

    def cases_of(self, loan_id: str) -> list[CaseRecord]: ...
    def save(self, record: CaseRecord) -> None:
        """Under the version it was loaded with. Raises StaleWriteError."""


class CaseWorkflow(Protocol):
    """Executions of the recovery case state machine."""

    def start(self, loan_id: str, signal: Signal) -> None:
        """Start the case's execution; starting it twice starts it once."""

    def send(self, loan_id: str, signal: Signal, task_token: str) -> None:
        """Hand the signal to the waiting execution; a token already used is no error."""
