"""What a settlement lets go, in the transaction that brings its last money or takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, sum_components
from recovery.domain.agreements.settlement import LetGo, to_let_go
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.money import Money
from recovery.ports.accounting import LoanChange
from recovery.use_cases.accounting.fact_news import fact_event
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.shared.rules import Rules


def with_settlement(
    change: LoanChange, recorded: Recorded, rules: Rules, at: datetime
) -> LoanChange:
    """Add the waivers of a settlement whose sum is in by now, or undo those of one whose is not.

    ``recorded`` is all on record after the change.
    """
    loan, state = change.loan, change.state

    def unpaid_on(day: date) -> Components:
        rules_then = rules.charges(loan, state)
        ledger = build_ledger(
            loan.schedule_agreed, recorded.history(), rules.allocation, rules_then, day
        )
        due = sum_components(each.due for each in ledger.schedule)
        return due.less(sum_components(ledger.position.paid))

    found = tuple(to_let_go(recorded, unpaid_on, rules.as_of))
    if not found:
        return change
    records = tuple(_record(each, loan.loan_id, recorded, rules.as_of, at) for each in found)
    for each in records:
        recorded = recorded.with_fact(each)
    before = _owed_minor(change)
    loan, state = taken_up(loan, state, recorded, rules)
    change = replace(change, loan=loan, state=state, facts=(*change.facts, *records))
    difference = Money(abs(before - _owed_minor(change)), loan.currency)
    text = f"settlement {found[0].agreement_id}: the sum is in, {difference} is let go"
    if isinstance(records[0].fact, Undo):
        text = f"settlement {found[0].agreement_id}: the sum is not in, {difference} is owed again"
    entry = TimelineEntry(rules.as_of, "agreement", text, rules.policy.version, found[0].fact_id)
    outbox = change.outbox
    outbox = replace(
        outbox,
        timeline=(*outbox.timeline, entry),
        events=(*outbox.events, *(fact_event(each, loan.currency) for each in records)),
    )
    return replace(change, outbox=outbox)


def _record(
    let_go: LetGo, loan_id: str, recorded: Recorded, today: date, at: datetime
) -> FactRecord:
    """Return the fact as it goes on record, in the name of who approved the settlement."""
    [agreed] = [e for e in recorded.facts if e.fact_id == let_go.agreement_id]
    return FactRecord(
        fact_id=let_go.fact_id,
        loan_id=loan_id,
        fact=let_go.fact,
        known_on=today,
        fingerprint=f"{let_go.agreement_id}#{type(let_go.fact).__name__}",
        reason=f"settlement {let_go.agreement_id}",
        recorded_by=agreed.recorded_by,
        recorded_at=at,
    )


def _owed_minor(change: LoanChange) -> int:
    due = sum(each.due.total for each in change.loan.schedule)
    return due - sum(each.total for each in change.state.position.paid)
