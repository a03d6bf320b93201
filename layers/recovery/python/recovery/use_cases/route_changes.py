"""Route a stored review or payment to cases, messages, the timeline and the event bus."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.contact import QueuedMessage
from recovery.ports.needs import HasBus, HasQueue, HasTimeline
from recovery.ports.shared import DomainEvent
from recovery.use_cases.cases.deliver_signal import SignalPorts, deliver_signal


class RoutingPorts(SignalPorts, HasQueue, HasTimeline, HasBus, Protocol):
    """Everything an outbox may trigger."""


class AnnouncingPorts(HasTimeline, HasBus, Protocol):
    """The loan's timeline and the event bus."""


def route_review(
    institution_id: str,
    loan_id: str,
    outbox: Outbox,
    standing: Standing | None,
    ports: RoutingPorts,
) -> None:
    """Carry out an outbox. Idempotent."""
    ports.timeline.add(loan_id, outbox.timeline)
    if outbox.signal:
        deliver_signal(loan_id, outbox.signal, ports)
    ports.queue.put(
        [
            QueuedMessage(
                message_id=message.message_id(loan_id),
                institution_id=institution_id,
                loan_id=loan_id,
                rule_key=message.rule_key,
                kind=message.kind,
                due_date=message.due_date,
                as_of=outbox.as_of,
                policy_version=outbox.policy_version,
            )
            for message in outbox.messages
        ]
    )
    if outbox.standing_changed and standing:
        ports.bus.publish([_standing_changed(loan_id, outbox, standing)])


def route_payment(record: PaymentRecord, ports: AnnouncingPorts) -> None:
    """Announce a posted or reversed payment on the timeline and the event bus."""
    payment = record.payment
    if record.receipt.get("imported") and not record.reversed_on:
        return  # imported history is not news
    amount = to_decimal_text(payment.amount_minor, record.currency)
    detail: dict[str, object] = {
        "loan_id": record.loan_id,
        "payment_id": payment.payment_id,
        "amount": amount,
        "currency": record.currency,
        "value_date": payment.value_date.isoformat(),
    }
    if record.reversed_on:
        text = f"payment of {amount} {record.currency} reversed: {record.reversal_reason}"
        on, name = record.reversed_on, "PaymentReversed"
    else:
        text = f"payment of {amount} {record.currency} received"
        on, name = payment.value_date, "PaymentPosted"
        detail["allocated"] = record.receipt.get("allocated")
    key = f"{name}#{payment.payment_id}"
    ports.timeline.add(record.loan_id, [TimelineEntry(on, "payment", text, key=key)])
    ports.bus.publish([DomainEvent(name, detail)])


def _standing_changed(loan_id: str, outbox: Outbox, standing: Standing) -> DomainEvent:
    return DomainEvent(
        "StandingChanged",
        {
            "loan_id": loan_id,
            "as_of": outbox.as_of.isoformat(),
            "days_past_due": standing.days_past_due,
            "bucket": standing.bucket,
            "overdue_minor": standing.overdue.total,
            "outstanding_minor": standing.outstanding.total,
            "policy_version": outbox.policy_version,
        },
    )
