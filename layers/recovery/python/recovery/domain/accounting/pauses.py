"""Pauses: agreed stops of the count of days delinquent (a moratorium, an illness, a flood).

A pause may lie in the past (a back-dated one), end early (resumed) and overlap another. It never
forgives days of an instalment that was not yet due, and a day in two pauses is one paused day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Pause:
    """Days from ``from_date`` up to ``to_date`` do not count; ``to_date`` None: until further
    notice. ``resumed_on`` ended it early and leaves on record what had been agreed."""

    from_date: date
    to_date: date | None = None
    resumed_on: date | None = None

    @property
    def ends_on(self) -> date:
        return min(self.to_date or date.max, self.resumed_on or date.max)


def paused_days(
    pauses: Iterable[Pause], due_date: date, as_of: date, days_between: Callable[[date, date], int]
) -> int:
    """The paused days of an instalment due on ``due_date``, counted by ``days_between``.

    One pause counts min(end, as_of) - max(start, due date) days, never less than none.
    """
    days, counted_to = 0, due_date
    for start, end in sorted((pause.from_date, pause.ends_on) for pause in pauses):
        start, end = max(start, counted_to), min(end, as_of)
        if start < end:
            days += days_between(start, end)
            counted_to = end
    return days
