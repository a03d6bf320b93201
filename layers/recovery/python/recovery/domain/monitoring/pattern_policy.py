"""What counts as which payment pattern, as data in the policy's monitoring section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, range_problems

_FROM_ZERO = ("late_from_days", "sound_within_days", "drift_days")
_PERCENTS = ("checkpoint_percent", "shrinking_percent")
_COUNTS = (
    *("look_back", "frequent_from", "incomplete_from", "shrinking_from", "drift_from"),
    *("broken_from", "silent_from", "irregular_from", "season_years", "season_from", "early_from"),
    *("rolled_from", "strained_loans"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPolicy:
    """Definitions of the patterns; ``..._from`` is how many make one, out of ``look_back``.

    An instalment is late from ``late_from_days`` after its due date, within the grace days too.
    ``drift_days``: how much later the last third is paid than the first, on average, to be drifting
    later. ``shrinking_percent``: each payment is at most this share of the one before.
    ``sound_within_days`` and ``spread_days``: irregular but sound is paid within the first, over a
    span of the second. ``checkpoint_gap_days``: payers whose instalments are at most so far apart
    have checkpoints, over ``checkpoint_days``, in which ``checkpoint_percent`` should be paid on
    time.
    """

    look_back: int = 9
    late_from_days: int = 1
    frequent_from: int = 2
    incomplete_from: int = 1
    shrinking_from: int = 3
    shrinking_percent: int = 90
    drift_from: int = 5
    drift_days: int = 2
    first_default_days: int = 5
    broken_from: int = 2
    silent_from: int = 3
    irregular_from: int = 4
    sound_within_days: int = 5
    spread_days: int = 8
    season_years: int = 2
    season_from: int = 3
    early_days: int = 3
    early_from: int = 2
    rolled_from: int = 1
    strained_loans: int = 2
    checkpoint_gap_days: int = 7
    checkpoint_days: int = 28
    checkpoint_percent: int = 75


def pattern_problems(policy: PatternPolicy) -> Iterator[Problem]:
    """Yield every problem with the definitions."""
    for each in fields(policy):
        value = getattr(policy, each.name)
        if each.name in _PERCENTS or each.name in _COUNTS:
            yield from range_problems(each.name, value, 1, 100)
        else:
            least = 0 if each.name in _FROM_ZERO else 1
            yield from range_problems(each.name, value, least, MAX_DAYS)
    for name in ("frequent_from", "incomplete_from", "drift_from", "irregular_from", "early_from"):
        if getattr(policy, name) > policy.look_back:
            reason = f"is more than the {policy.look_back} instalments looked at"
            yield Problem(name, reason, "Lower it, or raise look_back")
    if policy.drift_from < 4:
        yield Problem("drift_from", "is too few to tell a trend from chance", "Use 4 or more")
