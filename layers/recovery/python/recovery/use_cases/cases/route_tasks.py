"""Open the tasks that somebody decided on, let others lapse, and go on from what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from recovery.domain.cases.follow_ups import follow_ups
from recovery.domain.cases.task_steps import begin_again, lapse, refuse_if
from recovery.domain.cases.tasks import SEEKS_CONTACT, Task, TaskKind, task_problems
from recovery.ports.needs import HasBus, HasPeople, HasTasks, HasTimeline, LoansAndInstitutions
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.task_news import (
    ended_entries,
    ended_event,
    opened_entries,
    opened_event,
)
from recovery.use_cases.people.retain import retain_task
from recovery.use_cases.shared.retrying import retry_when_stale


class TaskPorts(HasTasks, HasTimeline, HasBus, Protocol):
    """Tasks, and where they are announced."""


class FollowUpPorts(TaskPorts, LoansAndInstitutions, HasPeople, Protocol):
    """What the tasks that follow depend on."""


def open_tasks(tasks: Iterable[Task], ports: TaskPorts) -> None:
    """Put each task on record, once by its id, and announce it unless it has ended.

    One that ended is opened again if its reason is back. Raises RefusedError for a task that nobody
    could do.
    """
    for task in tasks:
        refuse_if(task_problems(task))
        if not ports.tasks.add(task) and not _reopened(task, ports).is_pending:
            continue
        if task.loan_id:
            ports.timeline.add(task.loan_id, opened_entries(task))
        ports.bus.publish([opened_event(task)])


def leave_alone(person_id: str, as_of: date, ports: HasTasks) -> None:
    """Let everything lapse that seeks contact with this person, who is dead."""
    for task in ports.tasks.of_person(person_id):
        if task.is_pending and task.kind in (*SEEKS_CONTACT, TaskKind.HARDSHIP):
            _lapse(task.task_id, as_of, ports)


def end_tasks(task_ids: Iterable[str], as_of: date, ports: HasTasks) -> None:
    """Let the tasks lapse that are still open; whoever works on one is told when they finish."""
    for task_id in task_ids:
        _lapse(task_id, as_of, ports)


def route_task(institution_id: str, task_id: str, ports: FollowUpPorts) -> None:
    """Open what follows from the end of a task, announce both, and acknowledge the end."""
    task = ports.tasks.find(task_id)
    if task is None or task.is_pending or task.ended_on is None:
        return
    policy = ports.institutions.policy(institution_id, task.ended_on).cases.tasks
    person = ports.people.find(task.person_id)
    restraints = person.restraints if person else ()
    if task.loan_id:
        restraints = (*restraints, *ports.loans.load(task.loan_id).state.restraints)
    open_tasks(follow_ups(task, policy, restraints, task.ended_on), ports)
    if task.loan_id:
        ports.timeline.add(task.loan_id, ended_entries(task))
    ports.bus.publish([ended_event(task)])
    retain_task(task, ports)
    ports.tasks.acknowledge(task_id)


@retry_when_stale
def _reopened(task: Task, ports: HasTasks) -> Task:
    """Return the task on record, opened again if its reason is back."""
    known = ports.tasks.find(task.task_id)
    if known is None:
        raise StaleWriteError(f"task {task.task_id} is being added")
    again = begin_again(known, task)
    if again is not known:
        ports.tasks.save(again)
    return again


@retry_when_stale
def _lapse(task_id: str, as_of: date, ports: HasTasks) -> None:
    task = ports.tasks.find(task_id)
    if task and task.is_pending:
        ports.tasks.save(lapse(task, as_of))
