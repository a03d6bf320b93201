"""A supervisor's answer to whether a new loan repaid an old one, and so carries over its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from recovery.domain.cases.approval import LONGEST_REASON, Answer, PendingDecision, decide
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.free_text import free_text_problems
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasCases, HasTimeline, LoansAndInstitutions
from recovery.use_cases.accounting.carry_over import refinancing_decision_id
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale


class DecidingRefinancingPorts(LoansAndInstitutions, HasCases, HasTimeline, Protocol):
    """Loans, the decisions about them, and their timeline."""


@retry_when_stale
def decide_refinancing(
    loan_id: str,
    answer: Answer,
    by: Actor,
    why: str,
    now: datetime,
    ports: DecidingRefinancingPorts,
) -> PendingDecision:
    """Put the answer on record; declined, the loan carries nothing over. A repeat changes nothing.

    Raises LoanNotFoundError; RefusedError if nobody asked, without the right to decide or a reason,
    and for whoever granted or keeps one of the loans.
    """
    problems = [*free_text_problems("why", why, LONGEST_REASON)]
    if problems:
        raise RefusedError(*problems)
    stored = ports.loans.load(loan_id)
    asked = ports.cases.decision(loan_id, refinancing_decision_id(loan_id))
    if asked is None:
        reason = f"{loan_id} is not known to have repaid another loan"
        raise RefusedError(Problem("loan_id", reason, "Check its status first", "not_found"))
    decided = decide(asked, by, now, answer, why)
    ports.cases.save_decision(decided)
    today = business_date(stored.loan.institution_id, now, ports.institutions)
    ports.timeline.add(loan_id, [_entry(decided, today)])
    if answer is Answer.DECLINED and stored.state.facts.carried:
        ports.loans.commit(_nothing_carried(stored, decided, today))
    return decided


def _entry(decided: PendingDecision, today: date) -> TimelineEntry:
    assert decided.decided_by is not None
    text = f"refinancing {decided.outcome} by {decided.decided_by.in_words()}"
    key = f"{decided.decision_id}#{decided.outcome}"
    return TimelineEntry(today, "decision", f"{text}: {decided.decided_because}", key=key)


def _nothing_carried(stored: StoredLoan, decided: PendingDecision, today: date) -> LoanChange:
    loan, state = stored.loan, stored.state
    detail = {"loan_id": loan.loan_id, "decision_id": decided.decision_id}
    outbox = Outbox(
        outbox_id(state.version + 1), today, events=(DomainEvent("RefinancingDeclined", detail),)
    )
    facts = replace(state.facts, carried=None, has_news=True)
    due_on = min(state.next_review_on or today, today)
    return LoanChange(loan, loan, replace(state, facts=facts, next_review_on=due_on), outbox)
