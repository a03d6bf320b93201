"""The record of one case: what its execution has done, and the signals it has yet to take.

Signals arrive at least once, even while the execution is busy; it takes each once, in order. A
signal stays on the record until the execution reaches the state it leads to. These are pure steps;
use cases store the result under a version and retry on a stale write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from recovery.domain.cases.signals import Signal


@dataclass(frozen=True, slots=True)
class Step:
    """One step on a case's path: stage, date and reason."""

    stage: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What is recorded about a case. ``task_token`` is set while the execution awaits a signal.

    ``pending`` are signals not yet taken, in order; ``last_received`` is the highest number
    received.
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

    @property
    def entered(self) -> Step | None:
        """The step by which it came to the stage where it is; None before its first, or once it has
        ended. Continuing as new in the same stage is no new step."""
        if self.outcome or not self.path or self.path[-1].stage != self.stage:
            return None
        here = takewhile(lambda step: step.stage == self.stage, reversed(self.path))
        return list(here)[-1]


def place_of(record: CaseRecord) -> str:
    """Return where an open case stands on the list of its stage: by since when, then by loan."""
    return f"{record.entered.on}#{record.loan_id}" if record.entered else ""


def signal_number(signal_id: str) -> int:
    """Return a signal's number within its case, counted from 1."""
    return int(signal_id.rsplit("#", 1)[1])


def receive(record: CaseRecord, signal: Signal) -> CaseRecord:
    """Queue the signal; leave the record unchanged if it was received before or superseded.

    A signal is decided on all facts of its day, so one that arrives after a later one is obsolete.
    """
    number = signal_number(signal.signal_id)
    if number <= record.last_received or record.outcome:
        return record
    pending = record.pending if signal.opens else (*record.pending, signal)
    return replace(record, pending=pending, last_received=number)


def enter(
    record: CaseRecord, step: Step, signal_id: str, execution_id: str, token: str | None
) -> CaseRecord:
    """Record that the execution entered the step's stage, having taken this signal.

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
    """Return the signal to send to the waiting execution; None if it is busy or has none."""
    return record.pending[0] if record.pending and record.task_token else None


def close(record: CaseRecord, outcome: str, step: Step) -> CaseRecord:
    """Record how the case ended."""
    taken = record.path[-1:] == (step,)
    return replace(
        record,
        outcome=outcome,
        task_token=None,
        pending=(),
        advisor_task=None,
        path=record.path if taken else (*record.path, step),
    )


# Each stage has work for a person: agreements and hardship are not for a machine to judge.
ADVISOR_TASKS = {
    "prevention": "Keep in touch: ask how things are going and whether the due day suits.",
    "early_management": "Call kindly if no payment follows; find the cause and a way forward.",
    "intermediate_recovery": "Meet the borrower; offer an agreement the household can keep.",
    "keep_agreement": "Nothing presses while the plan is kept; say thanks for what comes.",
    "on_hold": "Let the matter rest until the hold ends; help where help is wanted.",
    "pre_action": "Send the last letters and keep their proof; an agreement is still the best end.",
    "judicial_recovery": "Review the dossier: approve or decline it, or send it back; say why.",
    "filing": "Offer an agreement once more; else file, and record court and receipt.",
    "in_proceedings": "Keep the court's days; tell it of payments; an agreement can still end it.",
    "enforcement": "Take what the judgment allows and no more; an agreement can still end it.",
}
