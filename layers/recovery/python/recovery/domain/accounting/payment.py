"""A recorded payment and the receipt returned for every retry of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from recovery.domain.accounting.loan import NOTHING, Components, Payment, sum_components
from recovery.domain.accounting.position import Position


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """One payment on one loan.

    ``fingerprint`` distinguishes a retry from a different request with the same id. ``receipt`` is
    JSON-ready. A reversed payment stays on record but no longer counts. ``posted_by`` and
    ``reversed_by`` are ids of actors.
    """

    payment: Payment
    loan_id: str
    currency: str
    fingerprint: str
    receipt: Mapping[str, object]
    reference: str | None = None
    reversed_on: date | None = None
    reversal_reason: str | None = None
    posted_by: str | None = None
    posted_at: datetime | None = None
    reversed_by: str | None = None
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A requested payment, not yet recorded."""

    payment: Payment
    loan_id: str
    currency: str
    reference: str | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal requests, whichever channel they came through."""
        payment = self.payment
        same: list[object] = [
            self.loan_id,
            payment.amount_minor,
            self.currency,
            payment.value_date.isoformat(),
            self.reference,
        ]
        if payment.instalment is not None:
            same.append(payment.instalment)
        if payment.payer_kind != "borrower" or payment.payer_id:
            same.append([payment.payer_kind, payment.payer_id])
        return hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]


def allocated_by(before: Position, after: Position) -> Components:
    """Return the change in paid components between two positions of one loan."""
    return sum_components([*after.paid, NOTHING]).less(sum_components([*before.paid, NOTHING]))
