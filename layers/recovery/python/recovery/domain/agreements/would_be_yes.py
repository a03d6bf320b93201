"""What would make a loan fit: another amount, term, frequency or due day, or more income proven.

Everything proposed here was measured by the same engine as what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import reduce
from math import gcd
from typing import Literal

from recovery.domain.agreements.asked import Asked, asked_by_terms, payments_of
from recovery.domain.agreements.capacity import (
    Capacity,
    average,
    by_month_of,
    counted_income,
    most_level,
    shortage,
)
from recovery.domain.agreements.capacity_rules import CapacityTerms
from recovery.domain.agreements.cash_flow import CashFlow
from recovery.domain.agreements.household import MONTHS, Household, Months
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.schedules.terms import Terms
from recovery.domain.shared.errors import RefusedError

_ALL_PERCENT = 100
_LAST_SAFE_DAY = 28  # every month has it
_WEEK_DAYS = 7
_FINEST_SHARE = 1000  # of a seasonal schedule: shares need not be exact to the cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change that alone makes the loan fit, or that fits it better (due_day), or that has to
    be known first (living_costs).

    instalment: up to ``amount_minor``; income: so much more a month to be proven; amount: a loan of
    at most that; term: ``instalments`` of at most ``amount_minor``; frequency: instalments each
    ``every`` months; months: principal is paid in these ``months`` only; due_day: that ``day`` of
    the month. ``total_minor``: what is paid in all.
    """

    kind: Literal[
        "living_costs", "instalment", "income", "amount", "term", "frequency", "months", "due_day"
    ]
    amount_minor: int = 0
    instalments: int = 0
    every: int = 0
    day: int = 0
    months: tuple[int, ...] = ()
    total_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a change is measured by: both ends of the capacity, and what they follow from."""

    careful: Capacity
    believed: Capacity
    flow: CashFlow
    terms: CapacityTerms
    own: Months

    def fits(self, asked: Asked) -> bool:
        """Whether it fits what is proven."""
        return shortage(self.careful, asked.payments, asked.on, self.own) is None

    def might_fit(self, asked: Asked) -> bool:
        """Whether it fits if everything told is true."""
        return shortage(self.believed, asked.payments, asked.on, self.own) is None


def changes(asked: Asked, measure: Measure, longest: int) -> Iterator[Change]:
    """Yield what would make it fit; ``longest``: the most instalments of a longer term."""
    if measure.fits(asked):
        return
    if measure.flow.living is None:
        yield Change(kind="living_costs")
        # What the caps leave is known all the same.
        measure = replace(measure, careful=_without_living(measure))
    level_minor = most_level(measure.careful, asked.dates, asked.on, measure.own)
    if 0 < level_minor < asked.instalment_minor:
        yield Change(kind="instalment", amount_minor=level_minor)
    yield from _income(asked, measure)
    if asked.terms is not None:
        yield from _amount(asked.terms, measure)
        yield from _term(asked.terms, measure, longest)
        yield from _frequency(asked.terms, measure)
        yield from _months(asked.terms, measure)


def due_day(household: Household, proven: frozenset[str]) -> int | None:
    """Return the day after the largest income comes, proven ones first; None if none has a day."""
    lines = [(e.by_month, e.evidence, e.pay_day) for e in household.incomes]
    lines += [(e.result_by_month, e.evidence, e.pay_day) for e in household.businesses]
    dated = [
        (evidence in proven, sum(months), -pay_day)
        for months, evidence, pay_day in lines
        if pay_day is not None and sum(months) > 0
    ]
    if not dated:
        return None
    pay_day = -max(dated)[2]
    return pay_day + 1 if pay_day < _LAST_SAFE_DAY else 1


def fitted_due_day(asked: Asked, household: Household, proven: frozenset[str]) -> Change | None:
    """Return the due day that follows the income, if instalments are monthly and not within the
    week after it."""
    day = due_day(household, proven)
    if day is None or asked.frequency.unit != "months":
        return None
    if (asked.dates[0].day - day) % 31 < _WEEK_DAYS:
        return None
    return Change(kind="due_day", day=day)


def _without_living(measure: Measure) -> Capacity:
    """Return the careful end, bound by what is proven but not by what life costs."""
    free = tuple(
        income.proven - debts.proven
        for income, debts in zip(measure.flow.income, measure.flow.elsewhere, strict=True)
    )
    return replace(measure.careful, free_by_month=free)


def _income(asked: Asked, measure: Measure) -> Iterator[Change]:
    """Yield how much more has to be proven each month, if so much was told."""
    if not measure.might_fit(asked):
        return
    careful, flow, own = measure.careful, measure.flow, measure.own
    keeps = _ALL_PERCENT - careful.margin_percent
    needed = [0]
    for (_, month), burden in by_month_of(asked.payments, asked.on).items():
        free = careful.free_by_month[month - 1] - own[month - 1]
        needed.append(_up(burden * _ALL_PERCENT, keeps) - free)
    instalments = flow.average_elsewhere(proven=True) + flow.average_own
    instalments += average(asked.payments, asked.on)
    for cap in measure.terms.caps:
        enough = _up(instalments * _ALL_PERCENT, cap.percent)
        needed.append(enough - counted_income(cap, flow, proven=True))
    told = flow.average_income(proven=False) - flow.average_income(proven=True)
    if 0 < max(needed) <= told:
        yield Change(kind="income", amount_minor=max(needed))


def _amount(terms: Terms, measure: Measure) -> Iterator[Change]:
    fitting, too_much = 0, terms.principal_minor
    while too_much - fitting > 1:
        middle = (fitting + too_much) // 2
        if _fits(replace(terms, principal_minor=middle), measure):
            fitting = middle
        else:
            too_much = middle
    if fitting:
        yield _priced("amount", replace(terms, principal_minor=fitting), fitting)


def _term(terms: Terms, measure: Measure, longest: int) -> Iterator[Change]:
    if terms.due_dates is not None or terms.principal_shares is not None:
        return
    for instalments in range(terms.instalments + 1, longest + 1):
        longer = replace(terms, instalments=instalments)
        if _fits(longer, measure):
            yield _priced("term", longer)
            return


def _frequency(terms: Terms, measure: Measure) -> Iterator[Change]:
    """Yield monthly instalments instead of shorter steps, over about the same time."""
    if terms.frequency.unit == "months" or terms.due_dates is not None:
        return
    if terms.principal_shares is not None:
        return
    last = step(terms.first_due_date or terms.disbursed_on, terms.frequency, terms.instalments)
    days = (last - terms.disbursed_on).days
    months = max(round(Fraction(days * MONTHS, 365)), 1)
    monthly = replace(terms, frequency=MONTHLY, first_due_date=None, instalments=months)
    if _fits(monthly, measure):
        yield _priced("frequency", monthly)


def _months(terms: Terms, measure: Measure) -> Iterator[Change]:
    """Yield a schedule that asks in each month by what it can carry."""
    if terms.interest_method != "declining_balance" and terms.annual_rate_pct:
        return
    seasonal = replace(
        terms, amortisation="equal_principal", grace_principal=0, principal_shares=None
    )
    usable = measure.careful.usable(measure.own)
    dates = _dates_of(seasonal)
    most = max((usable[day.month - 1] for day in dates), default=0)
    if not most or len({usable[day.month - 1] for day in dates}) == 1:
        return
    shares = [usable[day.month - 1] * _FINEST_SHARE // most for day in dates]
    common = reduce(gcd, shares)
    seasonal = replace(seasonal, principal_shares=tuple(each // common for each in shares))
    if _fits(seasonal, measure):
        paying = {day.month for day, share in zip(dates, shares, strict=True) if share}
        yield replace(_priced("months", seasonal), months=tuple(sorted(paying)))


def _dates_of(terms: Terms) -> tuple[date, ...]:
    try:
        return tuple(day for day, _ in payments_of(build_schedule(terms)))
    except RefusedError:
        return ()


def _fits(terms: Terms, measure: Measure) -> bool:
    try:
        return measure.fits(asked_by_terms(terms))
    except RefusedError:  # terms that make no schedule help nobody
        return False


def _priced(
    kind: Literal["amount", "term", "frequency", "months"], terms: Terms, amount_minor: int = 0
) -> Change:
    asked = asked_by_terms(terms)
    return Change(
        kind=kind,
        amount_minor=amount_minor or asked.instalment_minor,
        instalments=terms.instalments,
        every=terms.frequency.every if terms.frequency.unit == "months" else 0,
        total_minor=sum(amount_minor for _, amount_minor in asked.payments),
    )


def _up(amount_minor: int, parts: int) -> int:
    return -(-amount_minor // parts)
