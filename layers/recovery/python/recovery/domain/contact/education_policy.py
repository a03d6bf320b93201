"""The policy's part on lessons, saving reminders and rewards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.domain.contact.rewards import RewardRule, reward_problems
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

LESSON = "lesson"
SAVING_REMINDER = "saving_reminder"
EDUCATION = frozenset((LESSON, SAVING_REMINDER))


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationPolicy:
    """When lessons come, to those who said yes.

    ``every_days`` lie between two lessons; one may still go ``within_days`` after its day. No
    lesson comes in the ``calm_days`` before something hard is said, or after it.
    ``save_days_before``: who set a goal is reminded of it so many days before the due day, or half
    way where instalments are closer; None: never. ``rewards`` are for who paid on time.
    """

    every_days: int = 28
    within_days: int = 6
    calm_days: int = 7
    save_days_before: int | None = 10
    rewards: tuple[RewardRule, ...] = ()


def education_problems(policy: EducationPolicy) -> Iterator[Problem]:
    """Yield everything wrong with this section."""
    yield from range_problems("every_days", policy.every_days, 7, 60)
    yield from range_problems("within_days", policy.within_days, 0, policy.every_days - 1)
    yield from range_problems("calm_days", policy.calm_days, 3, 60)
    if policy.save_days_before is not None:
        yield from range_problems("save_days_before", policy.save_days_before, 4, 60)
    for index, rule in enumerate(policy.rewards):
        for problem in reward_problems(rule):
            yield problem.within(f"rewards.{index}")
    names = [each.name for each in policy.rewards]
    if len(set(names)) < len(names):
        yield Problem("rewards", "name one twice", "Give each its own name", "duplicate")
    if sum(each.kind == "thank_you" for each in policy.rewards) > 1:
        yield Problem("rewards", "thank twice for one loan", "Keep one thank_you", "duplicate")
