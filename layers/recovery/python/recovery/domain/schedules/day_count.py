"""The part of a year between two dates, under the day count convention of the contract.

Source: ISDA 2006 Definitions, section 4.16: (b) actual/actual, (d) actual/365 fixed,
(e) actual/360, (f) 30/360 (bond basis).
"""

from __future__ import annotations

from calendar import isleap
from datetime import date
from fractions import Fraction
from typing import Literal

DayCount = Literal["30/360", "actual/365", "actual/360", "actual/actual"]


def year_fraction(start: date, end: date, convention: DayCount) -> Fraction:
    """Years from ``start`` (counted) to ``end`` (not counted), exactly.

    Raises ValueError when ``end`` is before ``start`` or the convention is unknown.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}")
    match convention:
        case "30/360":
            return Fraction(_days_of_thirty(start, end), 360)
        case "actual/365":
            return Fraction((end - start).days, 365)
        case "actual/360":
            return Fraction((end - start).days, 360)
        case "actual/actual":
            return _by_calendar_year(start, end)
    raise ValueError(f"{convention!r} is no day count convention")


def _days_of_thirty(start: date, end: date) -> int:
    """Days when every month has 30: a 31st is the 30th, at the end only if the start is too."""
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _by_calendar_year(start: date, end: date) -> Fraction:
    """Days in a leap year over 366, all others over 365."""
    if start.year == end.year:
        return Fraction((end - start).days, _days_in(start.year))
    before = Fraction((date(start.year + 1, 1, 1) - start).days, _days_in(start.year))
    after = Fraction((end - date(end.year, 1, 1)).days, _days_in(end.year))
    return before + (end.year - start.year - 1) + after


def _days_in(year: int) -> int:
    return 366 if isleap(year) else 365
