"""Proposals to write a loan off: the policy proposes by days past due, people decide.

What was proposed is kept with the loan's state, so that it is asked once while the loan stays that
late, and withdrawn once it no longer is. Only what stands there may be approved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from recovery.domain.accounting.ownership import Silence, SilentPeriod
from recovery.domain.agreements.restraints import Kind, Restraint, in_force
from recovery.domain.cases.approval import DAILY_REVIEW, DecisionKind, PendingDecision
from recovery.domain.cases.policy import CasePolicy
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import FILED
from recovery.domain.cases.withdrawals import Withdrawal
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.shared.in_words import days_in_words

# Kept terms and paused days are no failure to pay; a dispute or complaint may change what is owed.
# Not here: who cannot pay (hardship, insolvency, death, time_barred), whom to speak to
# (representative, stop). An unknown kind waits too.
_WAITS_FOR = frozenset(
    {Kind.PROMISE, Kind.AGREEMENT, Kind.MORATORIUM, Kind.DISPUTE, Kind.COMPLAINT}
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The last proposal to write the loan off, and whether it still waits for an answer.

    ``from_days`` are the days past due from which the policy proposed it; None if a person did.
    """

    decision_id: str
    from_days: int | None = None
    is_open: bool = True


def proposal_id(loan_id: str, state_version: int) -> str:
    """Return the id of what is proposed with this version of the loan's state."""
    return f"{loan_id}-W{state_version}"


def loan_of(proposal_id: str) -> str | None:
    """Return the loan that a proposal is about; None for an id of another shape."""
    loan_id, _, number = proposal_id.rpartition("-W")
    return loan_id if loan_id and number.isascii() and number.isdigit() else None


def fact_id(proposal_id: str) -> str:
    """Return the id of the fact that an approval records, unique within the loan."""
    return f"write-off-{proposal_id.rpartition('-W')[2]}"


def next_proposal(
    policy: CasePolicy,
    standing: Standing,
    case: CaseState | None,
    last: Proposal | None,
    *,
    decision_id: str,
    restraints: tuple[Restraint, ...] = (),
    silent: SilentPeriod | None = None,
    closed: str | None = None,
) -> tuple[Proposal | None, PendingDecision | None, Withdrawal | None]:
    """Return the proposal after a review, with what it asks under this id and what it withdraws.

    It is asked from the policy's days past due on. It waits while those do not mean that the money
    will not come, or while it is open what is owed (``_WAITS_FOR``), while a claim is filed and
    while the loan is silent.
    What people declined, or approved in part, is not asked again while the loan stays that late.
    """
    limit = policy.write_off_from_days
    is_that_late = limit is not None and standing.days_past_due >= limit
    withdraws = None
    why = None
    if last and last.is_open:
        why = why_withdrawn(last, standing, closed, silent, restraints)
    if last and why:
        withdraws, last = Withdrawal(last.decision_id, why), None
    if last and not last.is_open and not is_that_late and not closed:
        last = None
    waits = silent or any(map(_holds, in_force(restraints, standing.as_of)))
    if last or closed or not is_that_late or waits:
        return last, None, withdraws
    if case is None or case.stage in FILED:
        return None, None, withdraws
    asks = PendingDecision(
        decision_id=decision_id,
        kind=DecisionKind.WRITE_OFF,
        loan_id=case.case_id.rpartition("-C")[0],
        case_id=case.case_id,
        asked_by=DAILY_REVIEW,
        asked_at=start_of(standing.as_of),
        reason=f"{days_in_words(standing.days_past_due)} past due, proposed from {limit}",
    )
    return Proposal(decision_id, limit), asks, withdraws


def why_withdrawn(
    proposal: Proposal,
    standing: Standing,
    closed: str | None,
    silent: SilentPeriod | None,
    restraints: tuple[Restraint, ...] = (),
) -> str | None:
    """Return why an open proposal is pointless now; None if it still stands."""
    if any(each.kind == Kind.DISPUTE for each in in_force(restraints, standing.as_of)):
        return "the loan is disputed"
    if closed:
        return "recovery of this loan has ended"
    if silent and silent.why == Silence.OUTSIDE:
        return "the loan has an owner outside"
    if standing.outstanding.total == 0:
        return "nothing is owed any more"
    if proposal.from_days is not None and standing.days_past_due < proposal.from_days:
        days = days_in_words(standing.days_past_due)
        return f"{days} past due, no longer {proposal.from_days}"
    return None


def answered(proposal: Proposal) -> Proposal:
    """Return the proposal once people have decided."""
    return replace(proposal, is_open=False)


def start_of(as_of: date) -> datetime:
    """Return the moment of what a review does: it knows the day, not the time."""
    return datetime.combine(as_of, time(), UTC)


def _holds(restraint: Restraint) -> bool:
    return restraint.kind in _WAITS_FOR or restraint.kind not in tuple(Kind)
