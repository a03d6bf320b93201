"""What has to be done next because of what came of a task: nobody who waits is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.first_contact import visit_after
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.tasks import Task, TaskKind, TaskOutcome, role_for

_NEXT: dict[str, tuple[TaskKind, str]] = {
    TaskOutcome.PLAN_WANTED: (TaskKind.PLAN, "asked for a plan: work it out together"),
    TaskOutcome.WRONG_NUMBER: (TaskKind.MISSING_DETAILS, "the number is wrong: find the right one"),
    TaskOutcome.MOVED_AWAY: (TaskKind.MISSING_DETAILS, "moved away: find the new address"),
}


def follow_ups(
    task: Task, policy: TaskPolicy, restraints: tuple[Restraint, ...], as_of: date
) -> Iterator[Task]:
    """Yield the tasks that follow from an ended one; each has an id of its own, so that a repeat
    opens nothing. ``restraints`` are those on the loan and the person."""
    visit = visit_after(task, policy, restraints, as_of)
    if visit:
        yield visit
    if task.outcome not in _NEXT:
        return
    kind, reason = _NEXT[task.outcome]
    yield Task(
        task_id=f"{task.task_id}.{kind}",
        kind=kind,
        person_id=task.person_id,
        loan_id=task.loan_id,
        role=role_for(kind),
        officer=task.officer,
        not_by=task.not_by,
        reason=reason,
        opened_on=as_of,
        do_by=as_of + timedelta(days=policy.follow_up_within_days),
        about=task.task_id,
    )
