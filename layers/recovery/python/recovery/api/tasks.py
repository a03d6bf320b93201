"""Tasks: what waits for people, and what they do with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response

from recovery.api.acting import acting
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.api.versions import tagged, unchanged
from recovery.documents.answers.cases import TaskEnded, TaskInFull, Tasks
from recovery.documents.cases.task_request import (
    OutcomeBody,
    StepBody,
    TryBody,
    outcome_request,
    step_request,
    try_request,
)
from recovery.documents.cases.tasks_query import TasksParameters, tasks_query
from recovery.documents.shared.page import page_of, place_by
from recovery.domain.cases.tasks import Task, is_task_id
from recovery.domain.shared.errors import NotOnRecordError
from recovery.use_cases.cases.do_tasks import find_task, finish_task, take_task, try_task
from recovery.use_cases.cases.list_tasks import list_tasks, task_in_full
from recovery.use_cases.shared.business_date import business_date

router = Routes("Tasks")
_TASKS = "/institutions/<institution_id>/tasks"


@router.get(_TASKS)
@described(asks=TasksParameters, gives={200: Tasks})
def get_tasks(institution_id: str) -> dict[str, object]:
    """Return 200 with a page of what waits, the nearest deadline first.

    ``for`` is a role; without it, a person gets what waits for them and a service everything.
    ``late=true`` leaves out what is in time.
    """
    ports = ports_of(router, institution_id)
    caller = actor_of(router, institution_id, ports)
    query = tasks_query(router.current_event.query_string_parameters)
    actor = caller if query.role is None and caller.is_person else None
    late = query.late == "true"
    found = list_tasks(institution_id, ports.now(), ports, role=query.role, actor=actor, late=late)
    page, following = page_of(found, place_by("do_by", "task_id"), query)
    return {"tasks": page, "next": following}


@router.get(f"{_TASKS}/<task_id>")
@described(gives={200: TaskInFull}, tagged=True)
def get_task(institution_id: str, task_id: str) -> Response[str]:
    """Return 200 with the task, its course, and what to say and not to say."""
    ports = ports_of(router, institution_id)
    return _in_full(institution_id, find_task(_id(task_id), ports), ports)


@router.post(f"{_TASKS}/<task_id>/take")
@described(takes=StepBody, optional=True, gives={200: TaskInFull}, tagged=True, guarded=True)
def post_take(institution_id: str, task_id: str) -> Response[str]:
    """Return 200 with the task as taken, also for a repeat."""
    ports = ports_of(router, institution_id)
    by = acting(router, institution_id, step_request(router.current_event.body), ports)
    task = take_task(institution_id, _id(task_id), by, ports.now(), ports, unchanged(router))
    return _in_full(institution_id, task, ports)


@router.post(f"{_TASKS}/<task_id>/tries")
@described(takes=TryBody, optional=True, gives={200: TaskInFull}, tagged=True, guarded=True)
def post_try(institution_id: str, task_id: str) -> Response[str]:
    """Return 200 with the task and its tries, also for a repeat of one with its moment."""
    ports = ports_of(router, institution_id)
    by_id, at = try_request(router.current_event.body)
    by = acting(router, institution_id, by_id, ports)
    task = try_task(institution_id, _id(task_id), by, at, ports.now(), ports, unchanged(router))
    return _in_full(institution_id, task, ports)


@router.post(f"{_TASKS}/<task_id>/outcome")
@described(takes=OutcomeBody, gives={200: TaskEnded}, tagged=True, guarded=True)
def post_outcome(institution_id: str, task_id: str) -> Response[str]:
    """Return 200 with the task as it ended, also for a repeat; another outcome is refused."""
    ports = ports_of(router, institution_id)
    task = find_task(_id(task_id), ports)
    currency = ports.loans.load(task.loan_id).loan.currency if task.loan_id else None
    by_id, result = outcome_request(router.current_event.body, currency)
    by = acting(router, institution_id, by_id, ports)
    check, now = unchanged(router), ports.now()
    finished = finish_task(institution_id, task.task_id, by, result, now, ports, check)
    return _in_full(institution_id, finished.task, ports, notes=list(finished.notes))


def _in_full(institution_id: str, task: Task, ports: Any, **more: object) -> Response[str]:
    today = business_date(institution_id, ports.now(), ports.institutions)
    return tagged({**task_in_full(task, today, ports), **more}, task)


def _id(task_id: str) -> str:
    task_id = unquote(task_id)
    if not is_task_id(task_id):
        raise NotOnRecordError("task_id", f"task {task_id[:160]}")
    return task_id
