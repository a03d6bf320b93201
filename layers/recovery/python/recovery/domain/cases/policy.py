"""The policy's cases section: when a case changes stage and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from recovery.domain.monitoring.tolerance import Tolerance, tolerance_problems
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, range_problems

_MINIMUM_CLAIM = Tolerance(percent_of_instalment=Decimal(50))


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLadder:
    """Days delinquent at which each stage starts; below the first, prevention."""

    early_management_from_days: int = 1
    intermediate_recovery_from_days: int = 31
    judicial_recovery_from_days: int = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPolicy:
    """When tasks are due and who hears of late ones.

    first_contact_by_days: days past due by which a known person has tried to call, at
    ``first_contact_tries`` different hours; None opens no such task.
    visit_by_days: days past due by which somebody visits; None, as visits are not lawful
    everywhere: an institution turns them on where they are.
    visit_in_gaps_from_days: in a gap of so many days between two payments, or longer, somebody
    looks in at each third of it, by a call where there are no visits; None leaves them alone.
    hours_between_tries: how far apart two hours of the day are that count as different.
    follow_up_within_days: how soon somebody works out a plan that was asked for, or asks for right
    contact details.
    escalate_unowned_after_days: days after which a supervisor hears of a task that nobody took, in
    the days that the institution counts (``monitoring.business_days``).
    remind_approvers_after_days: days that a dossier waits before a supervisor is asked to see to
    it; None asks nobody.
    """

    first_contact_by_days: int | None = 3
    first_contact_tries: int = 2
    visit_by_days: int | None = None
    visit_in_gaps_from_days: int | None = 120
    hours_between_tries: int = 3
    follow_up_within_days: int = 5
    escalate_unowned_after_days: int = 2
    remind_approvers_after_days: int | None = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicy:
    """What decides where a case should be. All days are calendar days.

    probation_days: nothing overdue for this long, and no risk signal, closes a case as cured.
    notice_days: time to answer the notice before judicial recovery starts.
    judicial_approvals: how many people must approve a filing; 2 lets one ask and another decide.
    notice_answered_percent: a payment of this share of what was overdue answers the notice, as a
    promise does; notice_answered_days: no other notice for so long after.
    minimum_claim: where less than this is overdue there is no notice, and so no court, which costs
    both sides more than half an instalment.
    judicial_pause_days: wait before asking again after a person declines judicial recovery.
    write_off_from_days: days past due from which a review proposes to write a loan off, for people
    to decide; None leaves it to people to propose it.
    continue_as_new_days, continue_as_new_signals: an execution this old, or with this many signals,
    continues as new (AWS Step Functions ends executions at a year or 25,000 history events).
    """

    stages: StageLadder = field(default_factory=StageLadder)
    probation_days: int = 30
    notice_days: int = 14
    notice_answered_percent: int = 25
    notice_answered_days: int = 30
    minimum_claim: Tolerance = _MINIMUM_CLAIM
    judicial_pause_days: int = 90
    write_off_from_days: int | None = None
    continue_as_new_days: int = 300
    continue_as_new_signals: int = 500
    judicial_approvals: int = 2
    tasks: TaskPolicy = field(default_factory=TaskPolicy)


_RANGES = {
    "probation_days": (0, MAX_DAYS),
    "notice_days": (0, MAX_DAYS),
    "notice_answered_percent": (1, 100),
    "notice_answered_days": (0, MAX_DAYS),
    "judicial_pause_days": (0, MAX_DAYS),
    "judicial_approvals": (1, 2),
    "write_off_from_days": (1, MAX_DAYS),
    "continue_as_new_days": (1, 360),  # an execution ends at one year
    "continue_as_new_signals": (1, 2000),  # and at 25,000 events
}
_CALLING_HOURS = 12  # of a day
_TASK_RANGES = {
    "first_contact_by_days": (1, MAX_DAYS),
    "first_contact_tries": (1, 5),
    "visit_by_days": (1, MAX_DAYS),
    "visit_in_gaps_from_days": (30, MAX_DAYS),
    "hours_between_tries": (1, 12),
    "follow_up_within_days": (1, MAX_DAYS),
    "escalate_unowned_after_days": (1, MAX_DAYS),
    "remind_approvers_after_days": (1, MAX_DAYS),
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
    yield from _out_of_range(policy, _RANGES)
    yield from tolerance_problems(policy.minimum_claim, "minimum_claim")
    tasks = policy.tasks
    yield from (problem.within("tasks") for problem in _out_of_range(tasks, _TASK_RANGES))
    if (tasks.first_contact_tries - 1) * tasks.hours_between_tries > _CALLING_HOURS:
        reason = f"leaves no room for {tasks.first_contact_tries} tries in a day"
        remedy = "Ask for fewer tries, or fewer hours between them"
        yield Problem("tasks.hours_between_tries", reason, remedy, "out_of_range")
    called_by, visited_by = tasks.first_contact_by_days, tasks.visit_by_days
    if called_by and visited_by and visited_by < called_by:
        reason = "is before first_contact_by_days"
        remedy = "Call first: give a later day, or none"
        yield Problem("tasks.visit_by_days", reason, remedy, "out_of_range")


def _out_of_range(
    policy: CasePolicy | TaskPolicy, ranges: dict[str, tuple[int, int]]
) -> Iterator[Problem]:
    for name, (least, most) in ranges.items():
        value = getattr(policy, name)
        if value is not None:
            yield from range_problems(name, value, least, most)
