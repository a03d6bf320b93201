"""The year fraction between two dates, under the contract's day count convention.

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
    """Return the exact years from ``start`` (included) to ``end`` (excluded).

    Raises ValueError if ``end`` is before ``start`` or the convention is unknown.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}")
    match convention:
        case "30/360":
            return Fraction(_days_30_360(start, end), 360)
        case "actual/365":
            return Fraction((end - start).days, 365)
        case "actual/360":
            return Fraction((end - start).days, 360)
        case "actual/actual":
            return _by_calendar_year(start, end)
    raise ValueError(f"{convention!r} is not a day count convention")


def _days_30_360(start: date, end: date) -> int:
    """Count 30-day months: a 31st counts as the 30th; at the end, only if the start is one too."""
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _by_calendar_year(start: date, end: date) -> Fraction:
    """Return days in leap years over 366 plus all others over 365."""
    if start.year == end.year:
        return Fraction((end - start).days, _days_in(start.year))
    before = Fraction((date(start.year + 1, 1, 1) - start).days, _days_in(start.year))
    after = Fraction((end - date(end.year, 1, 1)).days, _days_in(end.year))
    return before + (end.year - start.year - 1) + after


def _days_in(year: int) -> int:
    return 366 if isleap(year) else 365
