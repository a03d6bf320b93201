"""Payments wherever their money is, and money in suspense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.intake.suspense import Suspended
from recovery.domain.outbox import Outbox

KnownPayment = PaymentRecord | SplitPayment | Suspended


@dataclass(frozen=True, slots=True)
class SuspenseChange:
    """Money that comes into suspense, or what changed about it, with what is to be announced.

    ``suspended`` has the version it was loaded with, 0 if it is new, and is stored one higher.
    """

    suspended: Suspended
    outbox: Outbox


class PaymentRepository(Protocol):
    """Finds the payments of one institution; they are stored with the loans they are for."""

    def find(self, payment_id: str) -> KnownPayment | None:
        """Find the payment on a loan, the split one, or the money in suspense with this id."""

    def of_day(
        self, value_date: date, after: str | None = None
    ) -> Iterator[PaymentRecord | Suspended]:
        """List the payments of this value date by id, or those after one.

        Of a split payment its shares and its rest; the list may lag behind by seconds.
        """


class SuspenseRepository(Protocol):
    """Stores one institution's money in suspense."""

    def find(self, payment_id: str) -> Suspended | None: ...
    def open_items(self) -> list[Suspended]:
        """List what is in suspense, oldest value date first; may lag behind by seconds."""

    def outboxes(self, payment_id: str) -> list[Outbox]:
        """List what is to be announced, in order; [] if there is nothing."""

    def acknowledge(self, payment_id: str, outbox_ids: Sequence[str]) -> None:
        """Forget outboxes that were carried out. Idempotent."""

    def waiting_ids(self, before: date) -> list[str]:
        """Find money of which something decided before this date is not announced yet."""

    def send_again(self, payment_id: str) -> None:
        """Let the stream deliver its outboxes once more, if any wait."""
