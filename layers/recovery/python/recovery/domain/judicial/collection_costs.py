"""Costs of collection out of court: the scale, and the letter without which none are owed.

In the Netherlands: Besluit BIK (BWBR0031432) and BW 6:96. Where a country has no scale, none are
claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from recovery.domain.judicial.claim_rules import (
    Capacity,
    ClaimPack,
    ClaimRules,
    CostScaleRule,
    CumulationRule,
    LetterRule,
)
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.business_calendar import WEEKDAYS, BusinessCalendar
from recovery.domain.shared.packs import Rule
from recovery.domain.shared.rounding import to_multiple

Fault = Literal[
    "letter_missing",
    "sent_before_default",
    "term_too_short",
    "term_not_from_the_day_after_receipt",
    "consequence_not_stated",
    "amount_not_stated",
    "amount_too_high",
    "term_running",
    "no_scale",
]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The letter that asks to pay in a last term without costs, as it was written.

    ``received_on`` None: it counts as received on the day that the law presumes. ``term_days`` and
    ``counted_from`` are what it says of the term, ``amount_stated_minor`` the costs that it names.
    """

    sent_on: date
    received_on: date | None = None
    term_days: int = 0
    counted_from: Literal["day_after_receipt", "receipt", "date_of_letter", "not_said"] = "not_said"
    states_consequence: bool = False
    amount_stated_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCosts:
    """Costs charged before on other parts of the same debt."""

    on: date
    principal_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What may be charged on a principal; ``uncapped_minor`` is the scale without its limits."""

    amount_minor: int
    uncapped_minor: int
    rules: tuple[Rule, ...]


def collection_costs(
    principal_minor: int,
    pack: ClaimPack,
    currency: str,
    on: date,
    earlier: Iterable[EarlierCosts] = (),
) -> Costs | None:
    """Return what collecting this principal may cost on this day, without VAT; None: no scale.

    Several claims that one letter asks for are one principal (BW 6:96(7)). What was charged within
    the months of the cumulation rule counts towards what they cost together.
    """

    def scales(rules: ClaimRules) -> Iterator[CostScaleRule]:
        return (each for each in rules.cost_scales if each.currency == currency)

    def cumulations(rules: ClaimRules) -> Iterator[CumulationRule]:
        return (each for each in rules.cumulation if each.currency == currency)

    scale = next(iter(pack.in_force(scales, on)), None)
    if scale is None or scale.confidence == "U":
        return None
    if principal_minor <= 0:
        return Costs(amount_minor=0, uncapped_minor=0, rules=(scale,))
    uncapped = _scaled(scale, principal_minor)
    alone = _within(scale, uncapped)
    small = next(iter(pack.in_force(cumulations, on)), None)
    if small is None or principal_minor > small.up_to_minor:
        return Costs(amount_minor=alone, uncapped_minor=uncapped, rules=(scale,))
    since = step(on, MONTHLY, -small.months)
    before = [
        each
        for each in earlier
        if since <= each.on <= on and each.principal_minor <= small.up_to_minor
    ]
    together = principal_minor + sum(each.principal_minor for each in before)
    most = (
        small.most_minor
        if together <= small.up_to_minor
        else _within(scale, _scaled(scale, together))
    )
    left = max(0, most - sum(each.amount_minor for each in before))
    rules: tuple[Rule, ...] = (scale, small) if left < alone else (scale,)
    return Costs(amount_minor=min(alone, left), uncapped_minor=uncapped, rules=rules)


def vat_minor(amount_minor: int, percent: Decimal | None, pack: ClaimPack, on: date) -> int:
    """Return the VAT on costs, 0 unless the law lets it come on top.

    ``percent`` is given only by a creditor who cannot deduct it, and says so to the debtor.
    """
    if percent is None or not any(
        rule.vat_if_lost for rule in pack.in_force(lambda rules: rules.cost_scales, on)
    ):
        return 0
    return to_multiple(Fraction(amount_minor) * Fraction(percent) / 100, "half_up")


def letter_rule(pack: ClaimPack, capacity: Capacity, on: date) -> LetterRule | None:
    """Return what the law asks before costs are owed in this capacity; None: nothing."""

    def meant(rules: ClaimRules) -> Iterator[LetterRule]:
        return (each for each in rules.letters if each.capacity == capacity)

    return next(iter(pack.in_force(meant, on)), None)


def deemed_received(letter: Letter, rule: LetterRule, holidays: frozenset[date]) -> date:
    """Return the day of receipt: the one known, or else presumed from posting."""
    if letter.received_on is not None:
        return letter.received_on
    closed = frozenset(WEEKDAYS.index(each) for each in rule.no_delivery)
    calendar = BusinessCalendar(weekend=closed, holidays=holidays)
    day = letter.sent_on
    for _ in range(rule.delivery_days):
        day = calendar.roll(day + _DAY, "following")
    return day


def letter_expires(letter: Letter, rule: LetterRule, holidays: frozenset[date]) -> date:
    """Return the last day on which payment costs nothing: the term that the law asks for at least.

    A longer one that the letter gives holds.
    """
    days = max(rule.days, letter.term_days)
    return deemed_received(letter, rule, holidays) + days * _DAY


def letter_faults(letter: Letter, rule: LetterRule, default_on: date) -> tuple[Fault, ...]:
    """Return why the letter makes no costs due; waiting longer repairs nothing.

    ``default_on`` is the first day on which the debtor was late. Whether the amount it states is
    too high, ``states_too_much`` says.
    """
    found: list[Fault] = []
    if letter.sent_on < default_on:
        found.append("sent_before_default")
    if letter.term_days < rule.days:
        found.append("term_too_short")
    if letter.counted_from != "day_after_receipt":
        found.append("term_not_from_the_day_after_receipt")
    if not letter.states_consequence:
        found.append("consequence_not_stated")
    if letter.amount_stated_minor is None:
        found.append("amount_not_stated")
    return tuple(found)


def states_too_much(letter: Letter, lawful_minor: int) -> bool:
    """Whether it states more than the costs could be when it was sent, VAT included."""
    return letter.amount_stated_minor is not None and letter.amount_stated_minor > lawful_minor


def _scaled(scale: CostScaleRule, principal_minor: int) -> int:
    exact, reached = Fraction(), 0
    for band in scale.bands:
        up_to = principal_minor if band.up_to_minor is None else band.up_to_minor
        part = max(0, min(principal_minor, up_to) - reached)
        exact += part * Fraction(band.percent) / 100
        reached = max(reached, up_to)
    return to_multiple(exact, "half_up")


def _within(scale: CostScaleRule, amount_minor: int) -> int:
    return min(max(amount_minor, scale.least_minor), scale.most_minor)
