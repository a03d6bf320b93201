"""Payments wherever their money is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.intake.suspense import Suspended
from recovery.domain.outbox import Outbox
from recovery.ports.payments import KnownPayment
from tests.fakes.loans import FakeLoanRepository


class FakePaymentRepository:
    """Finds what a FakeLoanRepository has."""

    def __init__(self, loans: FakeLoanRepository) -> None:
        self._loans = loans

    def find(self, payment_id: str) -> KnownPayment | None:
        loans = self._loans
        known = loans.find_payment(payment_id) or loans.splits.get(payment_id)
        return known or loans.suspended.get(payment_id)

    def of_day(
        self, value_date: date, after: str | None = None
    ) -> Iterator[PaymentRecord | Suspended]:
        loans = self._loans
        found: dict[str, PaymentRecord | Suspended] = {
            each.payment.payment_id: each
            for each in loans._payments.values()
            if each.payment.value_date == value_date
        }
        found |= {
            each.payment_id: each
            for each in loans.suspended.values()
            if each.value_date == value_date
        }
        yield from (found[each] for each in sorted(found) if each > (after or ""))


class FakeSuspenseRepository:
    """The money in suspense of a FakeLoanRepository."""

    def __init__(self, loans: FakeLoanRepository) -> None:
        self._loans = loans
        self.sent_again: list[str] = []

    def find(self, payment_id: str) -> Suspended | None:
        return self._loans.suspended.get(payment_id)

    def open_items(self) -> list[Suspended]:
        found = (each for each in self._loans.suspended.values() if each.open_minor)
        return sorted(found, key=lambda each: (each.value_date, each.payment_id))

    def outboxes(self, payment_id: str) -> list[Outbox]:
        waiting = self._loans.waiting_money.get(payment_id, {})
        return [waiting[each] for each in sorted(waiting)]

    def acknowledge(self, payment_id: str, outbox_ids: Sequence[str]) -> None:
        for each in outbox_ids:
            self._loans.waiting_money.get(payment_id, {}).pop(each, None)

    def waiting_ids(self, before: date) -> list[str]:
        waiting = self._loans.waiting_money.items()
        return [
            payment_id
            for payment_id, outboxes in waiting
            if any(outbox.as_of < before for outbox in outboxes.values())
        ]

    def send_again(self, payment_id: str) -> None:
        self.sent_again.append(payment_id)


def use(wiring: Any, loans: FakeLoanRepository) -> None:
    """Let the wiring have these loans, with their payments and money in suspense."""
    wiring.loans = loans
    wiring.payments, wiring.suspense = FakePaymentRepository(loans), FakeSuspenseRepository(loans)
