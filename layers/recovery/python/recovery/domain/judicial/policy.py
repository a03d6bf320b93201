"""The policy's section on judicial recovery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.domain.judicial.limitation_dates import ALARM_DAYS, alarm_problems
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

_MOST_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class JudicialPolicy:
    """``alarm_days``: so many days before a claim is too old somebody legal is asked to act.

    guarantor_told_after_days: how long the borrower has after the warning, before a guarantor is
    told.
    letter_valid_days: a letter that was not sent for so long is written anew.
    """

    alarm_days: tuple[int, ...] = ALARM_DAYS
    guarantor_told_after_days: int = 7
    letter_valid_days: int = 14


def judicial_problems(policy: JudicialPolicy) -> Iterator[Problem]:
    """Yield everything wrong with the section."""
    yield from alarm_problems(policy.alarm_days)
    for name in ("guarantor_told_after_days", "letter_valid_days"):
        yield from range_problems(name, getattr(policy, name), 1, _MOST_DAYS)
