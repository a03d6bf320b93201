"""The policy's cases section: when a case changes its stage, and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MOST_DAYS, outside


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLadder:
    """Days delinquent from which each stage applies; below the first, prevention."""

    early_management_from_days: int = 1
    intermediate_recovery_from_days: int = 31
    judicial_recovery_from_days: int = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicy:
    """What decides where a case should be. All days are calendar days.

    probation_days: nothing overdue for this long, and no risk signal, closes a case as cured.
    notice_days: days to answer between the notice before judicial recovery and that stage.
    judicial_pause_days: after a person declined judicial recovery, not asked again for this long.
    write_off_from_days: days past due that close a case as written off; None leaves it to a person.
    continue_as_new_days, continue_as_new_signals: an execution this old, or with this many signals,
    continues as a new one (AWS Step Functions ends executions at a year or 25,000 history events).
    """

    stages: StageLadder = field(default_factory=StageLadder)
    probation_days: int = 30
    notice_days: int = 14
    judicial_pause_days: int = 90
    write_off_from_days: int | None = None
    continue_as_new_days: int = 300
    continue_as_new_signals: int = 500


_RANGES = {
    "probation_days": (0, MOST_DAYS),
    "notice_days": (0, MOST_DAYS),
    "judicial_pause_days": (0, MOST_DAYS),
    "write_off_from_days": (1, MOST_DAYS),
    "continue_as_new_days": (1, 360),  # an execution ends at one year
    "continue_as_new_signals": (1, 2000),  # and at 25,000 events
}


def case_problems(policy: CasePolicy) -> Iterator[Problem]:
    """Why no case can go by this section; nothing when one can."""
    ladder = policy.stages
    if not (
        1
        <= ladder.early_management_from_days
        < ladder.intermediate_recovery_from_days
        < ladder.judicial_recovery_from_days
        <= MOST_DAYS
    ):
        yield Problem(
            "stages",
            f"the stages must start at rising days delinquent, from 1 to {MOST_DAYS}",
            "Let each stage start later than the one before it",
            "out_of_range",
        )
    for name, (least, most) in _RANGES.items():
        value = getattr(policy, name)
        if value is not None:
            yield from outside(name, value, least, most)
