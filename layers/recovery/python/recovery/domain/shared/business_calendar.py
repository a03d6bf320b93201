"""Business days, and how other dates roll onto them.

Source: ISDA 2006 Definitions, section 4.12 (business day conventions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from recovery.domain.shared.errors import Problem, RefusedError

Roll = Literal["none", "following", "preceding", "modified_following"]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NUMBERS = frozenset(range(7))
_DAY = timedelta(days=1)
DayCounter = Callable[[date, date], int]


def calendar_days(start: date, end: date) -> int:
    """Count calendar days; a BusinessCalendar counts business days instead."""
    return (end - start).days


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """``weekend`` holds numbers of ``date.weekday()`` (Monday is 0), ``holidays`` single dates."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def roll(self, day: date, rule: Roll) -> date:
        """Move a day that is not a business day by the rule; ``none`` leaves it.

        ``following`` is the next business day, ``preceding`` the previous one;
        ``modified_following`` is the next, or the previous if the next is in another month. Raises
        RefusedError when the calendar leaves no business day, or none in the supported date range.
        """
        if rule == "none" or self.is_business_day(day):
            return day
        if rule == "preceding":
            return self._nearest(day, -_DAY)
        following = self._nearest(day, _DAY)
        if rule == "modified_following" and following.month != day.month:
            return self._nearest(day, -_DAY)
        return following

    def business_days_between(self, start: date, end: date) -> int:
        """Count the business days after ``start``, up to and including ``end``."""
        if end <= start:
            return 0
        weeks, rest_days = divmod((end - start).days, 7)
        days = weeks * len(_WEEKDAY_NUMBERS - self.weekend)
        for number in range(1, rest_days + 1):
            days += (start.weekday() + number) % 7 not in self.weekend
        return days - sum(
            start < day <= end and day.weekday() not in self.weekend for day in self.holidays
        )

    def _nearest(self, day: date, towards: timedelta) -> date:
        # Terminates if any weekday is a business day, because holidays are finite.
        if not _WEEKDAY_NUMBERS - self.weekend:
            raise RefusedError(
                Problem("weekend", "leaves no business day", "Exclude at least one weekday")
            )
        try:
            while not self.is_business_day(day):
                day += towards
        except OverflowError:
            raise RefusedError(
                Problem(
                    "holidays",
                    f"leave no business day near {day}",
                    "Use an earlier or later date",
                )
            ) from None
        return day


EVERY_DAY = BusinessCalendar(weekend=frozenset())
