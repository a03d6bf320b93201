"""The policy's cases section: when a case changes stage and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, range_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLadder:
    """Days delinquent at which each stage starts; below the first, prevention."""

    early_management_from_days: int = 1
    intermediate_recovery_from_days: int = 31
    judicial_recovery_from_days: int = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicy:
    """What decides where a case should be. All days are calendar days.

    probation_days: nothing overdue for this long, and no risk signal, closes a case as cured.
    notice_days: time to answer the notice before judicial recovery starts.
    judicial_approvals: how many people must approve a filing; 2 lets one ask and another decide.
    judicial_pause_days: wait before asking again after a person declines judicial recovery.
    write_off_from_days: days past due from which a review proposes to write a loan off, for people
    to decide; None leaves it to people to propose it.
    continue_as_new_days, continue_as_new_signals: an execution this old, or with this many signals,
    continues as new (AWS Step Functions ends executions at a year or 25,000 history events).
    """

    stages: StageLadder = field(default_factory=StageLadder)
    probation_days: int = 30
    notice_days: int = 14
    judicial_pause_days: int = 90
    write_off_from_days: int | None = None
    continue_as_new_days: int = 300
    continue_as_new_signals: int = 500
    judicial_approvals: int = 1


_RANGES = {
    "probation_days": (0, MAX_DAYS),
    "notice_days": (0, MAX_DAYS),
    "judicial_pause_days": (0, MAX_DAYS),
    "judicial_approvals": (1, 2),
    "write_off_from_days": (1, MAX_DAYS),
    "continue_as_new_days": (1, 360),  # an execution ends at one year
    "continue_as_new_signals": (1, 2000),  # and at 25,000 events
}


def case_problems(policy: CasePolicy) -> Iterator[Problem]:
    """Yield everything wrong with this section; nothing if it is usable."""
    ladder = policy.stages
    if not (
        1
        <= ladder.early_management_from_days
        < ladder.intermediate_recovery_from_days
        < ladder.judicial_recovery_from_days
        <= MAX_DAYS
    ):
        yield Problem(
            "stages",
            f"must start at increasing days delinquent, from 1 to {MAX_DAYS}",
            "Start each stage later than the one before",
            "out_of_range",
        )
    for name, (least, most) in _RANGES.items():
        value = getattr(policy, name)
        if value is not None:
            yield from range_problems(name, value, least, most)
