"""Decisions reserved for a named person: judicial recovery, settlement, write-off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from recovery.domain.cases.signals import Signal, follow
from recovery.domain.cases.stage import CLOSING, Decision, Outcome, Stage, bar_to, in_words
from recovery.domain.outbox import Outbox, TimelineEntry, outbox_id
from recovery.domain.review import LoanState
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.free_text import free_text_problems
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh

_LONGEST_NAME, _LONGEST_REASON = 80, 500
DECISIONS = {
    "approve": Stage.FILING,
    "decline": Stage.INTERMEDIATE_RECOVERY,
    "settle": Outcome.SETTLED,
    "write-off": Outcome.WRITTEN_OFF,
}


def decide_case(
    loan_id: str, decision: str, by: str, why: str, now: datetime, ports: LoansAndInstitutions
) -> Signal:
    """Send the decision to the case as a signal naming the person.

    Raises LoanNotFoundError; RefusedError without an open case, a name or a reason, when no
    approval is pending, or while a restraint bars the step.
    """
    if decision not in DECISIONS:
        raise RefusedError(
            Problem("decision", f"{decision!r} is unknown", f"Use one of: {', '.join(DECISIONS)}")
        )
    problems = (
        *free_text_problems("by", by, _LONGEST_NAME),
        *free_text_problems("why", why, _LONGEST_REASON),
    )
    if problems:
        raise RefusedError(*problems)

    def step() -> Signal:
        stored = ports.loans.load(loan_id)
        as_of = business_date(stored.loan.institution_id, now, ports.institutions)
        policy = ports.institutions.policy(stored.loan.institution_id, as_of)
        state, signal = _decided(
            stored,
            decision,
            f"{by.strip()}: {why.strip()}",
            as_of,
            policy.cases.judicial_pause_days,
            policy.version,
        )
        entry = TimelineEntry(
            as_of, "decision", f"{decision} by {signal.reason}", policy.version, signal.signal_id
        )
        outbox = Outbox(outbox_id(state.version), as_of, policy.version, signal, timeline=(entry,))
        ports.loans.save_state(state, stored.loan, outbox)
        return signal

    return retry_until_fresh(step)


def _decided(
    stored: StoredLoan,
    decision: str,
    reason: str,
    as_of: date,
    pause_days: int,
    policy_version: int,
) -> tuple[LoanState, Signal]:
    case = stored.state.case
    if case is None:
        raise RefusedError(
            Problem("loan_id", "the loan has no open case", "Check its status first")
        )
    if decision in ("approve", "decline") and case.target_stage is not Stage.JUDICIAL_RECOVERY:
        raise RefusedError(
            Problem(
                "decision",
                f"the case is in {in_words(case.target_stage)}; no approval is pending",
                "Approve or decline only a case awaiting approval in judicial recovery",
            ),
        )
    to = DECISIONS[decision]
    bar = isinstance(to, Stage) and bar_to(to, case.target_stage, stored.state.restraints, as_of)
    if bar:
        reason = f"{in_words(to)} is held: {bar.in_words()}"
        raise RefusedError(
            Problem("decision", reason, "Wait until it ends, or end it first", "conflict")
        )
    followed, signal = follow(
        stored.loan.loan_id, case, stored.state.cases, Decision(to, reason), as_of, policy_version
    )
    next_review_on = stored.state.next_review_on
    if followed and decision == "decline":
        pause_ends = as_of + timedelta(days=pause_days)
        followed = replace(followed, notice_on=None, judicial_not_before=pause_ends)
        next_review_on = min(next_review_on or pause_ends, pause_ends)
    closed = to.value if to in CLOSING else stored.state.closed
    state = replace(
        stored.state,
        version=stored.state.version + 1,
        case=followed,
        closed=closed,
        next_review_on=None if closed else next_review_on,
    )
    return state, signal
