"""Where the case of a loan goes at a review."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from recovery.domain.agreements.restraints import in_force
from recovery.domain.agreements.settlement import is_settled
from recovery.domain.cases.signals import Signal, follow, track_current
from recovery.domain.cases.stage import CaseState, Decision, decide
from recovery.domain.cases.stages import Outcome
from recovery.domain.contact.who_hears import notice_answered, paid_in_all
from recovery.domain.monitoring.behaviour import risk_signals
from recovery.domain.review_seen import Seen


@dataclass(frozen=True, slots=True)
class CaseStep:
    """The case after the review, how many there have been, and the signal that moves it.

    ``answered`` says how the notice was answered, None if it was not.
    """

    case: CaseState | None
    cases: int
    signal: Signal | None = None
    answered: str | None = None


def case_step(seen: Seen, ready: str) -> CaseStep:
    """Return where the case should be; ``ready`` says why one in pre-action may go on."""
    case, answered = _as_noticed(seen)
    step = CaseStep(case, seen.before.cases, answered=answered)
    decision = _decision(seen, case, ready)
    if decision is None:
        return step
    cases = step.cases + (case is None)
    known = seen.loan.loan_id, case, cases, decision, seen.as_of, seen.policy.version
    after, signal = follow(*known)
    return replace(step, case=after, cases=cases, signal=signal)


def _as_noticed(seen: Seen) -> tuple[CaseState | None, str | None]:
    """Return the case as it stands, and how its notice was answered."""
    case, policy = track_current(seen.before.case, seen.standing), seen.policy.cases
    if case and case.notice_on:  # what a bank took back since is no answer, nor spoils a later one
        paid_minor = min(case.notice_paid_minor, paid_in_all(seen.state.position))
        case = replace(case, notice_paid_minor=paid_minor)
    answered = notice_answered(policy, case, seen.state.position, seen.promises)
    if case and answered:
        pause_ends = seen.as_of + timedelta(days=policy.notice_answered_days)
        case = replace(case, notice_on=None, answered_on=None, judicial_not_before=pause_ends)
    return case, answered


def _decision(seen: Seen, case: CaseState | None, ready: str) -> Decision | None:
    standing, state, as_of = seen.standing, seen.state, seen.as_of
    if seen.closed and not seen.before.closed and case:
        return Decision(seen.closed, f"written off on {standing.written_off_on}")
    if seen.rests:
        return None
    risks = risk_signals(
        seen.loan.schedule,
        state.position,
        seen.policy.monitoring,
        seen.policy.accounting.allocation,
        as_of,
        state.known(),
        seen.warning,
    )
    decision = decide(
        seen.policy.cases,
        standing,
        risks,
        case,
        as_of,
        seen.loan.currency,
        restraints=in_force(state.restraints, as_of),
        collectible=seen.standings.collectible,
        hold_from_days=seen.policy.agreements.hold_from_days,
        ready=ready,
        news=state.facts.has_news,
        court=state.facts.court,
    )
    if decision and decision.to == Outcome.PAID_OFF and is_settled(seen.plans, as_of):
        return Decision(Outcome.SETTLED, "the settled sum is in, the rest is let go")
    return decision
