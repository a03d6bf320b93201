"""Signals to a case's execution, and the case's state after each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from recovery.domain.cases.stage import CaseState, Decision
from recovery.domain.cases.stages import (
    BEFORE_COURT_ON,
    CONTINUE_AS_NEW,
    DEFINITION,
    WAITING,
    Outcome,
    Stage,
    lacks,
)
from recovery.domain.monitoring.delinquency import Standing


@dataclass(frozen=True, slots=True)
class Signal:
    """Where a case's execution should go, and why. ``opens`` starts a new execution.

    ``execution_number`` and ``resume_at`` are set only when the execution continues as new;
    ``until`` is when a hold is known to end.
    """

    signal_id: str
    case_id: str
    to: str
    reason: str
    as_of: date
    policy_version: int
    opens: bool = False
    execution_number: int | None = None
    resume_at: str | None = None
    until: date | None = None


def follow(
    loan_id: str,
    case: CaseState | None,
    cases: int,
    decision: Decision,
    as_of: date,
    policy_version: int,
) -> tuple[CaseState | None, Signal]:
    """Return the case state after a decision (None when it ends) and the signal to send.

    An execution whose definition has no state for where the case goes continues as new there.
    """
    opens = case is None
    if case is None:
        case = CaseState(
            case_id=f"{loan_id}-C{cases}",
            opened_on=as_of,
            target_stage=Stage(decision.to),
            target_stage_since=as_of,
            current_since=as_of if decision.to == Stage.PREVENTION else None,
            execution_since=as_of,
            definition=DEFINITION,
        )
    case = replace(case, signals=case.signals + 1, execution_signals=case.execution_signals + 1)
    signal = Signal(
        signal_id=f"{case.case_id}#{case.signals}",
        case_id=case.case_id,
        to=decision.to,
        reason=decision.reason,
        as_of=as_of,
        policy_version=policy_version,
        opens=opens,
        until=decision.until,
    )
    if decision.to in tuple(Outcome):
        return None, signal
    if decision.to == CONTINUE_AS_NEW:
        return _continued(case, signal, case.target_stage)
    to, is_held = Stage(decision.to), decision.to in WAITING
    if not opens:
        held_at = case.stage if is_held else None
        case = replace(case, target_stage=to, target_stage_since=as_of, held_at=held_at)
    case = replace(case, pre_action_since=_pre_action_since(case, to, as_of))
    if lacks(case.definition, to):
        return _continued(case, signal, to)
    if case.target_stage in (Stage.PREVENTION, Stage.EARLY_MANAGEMENT):
        case = replace(case, notice_on=None)  # an old notice lapses once the case eases
    return case, signal


def _pre_action_since(case: CaseState, to: Stage, as_of: date) -> date | None:
    """Return since when the case has been on its way to court, without leaving it but to wait."""
    since = case.pre_action_since
    if to is Stage.PRE_ACTION:
        return since or as_of
    return since if to in (*BEFORE_COURT_ON, *WAITING) else None


def _continued(case: CaseState, signal: Signal, at: Stage) -> tuple[CaseState, Signal]:
    number = case.execution_number + 1
    signal = replace(signal, to=CONTINUE_AS_NEW, execution_number=number, resume_at=at.value)
    return replace(
        case,
        execution_number=number,
        execution_since=signal.as_of,
        execution_signals=0,
        definition=DEFINITION,
    ), signal


def resumed(signal: Signal) -> Signal:
    """Return where the case goes by this signal, in whichever execution takes it.

    One that continues as new leads, in the new execution, to the stage it resumes at.
    """
    if signal.to != CONTINUE_AS_NEW:
        return signal
    return replace(signal, to=signal.resume_at or "", execution_number=None, resume_at=None)


def track_current(case: CaseState | None, standing: Standing) -> CaseState | None:
    """Update ``current_since``, the first date since which nothing is overdue."""
    if case is None:
        return None
    if standing.days_past_due:
        return replace(case, current_since=None)
    return replace(case, current_since=case.current_since or standing.as_of)
