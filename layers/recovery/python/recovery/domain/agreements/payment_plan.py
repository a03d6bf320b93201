"""A payment plan: what is overdue in dated parts, while the schedule stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.schedules.spreading import spread_equally


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the arrears, in minor units."""

    due_date: date
    amount_minor: int


def plan_parts(
    arrears_minor: int, dates: tuple[date, ...], multiple_minor: int = 1
) -> tuple[Part, ...]:
    """Spread the arrears over these dates: equal parts, the last takes the remainder.

    Parts of nothing are left out, so that the parts are the arrears to the minor unit.
    """
    shares = spread_equally(arrears_minor, len(dates), multiple_minor)
    rows = zip(dates, shares, strict=True)
    return tuple(Part(due_date, share) for due_date, share in rows if share)
