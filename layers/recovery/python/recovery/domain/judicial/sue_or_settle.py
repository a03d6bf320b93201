"""Sue, settle, wait or write off: what each may bring, cost and take, as ranges.

Every figure is an assumption that a person can change; none is a forecast. A range's ends come from
the ends of all assumptions, so two options are told apart only where the worst of one is better
than the best of the other. What is left over is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Literal, NamedTuple

from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_MINOR, range_problems
from recovery.domain.shared.rounding import to_multiple

OptionKind = Literal["court", "settlement", "waiting", "write_off"]
Caution = Literal[
    "may_not_sue",
    "may_not_ask",
    "below_minimum_claim",
    "cost_out_of_proportion",
    "prescribes_meanwhile",
    "may_lose_money",
]
MOST_MONTHS = 600
_BARRING: tuple[Caution, ...] = ("may_not_sue", "may_not_ask", "below_minimum_claim")


class Between(NamedTuple):
    """The least and the most that something may be."""

    low: Decimal
    high: Decimal


class MinorBetween(NamedTuple):
    """The least and the most that an amount may be, in minor units."""

    low: int
    high: int


NO_COST = MinorBetween(0, 0)
NOTHING_BACK = Between(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Something that must happen for money to come, in percent: won, accepted, kept, collected."""

    name: str
    percent: Between


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to go on.

    ``amount`` comes if every one of ``chances`` does, after ``months``. ``cost`` is spent anyway,
    ``cost_if_lost`` besides it if the first chance fails, and ``cost_back_pct`` of the cost comes
    back if all goes well.
    """

    name: str
    kind: OptionKind
    amount: MinorBetween
    chances: tuple[Chance, ...]
    months: Between
    cost: MinorBetween = NO_COST
    cost_if_lost: MinorBetween = NO_COST
    cost_back_pct: Between = NOTHING_BACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What holds for every option.

    ``discount_pct`` is what a year's delay costs (simple). Nothing is claimed below
    ``minimum_claim_minor``; a cost over ``most_cost_pct`` of the claim is out of proportion.
    ``prescribes_on`` is the claim's last day, if known; a debt that is barred may not be sued for
    (``may_sue``) nor asked for (``may_ask``).
    """

    as_of: date
    claim_minor: int
    discount_pct: Between
    minimum_claim_minor: int = 0
    most_cost_pct: Decimal = Decimal(100)
    prescribes_on: date | None = None
    may_sue: bool = True
    may_ask: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What an option may bring today, less what it costs; ``cautions`` may rule it out.

    ``better_than`` are the options whose best is worse than its worst.
    """

    option: Option
    recovery: MinorBetween
    cost: MinorBetween
    net: MinorBetween
    cautions: tuple[Caution, ...]
    better_than: tuple[str, ...] = ()

    @property
    def may_be_taken(self) -> bool:
        """Whether the option may be taken at all."""
        return not set(self.cautions) & set(_BARRING)


def outlooks(options: Sequence[Option], frame: Frame) -> tuple[Outlook, ...]:
    """Return the outlook of each option, the best worst case first, those ruled out last."""
    found = [_outlook(each, frame) for each in options]
    found.sort(
        key=lambda each: (not each.may_be_taken, -each.net.low, -each.net.high, each.option.name)
    )
    return tuple(
        Outlook(
            option=each.option,
            recovery=each.recovery,
            cost=each.cost,
            net=each.net,
            cautions=each.cautions,
            better_than=tuple(
                other.option.name
                for other in found
                if each.may_be_taken and other.may_be_taken and each.net.low > other.net.high
            ),
        )
        for each in found
    )


def surely_best(found: Sequence[Outlook]) -> Outlook | None:
    """Return the option that is better than every other open one, whatever comes; None: unsure."""
    open_ones = [each for each in found if each.may_be_taken]
    return next((each for each in open_ones if len(each.better_than) == len(open_ones) - 1), None)


def _outlook(option: Option, frame: Frame) -> Outlook:
    low, high = (
        _recovered(option, frame, best=False),
        _recovered(option, frame, best=True),
    )
    costs = MinorBetween(_cost(option, best=True), _cost(option, best=False))
    net = MinorBetween(low - costs.high, high - costs.low)
    return Outlook(
        option=option,
        recovery=MinorBetween(low, high),
        cost=costs,
        net=net,
        cautions=tuple(_cautions(option, frame, costs, net)),
    )


def _recovered(option: Option, frame: Frame, *, best: bool) -> int:
    """Return what comes on average, worth today, at one end of every assumption."""
    amount, percent = (option.amount.high, 1) if best else (option.amount.low, 0)
    months = option.months.low if best else option.months.high
    discount = frame.discount_pct.low if best else frame.discount_pct.high
    chance = prod(
        (Fraction(each.percent[percent]) / 100 for each in option.chances), start=Fraction(1)
    )
    delay = 1 + Fraction(discount) / 100 * Fraction(months) / 12
    return to_multiple(amount * chance / delay, "half_even")


def _cost(option: Option, *, best: bool) -> int:
    """Return what it costs on average, at one end of every assumption."""
    end = 1 if best else 0
    cost = Fraction(option.cost.low if best else option.cost.high)
    if_lost = option.cost_if_lost.low if best else option.cost_if_lost.high
    chances = [Fraction(each.percent[end]) / 100 for each in option.chances]
    back = prod(chances, start=Fraction(option.cost_back_pct[end])) / 100
    lost = 1 - chances[0] if chances else Fraction(0)
    return to_multiple(cost * (1 - back) + if_lost * lost, "half_even")


def _cautions(
    option: Option, frame: Frame, cost: MinorBetween, net: MinorBetween
) -> Iterator[Caution]:
    if option.kind == "court":
        if not frame.may_sue:
            yield "may_not_sue"
        if frame.claim_minor < frame.minimum_claim_minor:
            yield "below_minimum_claim"
        if cost.high * 100 > frame.claim_minor * Fraction(frame.most_cost_pct):
            yield "cost_out_of_proportion"
    if option.kind == "settlement" and not frame.may_ask:
        yield "may_not_ask"
    if option.kind == "waiting" and frame.prescribes_on is not None:
        until = step(frame.as_of, MONTHLY, int(option.months.high))
        if until > frame.prescribes_on:
            yield "prescribes_meanwhile"
    if net.low < 0:
        yield "may_lose_money"


def option_problems(option: Option) -> Iterator[Problem]:
    """Yield what is wrong with one option; amounts are named with ``_minor``."""
    for field in ("amount", "cost", "cost_if_lost"):
        amounts: MinorBetween = getattr(option, field)
        for end in ("low", "high"):
            yield from range_problems(f"{field}.{end}_minor", getattr(amounts, end), 0, MAX_MINOR)
        yield from _order_problems(field, amounts)
    for index, chance in enumerate(option.chances):
        yield from _percent_problems(f"chances.{index}", chance.percent, Decimal(100))
    yield from _percent_problems("cost_back_pct", option.cost_back_pct, Decimal(100))
    yield from _percent_problems("months", option.months, Decimal(MOST_MONTHS))


def frame_problems(frame: Frame) -> Iterator[Problem]:
    """Yield what is wrong with what holds for every option."""
    yield from _percent_problems("discount_pct", frame.discount_pct, Decimal(1000))
    yield from range_problems("claim_minor", frame.claim_minor, 0, MAX_MINOR)


def _percent_problems(field: str, found: Between, most: Decimal) -> Iterator[Problem]:
    for end in ("low", "high"):
        if not 0 <= getattr(found, end) <= most:
            reason, remedy = f"must be between 0 and {most}", f"Use a number from 0 to {most}"
            yield Problem(f"{field}.{end}", reason, remedy, "out_of_range")
    yield from _order_problems(field, found)


def _order_problems(field: str, found: Between | MinorBetween) -> Iterator[Problem]:
    if found.low > found.high:
        yield Problem(f"{field}.low", "is more than high", "Give the least and the most")
