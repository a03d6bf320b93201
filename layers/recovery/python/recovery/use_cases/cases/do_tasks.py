"""What people do with their tasks: take, try and finish them. What came of one becomes a fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from recovery.domain.agreements.restraints import Block, blocks
from recovery.domain.cases.task_steps import finish, take, try_once
from recovery.domain.cases.tasks import SEEKS_CONTACT, Result, Task
from recovery.domain.contact.personal_contact import cap_reached
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import NotOnRecordError, Problem, RefusedError
from recovery.ports.needs import HasBorrowers, HasInstitutions, HasLoans, HasPeople, HasTasks
from recovery.use_cases.cases.task_facts import TaskFactPorts, record_what_came
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale


def _any(task: Task) -> None:
    """Let every task pass."""


class TaskStepPorts(HasTasks, HasLoans, HasPeople, HasBorrowers, HasInstitutions, Protocol):
    """Tasks, whom they are about, and who does them."""


class FinishingPorts(HasTasks, TaskFactPorts, Protocol):
    """Tasks, and the facts that come of them."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The task as it ended; ``notes`` are what speaks against a promise's being kept."""

    task: Task
    notes: tuple[str, ...] = ()


def find_task(task_id: str, ports: HasTasks) -> Task:
    """Return the task. Raises NotOnRecordError."""
    task = ports.tasks.find(task_id)
    if task is None:
        raise NotOnRecordError("task_id", f"task {task_id[:160]}")
    return task


@retry_when_stale
def take_task(
    institution_id: str,
    task_id: str,
    by: Actor,
    now: datetime,
    ports: TaskStepPorts,
    check: Callable[[Task], None] = _any,
) -> Task:
    """Take the task; taking it again changes nothing. ``check`` may refuse it as it is found.

    Raises NotOnRecordError; RefusedError for who may not take it, while nobody may call, and while
    the person has been called or visited as often as they may.
    """
    task = find_task(task_id, ports)
    check(task)
    today = business_date(institution_id, now, ports.institutions)
    people = ports.institutions.actors(institution_id)
    taken = take(task, by, _local(institution_id, now, ports), today, people)
    problem = _held(task, today, ports)
    if problem is None and taken is not task:
        problem = _too_often(institution_id, task, today, ports)
    if problem:
        raise RefusedError(problem)
    return _saved(task, taken, ports)


@retry_when_stale
def try_task(
    institution_id: str,
    task_id: str,
    by: Actor,
    at: datetime | None,
    now: datetime,
    ports: TaskStepPorts,
    check: Callable[[Task], None] = _any,
) -> Task:
    """Put on record that nobody was reached ``at`` this moment, None: now.

    Raises NotOnRecordError; RefusedError for a moment to come, or a step that is not possible.
    """
    task = find_task(task_id, ports)
    check(task)
    if at and at.tzinfo and at > now:
        remedy = "Give the moment at which you tried"
        raise RefusedError(Problem("at", "is in the future", remedy, "out_of_range"))
    moment = at or now
    local = _local(institution_id, moment, ports) if moment.tzinfo else moment
    return _saved(task, try_once(task, by, local.replace(second=0, microsecond=0)), ports)


@retry_when_stale
def finish_task(
    institution_id: str,
    task_id: str,
    by: Actor,
    result: Result,
    now: datetime,
    ports: FinishingPorts,
    check: Callable[[Task], None] = _any,
) -> Finished:
    """Put on record what came of the task, and the fact that it is.

    The fact comes first, under an id of the task's, so that a repeat after a crash completes both.
    Raises NotOnRecordError; RefusedError for what does not fit the task, or may not be a fact.
    """
    task = find_task(task_id, ports)
    check(task)
    today = business_date(institution_id, now, ports.institutions)
    policy = ports.institutions.policy(institution_id, today).cases.tasks
    local = _local(institution_id, now, ports)
    done = finish(task, by, local, today, result, policy)
    notes = () if done is task else record_what_came(institution_id, done, by, now, ports)
    return Finished(_saved(task, done, ports), notes)


def _saved(before: Task, after: Task, ports: HasTasks) -> Task:
    if after is not before:
        ports.tasks.save(after)
    return after


def _held(task: Task, today: date, ports: TaskStepPorts) -> Problem | None:
    """Return why nobody may call or visit now: the person's restraints are read at this moment."""
    if task.kind not in SEEKS_CONTACT:
        return None
    person = ports.people.find(task.person_id)
    restraints = person.restraints if person else ()
    if task.loan_id:
        restraints = (*restraints, *ports.loans.load(task.loan_id).state.restraints)
    bar = blocks(restraints, Block.CALLS, today)
    if bar is None:
        return None
    until = f"until {bar.until}" if bar.until else "until further notice"
    reason = f"seeks contact, which is held {until}"
    return Problem("task_id", reason, "Leave the person alone; the task lapses", "conflict")


def _too_often(
    institution_id: str, task: Task, today: date, ports: TaskStepPorts
) -> Problem | None:
    """Return why nobody may call or visit yet: the caps on it, over all that was done."""
    people = ports.borrowers.load_many([task.person_id])
    if not people:
        return None  # nobody is known by this name: the caps of no place hold
    policy = ports.institutions.policy(institution_id, today).contact
    limits = limits_for(people[0], policy)
    full = cap_reached(task, ports.tasks.of_person(task.person_id), limits, today)
    if full is None:
        return None
    remedy = f"Take it from {full.free_on} on"
    return Problem("task_id", f"is too early: {full.in_words()}", remedy, "conflict")


def _local(institution_id: str, at: datetime, ports: HasInstitutions) -> datetime:
    return at.astimezone(ZoneInfo(ports.institutions.time_zone(institution_id)))
