"""Open the tasks that somebody decided on, let others lapse, and announce what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from recovery.domain.cases.task_steps import lapse
from recovery.domain.cases.tasks import Task
from recovery.ports.needs import HasBus, HasTasks, HasTimeline
from recovery.use_cases.cases.task_news import (
    ended_entries,
    ended_event,
    opened_entries,
    opened_event,
)
from recovery.use_cases.shared.retrying import retry_when_stale


class TaskPorts(HasTasks, HasTimeline, HasBus, Protocol):
    """Tasks, and where they are announced."""


def open_tasks(tasks: Iterable[Task], ports: TaskPorts) -> None:
    """Put each task on record, once by its id, and announce it unless it has ended."""
    for task in tasks:
        known = None if ports.tasks.add(task) else ports.tasks.find(task.task_id)
        if known and not known.is_pending:
            continue
        if task.loan_id:
            ports.timeline.add(task.loan_id, opened_entries(task))
        ports.bus.publish([opened_event(task)])


def end_tasks(task_ids: Iterable[str], as_of: date, ports: HasTasks) -> None:
    """Let the tasks lapse that are still open; whoever works on one is told when they finish."""
    for task_id in task_ids:
        _lapse(task_id, as_of, ports)


def route_task(task_id: str, ports: TaskPorts) -> None:
    """Announce the end of a task, and acknowledge it."""
    task = ports.tasks.find(task_id)
    if task is None or task.is_pending:
        return
    if task.loan_id:
        ports.timeline.add(task.loan_id, ended_entries(task))
    ports.bus.publish([ended_event(task)])
    ports.tasks.acknowledge(task_id)


@retry_when_stale
def _lapse(task_id: str, as_of: date, ports: HasTasks) -> None:
    task = ports.tasks.find(task_id)
    if task and task.is_pending:
        ports.tasks.save(lapse(task, as_of))
