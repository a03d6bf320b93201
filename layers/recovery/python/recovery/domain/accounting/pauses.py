"""Pauses: agreed periods whose days do not count as delinquent (a moratorium, illness, a flood).

A pause may be back-dated, end early (resumed) or overlap another; a day in two pauses counts once.
Only days after an instalment's due date can be paused for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Pause:
    """Days from ``from_date`` up to ``to_date`` do not count (None: until further notice).

    ``resumed_on`` ends the pause early and leaves the agreed end on record.
    """

    from_date: date
    to_date: date | None = None
    resumed_on: date | None = None

    @property
    def ends_on(self) -> date:
        return min(self.to_date or date.max, self.resumed_on or date.max)


def paused_days(
    pauses: Iterable[Pause], due_date: date, as_of: date, days_between: Callable[[date, date], int]
) -> int:
    """Count the paused days of an instalment due on ``due_date``, using ``days_between``.

    One pause counts max(0, min(end, as_of) - max(start, due date)) days.
    """
    days, counted_to = 0, due_date
    for start, end in sorted((pause.from_date, pause.ends_on) for pause in pauses):
        start, end = max(start, counted_to), min(end, as_of)
        if start < end:
            days += days_between(start, end)
            counted_to = end
    return days
