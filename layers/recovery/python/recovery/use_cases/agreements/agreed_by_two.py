"""An agreement about much money: one person asks, a second one agrees to the same.

The question is stored with the loan's state; the agreement with the decision, in one transaction.
"""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.agreed import Agreement
from recovery.domain.accounting.fact import FactRecord
from recovery.domain.agreements.agreeing import booked_minor, hides_arrears
from recovery.domain.cases.approval import (
    Answer,
    DecisionKind,
    PendingDecision,
    ask,
    decide,
    withdraw,
)
from recovery.domain.outbox import Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import same_person
from recovery.ports.accounting import LoanChange
from recovery.ports.needs import HasCases
from recovery.use_cases.agreements.said import Saying


def agreed_by_two(
    record: FactRecord, change: LoanChange, saying: Saying, ports: HasCases
) -> tuple[PendingDecision | None, LoanChange | None]:
    """Return what a second person has to decide, with the change that asks it (None for a repeat);
    or None and the change by the agreement. Raises RefusedError for who may not decide."""
    agreed = record.fact
    assert isinstance(agreed, Agreement)
    if not (agreed.offer_id and _needs_two(agreed, saying)):
        return None, change
    waiting = (e for e in ports.cases.decisions_of(record.loan_id) if e.is_pending)
    of_agreements = [e for e in waiting if e.kind == DecisionKind.AGREEMENT]
    pending = next((e for e in of_agreements if e.about == _about(agreed)), None)
    why = f"{_about(agreed)} takes its place"
    outdated = tuple(
        withdraw(each, record.recorded_at, why, saying.by)
        for each in of_agreements
        if each is not pending
    )
    if pending is None:
        question, change = _asked(record, agreed, saying)
        return question, replace(change, decisions=(*change.decisions, *outdated))
    if same_person(pending.asked_by, saying.by):
        return pending, None
    at = max(record.recorded_at, pending.asked_at)
    decided = decide(pending, saying.by, at, Answer.APPROVED, record.reason)
    text = f"{decided.decision_id}: agreement {decided.outcome} by {saying.by.in_words()}"
    entry = _entry(text, f"{decided.decision_id}#answer", saying)
    outbox = replace(change.outbox, timeline=(*change.outbox.timeline, entry))
    return None, replace(change, outbox=outbox, decisions=(decided, *outdated))


def _needs_two(agreed: Agreement, saying: Saying) -> bool:
    offer, option = saying.offered(agreed)
    limits = saying.rules.policy.agreements.plans.two_people_from
    least_minor = limits.get(saying.loan.currency)
    return least_minor is not None and booked_minor(offer, option) >= least_minor


def _about(agreed: Agreement) -> str:
    return f"{agreed.offer_id}.{agreed.option}"[:64]


def _asked(
    record: FactRecord, agreed: Agreement, saying: Saying
) -> tuple[PendingDecision, LoanChange]:
    loan, state, rules = saying.loan, saying.stored.state, saying.rules
    hides = hides_arrears(*saying.offered(agreed))
    question = PendingDecision(
        decision_id=f"{loan.loan_id}-A{state.version + 1}.{agreed.offer_id}",
        kind=DecisionKind.AGREEMENT,
        loan_id=loan.loan_id,
        case_id=state.case.case_id if state.case else "",
        asked_by=saying.by,
        asked_at=record.recorded_at,
        reason=record.reason.strip(),
        not_by=(loan.advisor_name,) if hides else (),
        about=_about(agreed),
    )
    ask(question, rules.policy.cases)
    text = f"{question.decision_id}: agreement asked by {saying.by.in_words()}; a second decides"
    outbox = Outbox(
        outbox_id(state.version + 1),
        rules.as_of,
        rules.policy.version,
        timeline=(_entry(text, question.decision_id, saying),),
    )
    return question, LoanChange(loan, loan, state, outbox, decisions=(question,))


def _entry(text: str, key: str, saying: Saying) -> TimelineEntry:
    rules = saying.rules
    return TimelineEntry(rules.as_of, "decision", text, rules.policy.version, key)
