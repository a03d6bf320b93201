"""The record of one case: what its execution has done, and the signals it has yet to take.

Signals come at least once, and while the execution is busy; it takes each once, in order. A signal
waits on the record until the execution is seen in the state that the signal led to. These are
pure steps; the use cases store their result under a version, and repeat them on a stale write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from recovery.domain.cases.signals import Signal


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case's path: entered when, and why."""

    stage: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What is on record of a case. ``task_token`` is set while the execution awaits a signal.

    ``pending`` are signals not yet taken, in order; ``last_received`` the highest number received.
    """

    case_id: str
    loan_id: str
    version: int = 0
    stage: str | None = None
    outcome: str | None = None
    execution_id: str | None = None
    task_token: str | None = None
    advisor_task: str | None = None
    pending: tuple[Signal, ...] = ()
    last_received: int = 0
    path: tuple[Step, ...] = ()


def signal_number(signal_id: str) -> int:
    """The place of a signal in its case: signals of one case are numbered from 1."""
    return int(signal_id.rsplit("#", 1)[1])


def receive(record: CaseRecord, signal: Signal) -> CaseRecord:
    """The record with the signal waiting on it; unchanged if received before or superseded.

    A signal is decided on all facts of its day, so one that comes after a later one has nothing
    left to say.
    """
    number = signal_number(signal.signal_id)
    if number <= record.last_received or record.outcome:
        return record
    pending = record.pending if signal.opens else (*record.pending, signal)
    return replace(record, pending=pending, last_received=number)


def enter(
    record: CaseRecord, step: Step, signal_id: str, execution_id: str, token: str | None
) -> CaseRecord:
    """The execution is in the step's stage because of this signal, which is hereby taken.

    With a token it now awaits the next one. Entering again with the same signal adds no step.
    """
    number = signal_number(signal_id)
    taken = record.path[-1:] == (step,)
    return replace(
        record,
        stage=step.stage,
        execution_id=execution_id,
        task_token=token,
        pending=tuple(s for s in record.pending if signal_number(s.signal_id) > number),
        last_received=max(record.last_received, number),
        path=record.path if taken else (*record.path, step),
    )


def next_signal(record: CaseRecord) -> Signal | None:
    """The signal to hand to the waiting execution now; None when it is busy or there is none."""
    return record.pending[0] if record.pending and record.task_token else None


def close(record: CaseRecord, outcome: str, step: Step) -> CaseRecord:
    """The record of a case that has ended."""
    taken = record.path[-1:] == (step,)
    return replace(
        record,
        outcome=outcome,
        task_token=None,
        pending=(),
        advisor_task=None,
        path=record.path if taken else (*record.path, step),
    )


# What a person does in each stage; agreements and hardship are for people, not for a machine.
ADVISOR_TASKS = {
    "prevention": "Keep in touch: ask how things are going and whether the due day suits.",
    "early_management": "Call kindly if no payment follows; find the cause and look for a way.",
    "intermediate_recovery": "Meet the borrower; offer an agreement that the household can keep.",
    "judicial_recovery": "Judge the dossier: approve or decline judicial recovery, and say why.",
    "filing": "Hand the claim to who files it; any agreement still ends it.",
}
