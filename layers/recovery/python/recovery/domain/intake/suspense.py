"""Money in suspense: it belongs to no loan yet, or may not be kept where it came.

It leaves by a match with a loan or by a refund, both of which a person decides, or because it was
never received. What it was and how it left are facts, never edited: what is left follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from recovery.domain.accounting.loan import PayerKind, Payment
from recovery.domain.accounting.payment import PaymentRef, fingerprint_of
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import Money

Why = Literal["unknown_loan", "other_currency", "surplus", "not_due", "not_ranked", "nothing_owed"]
IN_WORDS: Mapping[Why, str] = {
    "unknown_loan": "no loan on record has the id that came with it",
    "other_currency": "the loan is in another currency",
    "surplus": "nothing more is owed, and it is not kept as credit",
    "not_due": "nothing more is due, and whether it pays early is for the payer to say",
    "not_ranked": "the loans are under different laws or of different creditors, and no rule ranks"
    " all of them: the payer has to say which loan it is for",
    "nothing_owed": "the person owes nothing in this currency",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclaimedPayment:
    """A payment requested for a loan that may not be on record; None if no loan was named."""

    payment: Payment
    currency: str
    loan_id: str | None = None
    reference: str | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal requests, and that of a payment for the same loan."""
        return fingerprint_of(self.payment, self.loan_id, self.currency, self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """How money left suspense: to a loan (``matched``), to the payer, or as never received.

    ``reason`` is what the person wrote; ``by`` is the id of an actor. ``posted_as`` is the payment
    that a match became.
    """

    how: Literal["matched", "refunded", "reversed"]
    amount_minor: int
    on: date
    reason: str
    by: str
    at: datetime
    posted_as: PaymentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """Money in suspense, in minor units of ``currency``.

    ``loan_id`` is the loan that it came with, whether it is on record or not; ``borrower_id`` the
    person it is for, if that was said; ``part_of`` the payment that it is the rest of.
    ``fingerprint`` and ``receipt`` are those of a payment, empty for a rest. ``suspended_by`` is
    the id of an actor. ``version`` counts the writes.
    """

    payment_id: str
    currency: str
    amount_minor: int
    value_date: date
    why: Why
    suspended_by: str
    suspended_at: datetime
    fingerprint: str = ""
    receipt: Mapping[str, object] | None = None
    loan_id: str | None = None
    borrower_id: str | None = None
    part_of: str | None = None
    reference: str | None = None
    payer_kind: PayerKind = "borrower"
    payer_id: str | None = None
    possible_duplicate_of: str | None = None
    releases: tuple[Release, ...] = ()
    version: int = 0

    @property
    def open_minor(self) -> int:
        """What is still in suspense."""
        return self.amount_minor - sum(each.amount_minor for each in self.releases)

    @property
    def state(self) -> str:
        """``in_suspense`` while anything is left, then how the last of it left."""
        return "in_suspense" if self.open_minor else self.releases[-1].how

    def released(self, release: Release) -> Suspended:
        """Return it with this release on record. Raises RefusedError for more than is left."""
        if not self.open_minor:
            last = self.releases[-1]
            reason = f"{self.payment_id} was {last.how} on {last.on}"
            raise RefusedError(Problem("payment_id", reason, "Choose one that is open", "conflict"))
        if not 0 < release.amount_minor <= self.open_minor:
            left = Money(self.open_minor, self.currency)
            reason = f"is not between zero and what is left, {left}"
            remedy = "Leave it out for all of it"
            raise RefusedError(Problem("amount", reason, remedy, "out_of_range"))
        return replace(self, releases=(*self.releases, release))


def balances(suspended: Iterable[Suspended]) -> dict[str, int]:
    """Return what is in suspense by currency, in minor units."""
    totals: dict[str, int] = defaultdict(int)
    for each in suspended:
        totals[each.currency] += each.open_minor
    return {currency: minor for currency, minor in sorted(totals.items()) if minor}
