"""Decisions reserved for a named person: judicial recovery, settlement, write-off.

A write-off is asked by one and decided by another: see ``write_offs``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.owner_facts import in_words as silence_in_words
from recovery.domain.cases.approval import (
    DAILY_REVIEW,
    Answer,
    DecisionKind,
    PendingDecision,
    approval_id,
    ask,
    needs_second_person,
)
from recovery.domain.cases.approval import decide as answer_decision
from recovery.domain.cases.signals import Signal, follow
from recovery.domain.cases.stage import CaseState, Decision, bar_to
from recovery.domain.cases.stages import CLOSING, Outcome, Stage, in_words
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox, TimelineEntry, outbox_id
from recovery.domain.policy import Policy
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasBorrowers, HasCases, HasTimeline, LoansAndInstitutions
from recovery.use_cases.cases.write_offs import Decided, check_words, decide_write_off
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh

DECISIONS = {
    "approve": Stage.FILING,
    "decline": Stage.INTERMEDIATE_RECOVERY,
    "settle": Outcome.SETTLED,
    "write-off": Outcome.WRITTEN_OFF,
}


_KINDS = {
    "approve": DecisionKind.JUDICIAL_APPROVAL,
    "decline": DecisionKind.JUDICIAL_APPROVAL,
    "settle": DecisionKind.SETTLEMENT,
}
_DONE = {"approve": "approved", "decline": "declined", "settle": "settled"}


class DecidingPorts(LoansAndInstitutions, HasBorrowers, HasCases, HasTimeline, Protocol):
    """What a decision about a case needs."""


def decide_case(
    loan_id: str, decision: str, by: Actor, why: str, now: datetime, ports: DecidingPorts
) -> Decided:
    """Put a person's decision on record with the signal that it sends to the case.

    The signal names the decision, not the person or their words, which may name the borrower.
    Where the policy wants two approvals of judicial recovery, the first one asks for the second; so
    does whoever wants a write-off that nobody proposed yet. Repeating a decision changes nothing.
    Raises LoanNotFoundError; RefusedError without an open case, the right to decide or a reason,
    when no approval is pending, or while a restraint on the loan or the person bars the step.
    """
    if decision not in DECISIONS:
        raise RefusedError(
            Problem("decision", f"{decision!r} is unknown", f"Use one of: {', '.join(DECISIONS)}")
        )
    if decision == "write-off":
        return decide_write_off(loan_id, by, why, now, ports)
    check_words(by, why)

    def step() -> Decided:
        stored = ports.loans.load(loan_id)
        institution_id = stored.loan.institution_id
        as_of = business_date(institution_id, now, ports.institutions)
        policy = ports.institutions.policy(institution_id, as_of)
        _check(stored, decision, as_of, ports)
        case = stored.state.case
        assert case is not None
        question = _question(case, decision, by, why, now, policy)
        known = ports.cases.decision(loan_id, question.decision_id)
        if question.asked_by == by and (known is None or _is_repeat(known, question)):
            return Decided(known or _ask(question, as_of, policy, ports))
        answer = Answer.DECLINED if decision == "decline" else Answer.APPROVED
        answered = answer_decision(known or question, by, now, answer, why)
        reason = f"{_DONE[decision]} by a person, decision {answered.decision_id}"
        state, signal = _decided(stored, decision, reason, as_of, policy)
        text = f"{decision} by {by.in_words()}: {why.strip()}"
        entry = TimelineEntry(as_of, "decision", text, policy.version, signal.signal_id)
        outbox = Outbox(
            outbox_id(state.version + 1), as_of, policy.version, signal, timeline=(entry,)
        )
        loan = stored.loan
        ports.loans.commit(LoanChange(loan, loan, state, outbox, decisions=(answered,)))
        return Decided(answered, signal)

    return retry_until_fresh(step)


def _question(
    case: CaseState, decision: str, by: Actor, why: str, now: datetime, policy: Policy
) -> PendingDecision:
    """Return the question to put on record: asked by the daily review where one person decides,
    by the first where two approve."""
    kind = _KINDS[decision]
    is_first_of_two = decision == "approve" and needs_second_person(policy.cases)
    question = PendingDecision(
        decision_id=_decision_id(case, kind),
        kind=kind,
        loan_id=case.case_id.rpartition("-C")[0],
        case_id=case.case_id,
        asked_by=by if is_first_of_two else DAILY_REVIEW,
        asked_at=now,
        reason=why.strip() if is_first_of_two else f"the case is in {in_words(case.target_stage)}",
    )
    return ask(question, policy.cases) if is_first_of_two else question


def _decision_id(case: CaseState, kind: DecisionKind) -> str:
    if kind is DecisionKind.JUDICIAL_APPROVAL:
        return approval_id(case.case_id, case.signals)
    return f"{case.case_id}#{case.signals + 1}-{kind}"


def _ask(
    question: PendingDecision, as_of: date, policy: Policy, ports: DecidingPorts
) -> PendingDecision:
    """Put the first of two approvals on record."""
    ports.cases.save_decision(question)
    text = f"approve by {question.asked_by.in_words()}: {question.reason}; a second person decides"
    entry = TimelineEntry(as_of, "decision", text, policy.version, question.decision_id)
    ports.timeline.add(question.loan_id, [entry])
    return question


def _is_repeat(known: PendingDecision, question: PendingDecision) -> bool:
    asked = known.asked_by, known.reason
    return known.is_pending and asked == (question.asked_by, question.reason)


def _check(stored: StoredLoan, decision: str, as_of: date, ports: DecidingPorts) -> None:
    """Refuse what does not fit the case, or is barred at this moment."""
    case, to = stored.state.case, DECISIONS[decision]
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
    ownership = stored.state.ownership
    silent = ownership.silence_on(as_of)
    if silent and (decision == "approve" or ownership.is_outside(as_of)):
        reason = f"{in_words(to)} is held: {silence_in_words(silent)}"
        raise RefusedError(
            Problem(
                "decision", reason, "Buy or call the loan back, or prove the notice", "conflict"
            )
        )
    person = ports.borrowers.load(stored.loan.borrower_id)
    restraints = (*stored.state.restraints, *person.restraints)
    bar = isinstance(to, Stage) and bar_to(to, case.target_stage, restraints, as_of)
    if bar:
        reason = f"{in_words(to)} is held: {bar.in_words()}"
        raise RefusedError(
            Problem("decision", reason, "Wait until it ends, or end it first", "conflict")
        )


def _decided(
    stored: StoredLoan, decision: str, reason: str, as_of: date, policy: Policy
) -> tuple[LoanState, Signal]:
    case, to = stored.state.case, DECISIONS[decision]
    followed, signal = follow(
        stored.loan.loan_id, case, stored.state.cases, Decision(to, reason), as_of, policy.version
    )
    next_review_on = stored.state.next_review_on
    if followed and decision == "decline":
        pause_ends = as_of + timedelta(days=policy.cases.judicial_pause_days)
        followed = replace(followed, notice_on=None, judicial_not_before=pause_ends)
        next_review_on = min(next_review_on or pause_ends, pause_ends)
    closed, proposal = to.value if to in CLOSING else stored.state.closed, stored.state.proposal
    if closed:  # all that may be left to do is to withdraw a proposal
        next_review_on = as_of if proposal and proposal.is_open else None
    decided = replace(stored.state, case=followed, closed=closed, next_review_on=next_review_on)
    return decided, signal
