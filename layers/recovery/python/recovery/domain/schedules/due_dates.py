"""The due dates of a schedule: steps from one date, each rolled to a business day on its own.

Every date is counted from the same anchor, so that a short month or a holiday moves one date and
never those after it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from recovery.domain.shared.business_calendar import EVERY_DAY, BusinessCalendar, Roll
from recovery.domain.shared.errors import Problem, RefusedError


@dataclass(frozen=True, slots=True)
class Frequency:
    """Every so many days, weeks or months: fortnightly is ``Frequency(2, "weeks")``."""

    every: int
    unit: Literal["days", "weeks", "months"]


MONTHLY = Frequency(1, "months")


def step(day: date, frequency: Frequency, times: int, *, end_of_month: bool = False) -> date:
    """The date so many periods after ``day``, or before it when ``times`` is negative.

    A month too short for the day gives its last day. With ``end_of_month`` a step of months from
    the last day of a month always gives a last day. Raises RefusedError past the last date there
    is.
    """
    count = frequency.every * times
    try:
        if frequency.unit != "months":
            return day + timedelta(days=count * (7 if frequency.unit == "weeks" else 1))
        years, month = divmod(day.month - 1 + count, 12)
        year, month = day.year + years, month + 1
        last = monthrange(year, month)[1] if 1 <= year <= 9999 else 0
        to_last = end_of_month and day.day == monthrange(day.year, day.month)[1]
        return date(year, month, last if to_last else min(day.day, last))
    except (OverflowError, ValueError):
        raise RefusedError(
            Problem(
                "frequency",
                f"leads from {day} past the last date there is",
                "Use fewer instalments",
            )
        ) from None


def due_dates(
    first_due_date: date,
    frequency: Frequency,
    count: int,
    *,
    end_of_month: bool = False,
    calendar: BusinessCalendar = EVERY_DAY,
    roll: Roll = "none",
) -> tuple[date, ...]:
    """The first due date and ``count - 1`` steps from it, each rolled. Raises RefusedError."""
    return rolled(
        (step(first_due_date, frequency, n, end_of_month=end_of_month) for n in range(count)),
        calendar,
        roll,
    )


def due_dates_after(
    start: date,
    frequency: Frequency,
    count: int,
    *,
    end_of_month: bool = False,
    calendar: BusinessCalendar = EVERY_DAY,
    roll: Roll = "none",
) -> tuple[date, ...]:
    """``count`` steps from ``start``, which is no due date itself, each rolled.

    From 31 January by months: 28 February, then 31 March. Raises RefusedError.
    """
    return rolled(
        (step(start, frequency, n + 1, end_of_month=end_of_month) for n in range(count)),
        calendar,
        roll,
    )


def rolled(dates: Iterable[date], calendar: BusinessCalendar, roll: Roll) -> tuple[date, ...]:
    """Each date rolled on its own. Raises RefusedError when they no longer rise from one to next.

    Two instalments on one day would be one instalment; the caller says which dates are meant.
    """
    moved = tuple(calendar.roll(day, roll) for day in dates)
    for before, after in pairwise(moved):
        if after <= before:
            raise RefusedError(
                Problem(
                    "due_dates",
                    f"{after} follows {before}: two instalments are due on one day or out of order",
                    "Use a longer frequency, another roll, or list the due dates one by one",
                ),
            )
    return moved
