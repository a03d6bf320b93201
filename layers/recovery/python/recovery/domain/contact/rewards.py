"""Punctuality is rewarded where the institution offers something: by a rule for everybody alike.

Each loan is held against the rule, never one person against another: there is no ranking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

RewardKind = Literal["thank_you", "rate", "limit"]
LOAN_END_THANKS = "loan_end_thanks"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRule:
    """What whoever paid on time gets once the loan is paid off.

    ``thank_you`` is a message. ``rate`` (``offer`` is the new rate or what is taken off) and
    ``limit`` (how much may be borrowed next) are an event and a task for the institution, which
    makes the offer. At least ``on_time_percent`` of ``least_instalments`` or more have to be paid
    in full by their due day, or ``grace_days`` after it.
    """

    name: str
    kind: RewardKind
    offer: str = ""
    least_instalments: int = 6
    on_time_percent: int = 100
    grace_days: int = 0


def reward_problems(rule: RewardRule) -> Iterator[Problem]:
    """Yield everything wrong with the rule."""
    if not rule.name.replace("-", "").replace("_", "").isalnum() or len(rule.name) > 40:
        yield Problem("name", "is no short name", "Use letters, digits and hyphens, 40 at most")
    if rule.kind != "thank_you" and not rule.offer.strip():
        yield Problem("offer", "is missing", "Say what the institution offers", "missing")
    if len(rule.offer) > 100:
        yield Problem("offer", "is too long", "Say it in 100 characters or fewer", "out_of_range")
    yield from range_problems("least_instalments", rule.least_instalments, 1, 600)
    yield from range_problems("on_time_percent", rule.on_time_percent, 50, 100)
    yield from range_problems("grace_days", rule.grace_days, 0, 30)


def earned(
    rules: Iterable[RewardRule], loan: Loan, position: Position, by_others: Collection[int] = ()
) -> tuple[RewardRule, ...]:
    """Return the rules that a loan paid off fulfils; () while anything is unpaid.

    The instalments are those that are owed: whoever changed the schedule kept to the new one. What
    third parties paid, those numbered ``by_others``, is nobody's punctuality and does not count.
    """
    if any(paid != each.due for each, paid in zip(loan.schedule, position.paid, strict=True)):
        return ()
    late_days = [
        (paid_on - each.due_date).days
        for each, paid_on in zip(loan.schedule, position.paid_off_on, strict=True)
        if paid_on is not None and each.number not in by_others
    ]
    return tuple(each for each in rules if _fulfils(each, late_days))


def _fulfils(rule: RewardRule, late_days: list[int]) -> bool:
    on_time = sum(days <= rule.grace_days for days in late_days)
    is_long_enough = len(late_days) >= rule.least_instalments
    return is_long_enough and on_time * 100 >= rule.on_time_percent * len(late_days)
