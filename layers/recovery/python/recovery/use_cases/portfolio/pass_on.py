"""Tell what of a loan's money is passed on to its owner outside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.owner_facts import Ownership
from recovery.domain.accounting.ownership import PassedOn
from recovery.domain.accounting.passing_on import differences, money_passed_on
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry
from recovery.domain.shared.money import Money, to_decimal_text
from recovery.ports.accounting import StoredLoan


def with_passed_on(
    outbox: Outbox,
    stored: StoredLoan,
    before: Recorded,
    after: Recorded,
    ownership: Ownership | None = None,
) -> Outbox:
    """Return the outbox with what the new records pass on, or take back, besides.

    ``ownership`` is the new one if that is what changes. Nothing is added for a loan that never
    changed hands.
    """
    was = stored.state.ownership
    now = ownership or was
    if not now.owners:
        return outbox
    passed = differences(
        money_passed_on(was.owners, before.history()) if was.owners else {},
        money_passed_on(now.owners, after.history()),
    )
    entries, events = _news(stored, passed, outbox.outbox_id)
    return replace(outbox, timeline=(*outbox.timeline, *entries), events=(*outbox.events, *events))


def _news(
    stored: StoredLoan, passed: Iterable[PassedOn], outbox_id: str
) -> tuple[list[TimelineEntry], list[DomainEvent]]:
    loan = stored.loan
    entries: list[TimelineEntry] = []
    events: list[DomainEvent] = []
    for each in passed:
        amount = Money(abs(each.amount_minor), loan.currency)
        text = f"{amount} of payment {each.payment_id} passed on to {each.to}"
        if each.amount_minor < 0:
            text = f"{amount} of payment {each.payment_id} asked back from {each.to}"
        key = f"PaymentPassedOn#{each.payment_id}#{outbox_id}#{len(entries)}"
        entries.append(TimelineEntry(each.value_date, "payment", text, key=key))
        events.append(DomainEvent("PaymentPassedOn", _detail(each, loan.loan_id, loan.currency)))
    return entries, events


def _detail(passed: PassedOn, loan_id: str, currency: str) -> dict[str, object]:
    return {
        "loan_id": loan_id,
        "payment_id": passed.payment_id,
        "amount": to_decimal_text(abs(passed.amount_minor), currency),
        "currency": currency,
        "value_date": passed.value_date.isoformat(),
        "to": passed.to,
        "asked_back": passed.amount_minor < 0,
    }
