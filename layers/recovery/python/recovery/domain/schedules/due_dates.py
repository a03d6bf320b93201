"""Due dates: steps from one date, each rolled to a business day independently.

Every date is counted from the same anchor, so a short month or a holiday moves one date and never
those after it.
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
    """Every ``every`` days, weeks or months: fortnightly is ``Frequency(2, "weeks")``."""

    every: int
    unit: Literal["days", "weeks", "months"]


MONTHLY = Frequency(1, "months")


def step(day: date, frequency: Frequency, times: int, *, end_of_month: bool = False) -> date:
    """Return the date ``times`` periods after ``day``, or before it if negative.

    In a month too short for the day, returns its last day. With ``end_of_month``, monthly steps
    from the last day of a month always end on a last day. Raises RefusedError past the last
    supported date.
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
                f"runs past the last supported date, counting from {day}",
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
    """Return the first due date and ``count - 1`` steps from it, rolled. Raises RefusedError."""
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
    """Return ``count`` steps after ``start``, which is not itself a due date, each rolled.

    Monthly from 31 January: 28 February, then 31 March. Raises RefusedError.
    """
    return rolled(
        (step(start, frequency, n + 1, end_of_month=end_of_month) for n in range(count)),
        calendar,
        roll,
    )


def rolled(dates: Iterable[date], calendar: BusinessCalendar, roll: Roll) -> tuple[date, ...]:
    """Roll each date independently. Raises RefusedError if they are no longer in ascending order.

    Two instalments on one day would be a single instalment, so the caller must choose the dates.
    """
    moved = tuple(calendar.roll(day, roll) for day in dates)
    for before, after in pairwise(moved):
        if after <= before:
            raise RefusedError(
                Problem(
                    "due_dates",
                    f"has {after} after {before}: instalments on the same day or out of order",
                    "Use a longer frequency or another roll, or list the due dates",
                ),
            )
    return moved
