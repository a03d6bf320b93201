"""The packs' section ``claim``: limitation, lawful interest, and the costs of collection.

What a payment pays first is the section ``lending``'s. A rate on a day is the rule in force on that
day: a rate that has ended still holds for its days, but after its review nobody files on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from recovery.domain.judicial.limitation_rules import (
    InterruptionRule,
    LimitationRule,
    ReachRule,
    SuspensionRule,
    limitation_rule_problems,
)
from recovery.domain.judicial.rules import JudicialRule
from recovery.domain.shared.business_calendar import Weekday
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, MAX_MINOR, range_problems
from recovery.domain.shared.packs import Pack, Rule, overlap_problems

Capacity = Literal["consumer", "business"]
RateName = Literal["statutory", "commercial", "procedural"]
HIGHEST_PERCENT = Decimal(100)
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRule(Rule):
    """A rate that the law sets, in percent a year.

    ``statutory`` runs on what is overdue where no other rate does, ``commercial`` on what a
    business owes under a commercial contract, ``procedural`` from a judgment on what it awards.
    Either ``annual_pct`` is given or ``over_statutory_points``. ``compounds``: each year's interest
    bears interest from then on. ``runs_from`` is the due date or the first demand with proof.
    ``higher_agreed_continues``: a higher ordinary rate goes on instead.
    """

    rate: RateName
    annual_pct: Decimal | None = None
    over_statutory_points: Decimal | None = None
    compounds: Literal["never", "yearly"] = "never"
    runs_from: Literal["due", "demand"] = "due"
    higher_agreed_continues: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRateRule(JudicialRule):
    """How high a late rate that was agreed may be; without a limit it holds as agreed.

    ``home_mortgage``: the loan is secured on the home. ``consumer_credit_only``: of other debts the
    rule says nothing. If the agreed rate is over the limit, either
    it falls away and the ordinary one goes on (``ordinary_continues``), or it is ``reduced`` to it.
    """

    capacity: Capacity
    home_mortgage: bool = False
    consumer_credit_only: bool = False
    most_over_ordinary_points: Decimal | None = None
    most_over_statutory_points: Decimal | None = None
    if_over: Literal["ordinary_continues", "reduced"] = "ordinary_continues"


@dataclass(frozen=True, slots=True)
class CostBand:
    """A percentage of the next part of the principal, up to ``up_to_minor``; None: of all above."""

    percent: Decimal
    up_to_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostScaleRule(JudicialRule):
    """What collection out of court may cost, by the principal; VAT is not part of it.

    ``vat_if_lost``: value added tax comes on top if the creditor cannot deduct it and says so.
    """

    currency: str
    bands: tuple[CostBand, ...]
    least_minor: int
    most_minor: int
    vat_if_lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CumulationRule(JudicialRule):
    """Small principals that fall due within ``months`` cost no more together than one would.

    Together up to ``up_to_minor`` they cost ``most_minor`` at most.
    """

    currency: str
    months: int
    up_to_minor: int
    most_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRule(JudicialRule):
    """The letter without which a debtor in this capacity owes no costs of collection.

    It leaves ``days`` to pay without costs, from the day after receipt. A letter counts as received
    on the ``delivery_days``-th day after posting, without ``no_delivery`` weekdays and holidays.
    """

    capacity: Capacity
    days: int
    delivery_days: int
    no_delivery: tuple[Weekday, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """What one country's file holds."""

    limitation: tuple[LimitationRule, ...] = ()
    interruptions: tuple[InterruptionRule, ...] = ()
    reach: tuple[ReachRule, ...] = ()
    suspensions: tuple[SuspensionRule, ...] = ()
    rates: tuple[RateRule, ...] = ()
    late_rates: tuple[LateRateRule, ...] = ()
    cost_scales: tuple[CostScaleRule, ...] = ()
    cumulation: tuple[CumulationRule, ...] = ()
    letters: tuple[LetterRule, ...] = ()


ClaimPack = Pack[ClaimRules]
P = TypeVar("P", bound=Rule)


def vouched(rule: Rule, as_of: date) -> bool:
    """Whether somebody verified the rule and it is not past its review.

    Unlike ``may_permit`` also of a rule that has ended: its days stay as they were.
    """
    return rule.confidence != "U" and as_of <= rule.review_by


def claim_rule_problems(rules: ClaimRules) -> Iterator[Problem]:
    """Yield what is wrong with a file's rules besides their ids and dates (``rule_problems``)."""
    yield from limitation_rule_problems(
        rules.limitation, rules.interruptions, rules.reach, rules.suspensions
    )
    for path, rate in _paths("rates", rules.rates):
        for problem in _rate_problems(rate):
            yield problem.within(path)
    for path, late in _paths("late_rates", rules.late_rates):
        for field in ("most_over_ordinary_points", "most_over_statutory_points"):
            yield from _percent_problems(f"{path}.{field}", getattr(late, field))
    for path, scale in _paths("cost_scales", rules.cost_scales):
        for problem in _scale_problems(scale):
            yield problem.within(path)
    for path, small in _paths("cumulation", rules.cumulation):
        yield from _currency_problems(f"{path}.currency", small.currency)
        yield from range_problems(f"{path}.months", small.months, 1, 120)
        yield from range_problems(f"{path}.up_to_minor", small.up_to_minor, 1, MAX_MINOR)
        yield from range_problems(f"{path}.most_minor", small.most_minor, 0, MAX_MINOR)
    for path, letter in _paths("letters", rules.letters):
        yield from range_problems(f"{path}.days", letter.days, 1, MAX_DAYS)
        yield from range_problems(f"{path}.delivery_days", letter.delivery_days, 0, 60)
        if len(set(letter.no_delivery)) == 7:
            yield Problem(f"{path}.no_delivery", "has every day", "Leave out one at least")
    yield from _alike(rules)


def _rate_problems(rule: RateRule) -> Iterator[Problem]:
    yield from _percent_problems("annual_pct", rule.annual_pct)
    yield from _percent_problems("over_statutory_points", rule.over_statutory_points)
    if (rule.annual_pct is None) is (rule.over_statutory_points is None):
        reason = "and over_statutory_points must not be both given, or both missing"
        yield Problem("annual_pct", reason, "Give the one that the law states")
    if rule.rate == "statutory" and rule.over_statutory_points is not None:
        reason = "means nothing for the statutory rate"
        yield Problem("over_statutory_points", reason, "Give annual_pct")


def _scale_problems(rule: CostScaleRule) -> Iterator[Problem]:
    yield from _currency_problems("currency", rule.currency)
    if not rule.bands or rule.bands[-1].up_to_minor is not None:
        reason = "must end with one that has no up_to_minor"
        yield Problem("bands", reason, "Say what the largest principals cost")
    reached = 0
    for index, band in enumerate(rule.bands):
        yield from _percent_problems(f"bands.{index}.percent", band.percent)
        if band.up_to_minor is None:
            if index < len(rule.bands) - 1:
                yield Problem(f"bands.{index}.up_to_minor", "is missing", "Say how far it goes")
        elif band.up_to_minor <= reached:
            remedy = "Order the bands by principal"
            yield Problem(f"bands.{index}.up_to_minor", f"must be above {reached}", remedy)
        else:
            reached = band.up_to_minor
    yield from range_problems("least_minor", rule.least_minor, 0, MAX_MINOR)
    yield from range_problems("most_minor", rule.most_minor, rule.least_minor, MAX_MINOR)


def _alike(rules: ClaimRules) -> Iterator[Problem]:
    yield from overlap_problems(
        _paths("rates", rules.rates),
        lambda one, other: one.id != other.id and one.rate == other.rate,
        "the same rate",
    )
    yield from overlap_problems(
        _paths("late_rates", rules.late_rates),
        lambda one, other: (
            one.id != other.id
            and (one.capacity, one.home_mortgage) == (other.capacity, other.home_mortgage)
        ),
        "the same capacity and security",
    )
    yield from overlap_problems(
        _paths("cost_scales", rules.cost_scales),
        lambda one, other: one.id != other.id and one.currency == other.currency,
        "the same currency",
    )
    yield from overlap_problems(
        _paths("cumulation", rules.cumulation),
        lambda one, other: one.id != other.id and one.currency == other.currency,
        "the same currency",
    )
    yield from overlap_problems(
        _paths("letters", rules.letters),
        lambda one, other: one.id != other.id and one.capacity == other.capacity,
        "the same capacity",
    )


def _percent_problems(field: str, percent: Decimal | None) -> Iterator[Problem]:
    if percent is not None and not 0 <= percent <= HIGHEST_PERCENT:
        remedy = f"Use a number from 0 to {HIGHEST_PERCENT}"
        yield Problem(field, f"must be between 0 and {HIGHEST_PERCENT}", remedy, "out_of_range")


def _currency_problems(field: str, currency: str) -> Iterator[Problem]:
    if not _CURRENCY.fullmatch(currency):
        yield Problem(field, "is not a currency", "Use an ISO 4217 code in capitals, such as EUR")


def _paths(name: str, rules: Iterable[P]) -> list[tuple[str, P]]:
    return [(f"{name}.{index}", each) for index, each in enumerate(rules)]
