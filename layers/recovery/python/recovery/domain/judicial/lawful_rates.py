"""Which rate of interest the law lets run on what is overdue, on each day, and by which rule.

Never more than the contract says, nor than the law allows. Where no verified rule says what is
lawful, nothing runs, and the reason is given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from recovery.domain.judicial.claim_rules import (
    Capacity,
    ClaimPack,
    ClaimRules,
    LateRateRule,
    RateName,
    RateRule,
)
from recovery.domain.shared.packs import Rule

NoRate = Literal[
    "no_statutory_rate",
    "no_rule_for_late_rate",
    "ordinary_rate_unknown",
    "ordinary_rate_over_limit",
    "no_procedural_rate",
    "no_demand",
]
Because = Literal[
    "late_rate_agreed",
    "late_rate_reduced",
    "surcharge_falls_away",
    "ordinary_rate_continues",
    "ordinary_rate_agreed",
    "set_by_law",
]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRates:
    """What the contract says, in percent a year; ``late_pct`` is the whole rate, not a surcharge.

    None: not agreed. ``commercial``: a commercial contract between businesses, which a loan is not.
    """

    capacity: Capacity = "consumer"
    ordinary_pct: Decimal | None = None
    late_pct: Decimal | None = None
    home_mortgage: bool = False
    commercial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LawfulRate:
    """The rate that runs on a day, why it is this one, and the rules that say so."""

    annual_pct: Decimal
    because: Because
    rules: tuple[Rule, ...]
    compounds: bool = False
    from_demand: bool = False


def lawful_rate(agreed: AgreedRates, pack: ClaimPack, on: date) -> LawfulRate | NoRate:
    """Return the rate on overdue principal on this day, or why none runs."""
    if agreed.late_pct is not None:
        return _agreed_late_rate(agreed, agreed.late_pct, pack, on)
    name: RateName = "commercial" if agreed.commercial else "statutory"
    found = _legal(pack, name, on)
    if found is None:
        return "no_statutory_rate"
    rule, annual_pct, rules = found
    ordinary_pct = agreed.ordinary_pct
    if rule.higher_agreed_continues and ordinary_pct is not None and ordinary_pct > annual_pct:
        limit = rate_limit(agreed, pack, on)
        if isinstance(limit, str):
            return limit
        if limit.most_pct is not None and ordinary_pct > limit.most_pct:
            return "ordinary_rate_over_limit"
        return LawfulRate(
            annual_pct=ordinary_pct, because="ordinary_rate_continues", rules=(*rules, *limit.rules)
        )
    return LawfulRate(
        annual_pct=annual_pct,
        because="set_by_law",
        rules=rules,
        compounds=rule.compounds == "yearly",
        from_demand=rule.runs_from == "demand",
    )


def ordinary_rate(agreed: AgreedRates, pack: ClaimPack, on: date) -> LawfulRate | NoRate:
    """Return the ordinary rate on what is not due yet, or why it is not claimed.

    It holds as agreed, unless the law limits what credit may cost in all.
    """
    if agreed.ordinary_pct is None:
        return "ordinary_rate_unknown"
    limit = rate_limit(agreed, pack, on)
    if limit == "no_rule_for_late_rate":
        return LawfulRate(annual_pct=agreed.ordinary_pct, because="ordinary_rate_agreed", rules=())
    if isinstance(limit, str):
        return limit
    if limit.most_pct is not None and agreed.ordinary_pct > limit.most_pct:
        return "ordinary_rate_over_limit"
    return LawfulRate(
        annual_pct=agreed.ordinary_pct, because="ordinary_rate_agreed", rules=limit.rules
    )


def procedural_rate(pack: ClaimPack, on: date) -> LawfulRate | NoRate:
    """Return the rate that a judgment of before this day adds, or that none is known."""
    found = _legal(pack, "procedural", on)
    if found is None:
        return "no_procedural_rate"
    _, annual_pct, rules = found
    return LawfulRate(annual_pct=annual_pct, because="set_by_law", rules=rules)


def last_days(pack: ClaimPack) -> frozenset[date]:
    """Return the days after which another rule on interest may be in force."""
    return frozenset(
        day
        for section in (pack.own, pack.careful)
        if section is not None
        for rule in (*section.rates, *section.late_rates)
        for day in (rule.valid_from - _DAY, rule.valid_to)
        if day is not None
    )


class RateTable:
    """The rates on what is overdue, looked up once between two days on which rules change."""

    def __init__(self, agreed: AgreedRates, pack: ClaimPack) -> None:
        self.agreed, self.pack = agreed, pack
        self.changes = sorted(last_days(pack))
        self._known: dict[int, tuple[LawfulRate | NoRate, LawfulRate | NoRate]] = {}

    def on(self, day: date) -> tuple[LawfulRate | NoRate, LawfulRate | NoRate]:
        """Return the rate that runs on this day, and the one that a judgment before it adds."""
        stretch = bisect_left(self.changes, day)
        if stretch not in self._known:
            rate = lawful_rate(self.agreed, self.pack, day)
            self._known[stretch] = rate, procedural_rate(self.pack, day)
        return self._known[stretch]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How high a rate may be; None: as agreed. ``rule`` says so, resting on ``rules``."""

    most_pct: Decimal | None
    rules: tuple[Rule, ...]
    rule: LateRateRule


def _agreed_late_rate(
    agreed: AgreedRates, late_pct: Decimal, pack: ClaimPack, on: date
) -> LawfulRate | NoRate:
    limit = rate_limit(agreed, pack, on)
    if isinstance(limit, str):
        return limit
    if limit.most_pct is None or late_pct <= limit.most_pct:
        return LawfulRate(annual_pct=late_pct, because="late_rate_agreed", rules=limit.rules)
    if limit.rule.if_over == "reduced":
        return LawfulRate(annual_pct=limit.most_pct, because="late_rate_reduced", rules=limit.rules)
    if agreed.ordinary_pct is None:
        return "ordinary_rate_unknown"
    if agreed.ordinary_pct > limit.most_pct:
        return "ordinary_rate_over_limit"
    return LawfulRate(
        annual_pct=agreed.ordinary_pct, because="surcharge_falls_away", rules=limit.rules
    )


def rate_limit(agreed: AgreedRates, pack: ClaimPack, on: date) -> RateLimit | NoRate:
    """Return how high a rate may be on this day, or why that is not known."""

    def meant(rules: ClaimRules) -> Iterator[LateRateRule]:
        return (
            each
            for each in rules.late_rates
            if (each.capacity, each.home_mortgage) == (agreed.capacity, agreed.home_mortgage)
        )

    rule = next(iter(pack.in_force(meant, on)), None)
    if rule is None or rule.confidence == "U":
        return "no_rule_for_late_rate"
    rules: tuple[Rule, ...] = (rule,)
    most: list[Decimal] = []
    if rule.most_over_ordinary_points is not None:
        if agreed.ordinary_pct is None:
            return "ordinary_rate_unknown"
        most.append(agreed.ordinary_pct + rule.most_over_ordinary_points)
    if rule.most_over_statutory_points is not None:
        legal = _legal(pack, "statutory", on)
        if legal is None:
            return "no_statutory_rate"
        most.append(legal[1] + rule.most_over_statutory_points)
        rules += legal[2]
    return RateLimit(min(most, default=None), rules, rule)


def _legal(
    pack: ClaimPack, name: RateName, on: date
) -> tuple[RateRule, Decimal, tuple[Rule, ...]] | None:
    """Return the rule in force with its rate in percent and all rules it rests on."""

    def of_name(rules: ClaimRules) -> Iterator[RateRule]:
        return (each for each in rules.rates if each.rate == name)

    rule = next(iter(pack.in_force(of_name, on)), None)
    if rule is None or rule.confidence == "U":
        return None
    if rule.annual_pct is not None:
        return rule, rule.annual_pct, (rule,)
    base = _legal(pack, "statutory", on)
    if base is None or rule.over_statutory_points is None:
        return None
    return rule, base[1] + rule.over_statutory_points, (rule, *base[2])
