"""When an unusual rise of lateness or hardship counts as a shock, as data in the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class ShockPolicy:
    """What is compared with what, and how rarely chance alone may look like a shock.

    A person is late once an instalment is unpaid ``late_after_days`` past its due date. The last
    ``window_weeks`` are compared with the ``history_weeks`` before. Over all groups together,
    chance raises at most ``false_alarms_per_year``. A group with fewer than ``least_people`` in the
    window, or ``least_history`` before it, says nothing of its own: it counts in larger ones.
    """

    late_after_days: int = 3
    window_weeks: int = 2
    history_weeks: int = 26
    false_alarms_per_year: int = 1
    least_people: int = 8
    least_history: int = 40


def shock_problems(policy: ShockPolicy) -> Iterator[Problem]:
    """Yield every problem with this section."""
    yield from range_problems("late_after_days", policy.late_after_days, 1, 30)
    yield from range_problems("window_weeks", policy.window_weeks, 1, 8)
    yield from range_problems("history_weeks", policy.history_weeks, 8, 104)
    yield from range_problems("false_alarms_per_year", policy.false_alarms_per_year, 1, 12)
    yield from range_problems("least_people", policy.least_people, 5, 1_000)
    yield from range_problems("least_history", policy.least_history, 20, 10_000)
