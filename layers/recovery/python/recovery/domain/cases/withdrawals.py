"""Questions to people that need no answer any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.cases.approval import approval_id
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A question that no longer has to be answered, and why."""

    decision_id: str
    reason: str


def approval_gone(
    case: CaseState | None, signal: Signal | None, restraints: tuple[Restraint, ...], as_of: date
) -> Withdrawal | None:
    """Withdraw the question whether ``case``, as it was, goes to court: it leaves by this signal,
    or something bars it now."""
    if case is None or case.target_stage is not Stage.JUDICIAL_RECOVERY:
        return None
    bar = blocks(restraints, Block.JUDICIAL, as_of)
    if signal:
        return Withdrawal(approval_id(case.case_id, case.signals), signal.reason)
    if bar:
        why = f"judicial steps are held by {bar.fact_id or bar.reason_code}"
        return Withdrawal(approval_id(case.case_id, case.signals), why)
    return None
