"""When each instalment is due, and how much of a year its interest is for.

With ``interest_period="period"`` a regular period is its plain part of a year, whatever days it
has and wherever its due date is rolled: every/12 by months, every/52 by weeks, every/365 by days.
With ``daily``, and wherever there is no regular period, the contract's day count says.
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
    """The plain part of a year of one step."""
    return Fraction(frequency.every, _PERIODS_A_YEAR[frequency.unit])


class Period(NamedTuple):
    """The period that ends on ``due_date``; ``years`` is its part of a year, exactly."""

    due_date: date
    years: Fraction


def interest_periods(terms: Terms, calendar: BusinessCalendar) -> tuple[Period, ...]:
    """One for each instalment, in order.

    Raises RefusedError when rolling leaves the due dates out of order, or none after disbursement.
    """
    days = _due_dates(terms, calendar)
    if days[0] <= terms.disbursed_on:
        raise RefusedError(
            Problem(
                "due_dates", "rolling moves the first to disbursed_on or before", "Use another roll"
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
    """By day count to the due date before rolling, as regular periods do not see rolling either."""
    first = terms.first_due_date
    if first is None or first in (
        step(terms.disbursed_on, terms.frequency, 1),
        step(terms.disbursed_on, terms.frequency, 1, end_of_month=terms.end_of_month),
    ):
        return regular
    return year_fraction(terms.disbursed_on, first, terms.day_count)
