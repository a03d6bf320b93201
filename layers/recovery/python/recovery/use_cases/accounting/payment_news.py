"""What is announced about payments, on the timeline and the event bus."""

from __future__ import annotations

from datetime import date

from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.intake.suspense import Release, Suspended
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.money import Money, to_decimal_text


def posted_news(record: PaymentRecord, state: LoanState, today: date) -> Outbox:
    """Announce a payment on a loan, and that it may be one on record already."""
    links, on = record.links, record.payment.value_date
    text = f"payment of {_money(record)} received{_payer(record)}"
    if links.moved_from:
        text = f"payment of {_money(record)} moved here from loan {links.moved_from.loan_id}"
    elif links.from_suspense:
        text = f"payment of {_money(record)} taken from suspense, {links.from_suspense}"
    elif links.part_of:
        text = f"payment of {_money(record)} received{_payer(record)}, a share of {links.part_of}"
    if links.rest_id:
        text += f"; {Money(links.rest_minor, record.currency)} more in suspense, {links.rest_id}"
    detail = {**_detail(record), "allocated": record.receipt["allocated"]}
    if links.moved_from:
        detail["moved_from"] = links.moved_from._asdict()
    for name in ("part_of", "from_suspense"):
        if value := getattr(links, name):
            detail[name] = value
    entries = [_entry(on, "PaymentPosted", text, record)]
    events = [DomainEvent("PaymentPosted", detail)]
    if links.possible_duplicate_of:
        again = f"may be payment {links.possible_duplicate_of} once more: both count"
        duplicate = {**_detail(record), "possible_duplicate_of": links.possible_duplicate_of}
        entries.append(_entry(on, "PossibleDuplicatePayment", again, record))
        events.append(DomainEvent("PossibleDuplicatePayment", duplicate))
    return _outbox(state, today, entries, events)


def reversed_news(record: PaymentRecord, state: LoanState, today: date) -> Outbox:
    """Announce that a payment does not count any more, or counts on another loan."""
    assert record.reversed_on is not None
    event = DomainEvent("PaymentReversed", _detail(record))
    text = f"payment of {_money(record)} reversed: {record.reversal_reason}"
    if moved_to := record.links.moved_to:
        event = DomainEvent("PaymentMoved", {**_detail(record), "moved_to": moved_to._asdict()})
        text = f"payment of {_money(record)} moved to loan {moved_to.loan_id}"
        text += f": {record.reversal_reason}"
    entry = _entry(record.reversed_on, event.name, text, record)
    return _outbox(state, today, [entry], [event])


def suspended_news(suspended: Suspended, today: date) -> Outbox:
    """Announce money that came into suspense."""
    detail = _suspense_detail(suspended, suspended.amount_minor) | {"why": suspended.why}
    for name in ("loan_id", "part_of", "possible_duplicate_of"):
        if value := getattr(suspended, name):
            detail[name] = value
    event = DomainEvent("PaymentSuspended", detail)
    return Outbox(outbox_id(suspended.version + 1), today, events=(event,))


def released_news(suspended: Suspended, release: Release, today: date) -> Outbox:
    """Announce money that left suspense."""
    detail = _suspense_detail(suspended, release.amount_minor)
    match release.how:
        case "matched":
            assert release.posted_as
            posted_as = release.posted_as._asdict()
            event = DomainEvent("SuspenseMatched", {**detail, "posted_as": posted_as})
        case "refunded":
            event = DomainEvent("SuspenseRefunded", detail)
        case "reversed":
            event = DomainEvent("SuspenseReversed", detail)
    return Outbox(outbox_id(suspended.version + 1), today, events=(event,))


def _outbox(
    state: LoanState, today: date, entries: list[TimelineEntry], events: list[DomainEvent]
) -> Outbox:
    return Outbox(
        outbox_id(state.version + 1), today, timeline=tuple(entries), events=tuple(events)
    )


def _entry(on: date, name: str, text: str, record: PaymentRecord) -> TimelineEntry:
    return TimelineEntry(on, "payment", text, key=f"{name}#{record.payment.payment_id}")


def _detail(record: PaymentRecord) -> dict[str, object]:
    payment = record.payment
    return {
        "loan_id": record.loan_id,
        "payment_id": payment.payment_id,
        "amount": to_decimal_text(payment.amount_minor, record.currency),
        "currency": record.currency,
        "value_date": payment.value_date.isoformat(),
        **({} if payment.payer_kind == "borrower" else {"payer": payment.payer_kind}),
    }


def _suspense_detail(suspended: Suspended, amount_minor: int) -> dict[str, object]:
    return {
        "payment_id": suspended.payment_id,
        "amount": to_decimal_text(amount_minor, suspended.currency),
        "currency": suspended.currency,
        "value_date": suspended.value_date.isoformat(),
    }


def _money(record: PaymentRecord) -> Money:
    return Money(record.payment.amount_minor, record.currency)


def _payer(record: PaymentRecord) -> str:
    """Say who paid where it was not the borrower, such as " from guarantor G-1"."""
    payment = record.payment
    if payment.payer_kind == "borrower":
        return ""
    kind = payment.payer_kind.replace("_", " ")
    return f" from {kind} {payment.payer_id}" if payment.payer_id else f" from {kind}"
