"""Case records and executions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.tasks import Task


@dataclass(frozen=True, slots=True)
class Repair:
    """A case whose execution waits in NeedsRepair, and the signal it failed on."""

    loan_id: str
    case_id: str
    signal: Signal
    failure: str
    task_token: str


class CaseRepository(Protocol):
    """Stores one institution's case records."""

    def load(self, loan_id: str, case_id: str) -> CaseRecord:
        """Load the record, or an empty one if there is none yet."""

    def cases_of(self, loan_id: str) -> list[CaseRecord]: ...
    def save(self, record: CaseRecord) -> None:
        """Save if unchanged since it was loaded. Raises StaleWriteError."""

    def open_cases(self, stage: str, after: str | None = None) -> Iterator[CaseRecord]:
        """Yield the institution's open cases in this stage, the longest in it first.

        ``after`` continues after the case at this place, ``<since>#<loan>``. It may lag behind by
        seconds.
        """

    def decision(self, loan_id: str, decision_id: str) -> PendingDecision | None:
        """Return the decision on record, pending or decided; None if nobody asked."""

    def decisions_of(self, loan_id: str) -> list[PendingDecision]:
        """List the loan's decisions by id."""

    def pending_decisions(self, kind: str) -> list[PendingDecision]:
        """List the institution's questions of this kind that wait for people, oldest first."""

    def save_decision(self, decision: PendingDecision) -> None:
        """Put it on record. Raises StaleWriteError if it was decided otherwise meanwhile."""

    def repair(self, loan_id: str, case_id: str) -> Repair | None:
        """Return what the case waits for repair with; None if it does not."""

    def waiting_repairs(self, shard: int, before: date) -> list[tuple[str, str]]:
        """List loan and case of the shard's that failed on a signal from before this date."""

    def end_repair(self, repair: Repair) -> None:
        """Record that the case goes on. A newer failure of it stays."""


class TaskRepository(Protocol):
    """Stores one institution's tasks."""

    def find(self, task_id: str) -> Task | None: ...
    def open_tasks(self, role: str | None = None) -> list[Task]:
        """List what is open, or only what waits for this role; the nearest deadline first.

        It may lag behind by seconds.
        """

    def late_tasks(self, before: date) -> list[Task]:
        """List the open tasks with a deadline before this date, the oldest first."""

    def of_person(self, person_id: str) -> list[Task]:
        """List every task about this person, ended ones too, by id."""

    def add(self, task: Task) -> bool:
        """Put a new task on record; return False if its id is there already."""

    def save(self, task: Task) -> None:
        """Save the next step of a task. Raises StaleWriteError if it was changed since loaded."""

    def acknowledge(self, task_id: str) -> None:
        """Record that the end of the task was announced. Idempotent."""

    def keep_until(self, task: Task, last_day: date | None) -> None:
        """Let an ended task expire after this day, None: not at all; unless it was changed since
        loaded."""

    def waiting_ids(self, before: date) -> list[str]:
        """Find tasks that ended before this date, whose end is not announced yet."""

    def send_again(self, task_id: str) -> None:
        """Let the stream deliver the ended task once more, if it is not announced yet."""


class CaseWorkflow(Protocol):
    """Runs executions of the recovery case state machine for one institution."""

    def start(self, loan_id: str, signal: Signal, *, again_on: date | None = None) -> None:
        """Start the case's execution; with a date, one more in its place. Idempotent."""

    def send(
        self,
        loan_id: str,
        signal: Signal,
        task_token: str,
        between: Mapping[str, int] | None = None,
    ) -> None:
        """Send the signal to the waiting execution, with what happened in the state that it ends;
        a used token is not an error."""

    def fail(self, task_token: str, error: str, cause: str) -> None:
        """Tell the execution that the task failed; a used token is not an error."""

    def is_running(self, execution_id: str) -> bool:
        """Whether the execution still runs."""

    def stop(self, execution_id: str, why: str) -> None:
        """Stop an execution that another replaces."""
