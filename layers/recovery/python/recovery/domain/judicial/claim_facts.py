"""What a claim is calculated from: the parts of the debt, what was agreed, paid and disputed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from recovery.domain.judicial.collection_costs import EarlierCosts, Letter
from recovery.domain.judicial.lawful_rates import AgreedRates
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_MINOR, range_problems

Year = Literal["calendar", "365", "360"]
LeftOut = Literal["disputed", "time_barred", "not_claimed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPart:
    """An instalment, or the rest of the principal once the loan is called in.

    ``interest_minor`` is ordinary interest that the schedule has in it. With
    ``ordinary_from`` ordinary interest also runs on the principal after that day, until
    ``due_on``. ``disputed_minor`` is left out, principal first, and all of it with ``left_out``.
    """

    part: str
    due_on: date
    principal_minor: int
    interest_minor: int = 0
    ordinary_from: date | None = None
    disputed_minor: int = 0
    left_out: LeftOut | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPayment:
    """Money received, from its value date; ``part`` is the one that the payer named."""

    payment_id: str
    on: date
    amount_minor: int
    part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardedCosts:
    """Costs that a court awarded, owed from the day of its decision; ``basis`` names it."""

    on: date
    amount_minor: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The costs of collection out of court that are asked for.

    ``on`` is the day from which they are, where the law asks for no letter. ``vat_pct`` is given
    only if the creditor cannot deduct the tax and says so.
    """

    letter: Letter | None = None
    on: date | None = None
    vat_pct: Decimal | None = None
    earlier: tuple[EarlierCosts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """Everything that the amount follows from.

    ``demanded_on`` is the first demand with proof. From ``judged_on``, the day of the first
    decision, procedural interest runs on all that it awards. ``year``: by how many days a year's
    interest is divided; "calendar" is 366 in a leap year.
    """

    currency: str
    parts: tuple[ClaimPart, ...]
    agreed: AgreedRates
    payments: tuple[ClaimPayment, ...] = ()
    awarded: tuple[AwardedCosts, ...] = ()
    collection: Collection | None = None
    demanded_on: date | None = None
    judged_on: date | None = None
    year: Year = "calendar"


def claim_problems(facts: ClaimFacts) -> Iterator[Problem]:
    """Yield everything wrong with the facts; amounts are named with ``_minor``."""
    if not facts.parts:
        yield Problem("parts", "are missing", "Give what is claimed, part by part", "missing")
    seen: set[str] = set()
    for index, part in enumerate(facts.parts):
        for problem in _part_problems(part):
            yield problem.within(f"parts.{index}")
        if part.part in seen:
            reason = f"{part.part[:40]!r} is used twice"
            yield Problem(f"parts.{index}.part", reason, "Number each part once", "duplicate")
        seen.add(part.part)
    ids: set[str] = set()
    for index, payment in enumerate(facts.payments):
        path = f"payments.{index}"
        yield from range_problems(f"{path}.amount_minor", payment.amount_minor, 1, MAX_MINOR)
        if payment.part is not None and payment.part not in seen:
            reason = f"there is no part {payment.part[:40]!r}"
            yield Problem(f"{path}.part", reason, "Use the part's number, or leave it out")
        if payment.payment_id in ids:
            reason = f"{payment.payment_id[:40]!r} is used twice"
            yield Problem(f"{path}.id", reason, "Give each payment once", "duplicate")
        ids.add(payment.payment_id)
    if facts.agreed.commercial and facts.agreed.capacity != "business":
        reason = "means nothing for a consumer"
        yield Problem("agreed.commercial", reason, "Leave it out, or say business")


def _part_problems(part: ClaimPart) -> Iterator[Problem]:
    for field in ("principal_minor", "interest_minor"):
        yield from range_problems(field, getattr(part, field), 0, MAX_MINOR)
    most = part.principal_minor + part.interest_minor
    if not 0 <= part.disputed_minor <= most:
        reason = "is more than the part's principal and interest"
        yield Problem("disputed_minor", reason, "Give what of it is disputed", "out_of_range")
    if part.ordinary_from is not None and part.ordinary_from >= part.due_on:
        reason = f"is not before due_on, {part.due_on}"
        yield Problem("ordinary_from", reason, "Give the day until which interest was charged")
