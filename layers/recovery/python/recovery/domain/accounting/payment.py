"""A recorded payment and the receipt returned for every retry of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from recovery.domain.accounting.loan import NOTHING, Components, Payment, sum_components
from recovery.domain.accounting.position import Position
from recovery.domain.shared.money import to_minor

LONGEST_ID = 64  # as documents/shared/fields.py has it


class PaymentRef(NamedTuple):
    """A payment on a loan, by their ids."""

    loan_id: str
    payment_id: str


@dataclass(frozen=True, slots=True)
class PaymentLinks:
    """Which other records the same money has.

    ``moved_to`` and ``moved_from`` are the payment on the other loan. ``part_of`` is the one
    payment for a person that this is a share of. ``from_suspense`` is the money in suspense that it
    was; ``rest_id`` and ``rest_minor`` are what does not stay on the loan, in suspense too.
    ``possible_duplicate_of`` is an earlier payment that looks the same.
    """

    moved_to: PaymentRef | None = None
    moved_from: PaymentRef | None = None
    part_of: str | None = None
    from_suspense: str | None = None
    rest_id: str | None = None
    rest_minor: int = 0
    possible_duplicate_of: str | None = None


NO_LINKS = PaymentLinks()


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """One payment on one loan.

    ``fingerprint`` distinguishes a retry from a different request with the same id. ``receipt`` is
    JSON-ready. A reversed payment stays on record but no longer counts; one that was moved is
    reversed here and counts on the other loan. ``posted_by`` and ``reversed_by`` are ids of actors.
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
    links: PaymentLinks = NO_LINKS

    @property
    def sent_minor(self) -> int:
        """What the payer sent, with what does not stay on the loan."""
        return self.payment.amount_minor + self.links.rest_minor

    @property
    def is_new_money(self) -> bool:
        """Whether it was posted as it came, and not moved, matched or split off here."""
        links = self.links
        return not (links.moved_from or links.from_suspense or links.part_of)


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
        return fingerprint_of(self.payment, self.loan_id, self.currency, self.reference)


def fingerprint_of(
    payment: Payment, meant_for: object, currency: str, reference: str | None
) -> str:
    """Return a hash that is equal for equal requests; ``meant_for`` is JSON-ready."""
    same: list[object] = [
        meant_for,
        payment.amount_minor,
        currency,
        payment.value_date.isoformat(),
        reference,
    ]
    if payment.instalment is not None:
        same.append(payment.instalment)
    if payment.payer_kind != "borrower" or payment.payer_id:
        same.append([payment.payer_kind, payment.payer_id])
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]


def derived_id(payment_id: str, word: str) -> str:
    """Return the id of what follows from a payment: ``derived_id("P-1", "moved") == "P-1.moved"``.

    A long id is cut and ends in a hash of all of it, so that the result is an id too.
    """
    longest = LONGEST_ID - len(word) - 1
    if len(payment_id) > longest:
        digest = hashlib.sha256(payment_id.encode()).hexdigest()[:12]
        payment_id = f"{payment_id[: longest - 13]}-{digest}"
    return f"{payment_id}.{word}"


def allocated_by(before: Position, after: Position) -> Components:
    """Return the change in paid components between two positions of one loan."""
    return sum_components([*after.paid, NOTHING]).less(sum_components([*before.paid, NOTHING]))


def allocated_in(record: PaymentRecord) -> dict[str, int]:
    """Return where the money went as the receipt says: minor units by component, and ``credit``.

    Empty for a payment that came with a portfolio, which has no receipt.
    """
    allocated = record.receipt.get("allocated")
    if not isinstance(allocated, Mapping):
        return {}
    texts = {**allocated, "credit": record.receipt.get("to_credit", "0")}
    return {name: to_minor(str(text), record.currency) for name, text in texts.items()}
