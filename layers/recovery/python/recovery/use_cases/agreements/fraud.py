"""That a loan is not the person's: one person asks, a second one decides by the same answer.

The question is stored with the loan's state; the answer to the dispute with the decision, in one
transaction. Neither changes what is owed.
"""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.fact import FactRecord, Undo
from recovery.domain.accounting.said import DisputeEnd, DisputeOutcome
from recovery.domain.agreements.dispute import disputes_of
from recovery.domain.cases.approval import (
    Answer,
    DecisionKind,
    PendingDecision,
    ask,
    decide,
    withdraw,
)
from recovery.domain.outbox import Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import has_name, same_person
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanChange
from recovery.ports.needs import HasCases
from recovery.use_cases.agreements.said import Saying


def decided_by_two(
    record: FactRecord, change: LoanChange, saying: Saying, ports: HasCases
) -> tuple[PendingDecision | None, LoanChange | None]:
    """Return what a second person has to decide, with the change that asks it (None for a repeat);
    or None and the change by the fact, with what became of the question about its dispute.

    Raises RefusedError for who may neither ask nor decide.
    """
    fact = record.fact
    if not isinstance(fact, DisputeEnd | Undo):
        return None, change
    dispute_id = fact.dispute_id if isinstance(fact, DisputeEnd) else fact.fact_id
    pending = _pending(record.loan_id, dispute_id, ports)
    if not (isinstance(fact, DisputeEnd) and fact.outcome is DisputeOutcome.FRAUD_PROVEN):
        if pending is None:
            return None, change
        why = f"{dispute_id} ended otherwise"
        withdrawn = withdraw(pending, record.recorded_at, why, saying.by)
        return None, replace(change, decisions=(withdrawn,))
    if pending is None:
        return _asked(record, dispute_id, saying)
    if same_person(pending.asked_by, saying.by):
        return pending, None
    at = max(record.recorded_at, pending.asked_at)
    decided = decide(pending, saying.by, at, Answer.APPROVED, record.reason)
    text = f"{decided.decision_id}: fraud {decided.outcome} by {saying.by.in_words()}"
    entry = _entry(text, f"{decided.decision_id}#answer", saying)
    outbox = replace(change.outbox, timeline=(*change.outbox.timeline, entry))
    return None, replace(change, outbox=outbox, decisions=(decided,))


def _pending(loan_id: str, dispute_id: str, ports: HasCases) -> PendingDecision | None:
    waiting = (each for each in ports.cases.decisions_of(loan_id) if each.is_pending)
    of_fraud = (each for each in waiting if each.kind == DecisionKind.FRAUD)
    return next((each for each in of_fraud if each.about == dispute_id), None)


def _asked(
    record: FactRecord, dispute_id: str, saying: Saying
) -> tuple[PendingDecision, LoanChange]:
    loan, state, rules = saying.loan, saying.stored.state, saying.rules
    [made] = [each for each in disputes_of(saying.recorded) if each.dispute_id == dispute_id]
    not_by = tuple(dict.fromkeys((*made.dispute.not_by, loan.advisor_name)))
    if any(has_name(saying.by, name) for name in not_by):
        reason = "granted or keeps the loan"
        raise RefusedError(Problem("by", reason, "Let somebody else answer it", "conflict"))
    question = PendingDecision(
        decision_id=f"{loan.loan_id}-F{state.version + 1}.{dispute_id}",
        kind=DecisionKind.FRAUD,
        loan_id=loan.loan_id,
        case_id=state.case.case_id if state.case else "",
        asked_by=saying.by,
        asked_at=record.recorded_at,
        reason=record.reason.strip(),
        not_by=not_by,
        about=dispute_id,
    )
    ask(question, rules.policy.cases)
    text = f"{question.decision_id}: fraud said by {saying.by.in_words()}; a second person decides"
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
