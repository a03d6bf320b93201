"""When each instalment is due, and what fraction of a year its interest covers.

With ``interest_period="period"``, a regular period is a plain fraction of a year, whatever its
length in days or rolling: every/12 for months, every/52 for weeks, every/365 for days. With
``daily``, and for irregular periods, the contract's day count applies.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from recovery.domain.schedules.day_count import year_fraction
from recovery.domain.schedules.due_dates import Frequency, due_dates, due_dates_after, rolled, step
from recovery.domain.schedules.terms import Terms
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import Problem, RefusedError

_PERIODS_A_YEAR = {"months": 12, "weeks": 52, "days": 365}


def regular_years(frequency: Frequency) -> Fraction:
    """Return the plain fraction of a year in one step."""
    return Fraction(frequency.every, _PERIODS_A_YEAR[frequency.unit])


class Period(NamedTuple):
    """The period ending on ``due_date``; ``years`` is its exact year fraction."""

    due_date: date
    years: Fraction


def interest_periods(terms: Terms, calendar: BusinessCalendar) -> tuple[Period, ...]:
    """Return one period per instalment, in order.

    Raises RefusedError if rolling puts due dates out of order, or the first one not after
    disbursement.
    """
    days = _due_dates(terms, calendar)
    if days[0] <= terms.disbursed_on:
        raise RefusedError(
            Problem(
                "due_dates", "start on or before disbursed_on after rolling", "Use another roll"
            )
        )
    if terms.due_dates is not None or terms.interest_period == "daily":
        years = tuple(
            year_fraction(start, end, terms.day_count)
            for start, end in pairwise((terms.disbursed_on, *days))
        )
    else:
        regular = regular_years(terms.frequency)
        years = (_first(terms, regular), *(regular,) * (len(days) - 1))
    return tuple(map(Period, days, years))


def _due_dates(terms: Terms, calendar: BusinessCalendar) -> tuple[date, ...]:
    if terms.due_dates is not None:
        return rolled(terms.due_dates, calendar, terms.roll)
    counted = due_dates if terms.first_due_date is not None else due_dates_after
    return counted(
        terms.first_due_date or terms.disbursed_on,
        terms.frequency,
        terms.instalments,
        end_of_month=terms.end_of_month,
        calendar=calendar,
        roll=terms.roll,
    )


def _first(terms: Terms, regular: Fraction) -> Fraction:
    """Return the first period's years, to the unrolled due date: regular periods ignore rolling."""
    first = terms.first_due_date
    if first is None or first in (
        step(terms.disbursed_on, terms.frequency, 1),
        step(terms.disbursed_on, terms.frequency, 1, end_of_month=terms.end_of_month),
    ):
        return regular
    return year_fraction(terms.disbursed_on, first, terms.day_count)
