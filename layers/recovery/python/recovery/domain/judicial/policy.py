"""The policy's section on judicial recovery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.domain.judicial.limitation_dates import ALARM_DAYS, alarm_problems
from recovery.domain.shared.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class JudicialPolicy:
    """``alarm_days``: so many days before a claim is too old somebody legal is asked to act."""

    alarm_days: tuple[int, ...] = ALARM_DAYS


def judicial_problems(policy: JudicialPolicy) -> Iterator[Problem]:
    """Yield everything wrong with the section."""
    yield from alarm_problems(policy.alarm_days)
