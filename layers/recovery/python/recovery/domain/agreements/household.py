"""What a household lives on and owes, as told and seen: what repayment capacity is judged by.

Amounts are by calendar month, January first, so that seasons count. Nothing here tells sex, health,
religion, origin or opinions of anybody: earners are numbers, and there is no free text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_MINOR, range_problems

MONTHS = 12
Months = tuple[int, ...]  # minor units of each calendar month, January first
Evidence = Literal["verified", "documented", "observed", "declared", "unknown"]
Source = Literal["wage", "casual", "farm", "remittance", "pension", "benefit", "rent", "other"]
NO_MONTHS: Months = (0,) * MONTHS
_MOST_PEOPLE = 50
_MOST_LINES = 50  # of one kind
_LAST_DAY = 31


class Range(NamedTuple):
    """The careful end, from what is proven alone; and the end if everything told is true."""

    proven: int
    believed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What one earner brings home after tax. ``pay_day``: the day of the month on which it comes.

    verified: from the payer or the bank itself; documented: slips, statements or books; observed:
    seen by an officer on a visit; declared: told; unknown: guessed. The policy says which count as
    proven.
    """

    source: Source
    by_month: Months
    evidence: Evidence
    earner: int = 1
    pay_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A business of the household: what it sells, and all that this costs, owner's pay left out."""

    sales_by_month: Months
    costs_by_month: Months
    evidence: Evidence
    earner: int = 1
    pay_day: int | None = None

    @property
    def result_by_month(self) -> Months:
        """Sales less costs; negative in a month of loss."""
        rows = zip(self.sales_by_month, self.costs_by_month, strict=True)
        return tuple(sales - costs for sales, costs in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDebt:
    """Instalments on a debt that the person told of; ``with_us``: it is one of our own loans."""

    by_month: Months
    with_us: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BureauFigure:
    """A month's instalments by the credit bureau; ``includes_ours``: our own loans are in it."""

    instalments_minor: int
    includes_ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLoan:
    """The instalments of a loan of ours, from our own books."""

    loan_id: str
    by_month: Months


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """A month's instalments of another's loan that the person secures; ``called``: it is paid."""

    instalments_minor: int
    called: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One household's money. ``expenses_by_month`` None: nobody knows what life costs it.

    Savings and collateral say what there is to fall back on; neither pays an instalment, so neither
    counts as income.
    """

    currency: str
    adults: int = 1
    children: int = 0
    incomes: tuple[Income, ...] = ()
    businesses: tuple[Business, ...] = ()
    expenses_by_month: Months | None = None
    debts: tuple[DeclaredDebt, ...] = ()
    bureau: BureauFigure | None = None
    own_loans: tuple[OwnLoan, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    savings_minor: int = 0
    collateral_minor: int = 0

    @property
    def earners(self) -> int:
        """How many bring money home."""
        return len({e.earner for e in self.incomes} | {e.earner for e in self.businesses})


def steady(amount_minor: int) -> Months:
    """Return the same amount for every month."""
    return (amount_minor,) * MONTHS


def month_by_month(rows: Iterator[Months]) -> Months:
    """Add up amounts month by month."""
    return tuple(map(sum, zip(NO_MONTHS, *rows, strict=True)))


def household_problems(household: Household) -> Iterator[Problem]:
    """Yield everything that cannot be true of a household."""
    yield from range_problems("adults", household.adults, 1, _MOST_PEOPLE)
    yield from range_problems("children", household.children, 0, _MOST_PEOPLE)
    for name in ("savings_minor", "collateral_minor"):
        yield from range_problems(name, getattr(household, name), 0, MAX_MINOR)
    if household.expenses_by_month is not None:
        yield from _month_problems("expenses_by_month", household.expenses_by_month)
    for name in ("incomes", "businesses", "debts", "own_loans", "guarantees"):
        lines = getattr(household, name)
        yield from range_problems(name, len(lines), 0, _MOST_LINES)
        for index, line in enumerate(lines):
            for problem in _line_problems(line):
                yield problem.within(f"{name}.{index}")
    if household.bureau is not None:
        for problem in _line_problems(household.bureau):
            yield problem.within("bureau")


def _line_problems(line: object) -> Iterator[Problem]:
    for each in fields(line):  # type: ignore[arg-type]
        value = getattr(line, each.name)
        if each.name.endswith("by_month"):
            yield from _month_problems(each.name, value)
        elif each.name.endswith("_minor"):
            yield from range_problems(each.name, value, 0, MAX_MINOR)
        elif each.name == "earner":
            yield from range_problems(each.name, value, 1, _MOST_PEOPLE)
        elif each.name == "pay_day" and value is not None:
            yield from range_problems(each.name, value, 1, _LAST_DAY)


def _month_problems(field: str, months: Months) -> Iterator[Problem]:
    if len(months) != MONTHS:
        reason = f"has {len(months)} amounts"
        yield Problem(field, reason, "Give twelve, January first", "out_of_range")
    for amount_minor in months:
        yield from range_problems(field, amount_minor, 0, MAX_MINOR)
