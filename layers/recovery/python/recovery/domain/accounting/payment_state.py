"""What has become of a payment on a loan."""

from __future__ import annotations

from typing import Literal

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.history import Chargeback
from recovery.domain.accounting.payment import PaymentRecord

PaymentState = Literal[
    "counted", "passed_on", "partly_charged_back", "charged_back", "reversed", "moved"
]


def charged_back_minor(payment_id: str, recorded: Recorded) -> int:
    """Return how much of the payment its payer's bank took back, in minor units."""
    facts = (each.fact for each in recorded.counting())
    return sum(
        fact.amount_minor
        for fact in facts
        if isinstance(fact, Chargeback) and fact.payment_id == payment_id
    )


def state_of(
    record: PaymentRecord, back_minor: int = 0, *, is_passed_on: bool = False
) -> PaymentState:
    """Return the payment's state, given how much of it was charged back.

    ``is_passed_on``: its money belongs to an owner outside; it counts all the same.
    """
    if record.links.moved_to:
        return "moved"
    if record.reversed_on:
        return "reversed"
    if not back_minor:
        return "passed_on" if is_passed_on else "counted"
    return "charged_back" if back_minor >= record.payment.amount_minor else "partly_charged_back"
