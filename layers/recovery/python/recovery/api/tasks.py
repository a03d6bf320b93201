"""Tasks: what waits for people, and what they do with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.acting import acting
from recovery.api.institutions import actor_of, ports_of
from recovery.documents.cases.task_request import outcome_request, step_request, try_request
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.cases.tasks import Task, is_task_id
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import NotOnRecordError, Problem
from recovery.use_cases.cases.do_tasks import find_task, finish_task, take_task, try_task
from recovery.use_cases.cases.list_tasks import list_tasks, task_in_full
from recovery.use_cases.shared.business_date import business_date

router = Router()  # type: ignore[no-untyped-call]
_TASKS = "/institutions/<institution_id>/tasks"


@router.get(_TASKS)
def get_tasks(institution_id: str) -> dict[str, object]:
    """Return 200 with what waits, the nearest deadline first.

    ``for`` is a role; without it, a person gets what waits for them and a service everything.
    ``late=true`` leaves out what is in time.
    """
    ports = ports_of(router, institution_id)
    caller = actor_of(router, institution_id, ports)
    role, late = _query("for"), _query("late")
    problems = []
    if role is not None and role not in tuple(Role):
        remedy = f"Use one of: {', '.join(Role)}"
        problems.append(Problem("for", f"{role!r} is no role", remedy))
    if late not in (None, "true", "false"):
        problems.append(Problem("late", f"{late!r} is neither true nor false", "Send one of them"))
    if problems:
        raise InvalidDocumentError(*problems)
    actor = caller if role is None and caller.is_person else None
    found = list_tasks(
        institution_id, ports.now(), ports, role=role, actor=actor, late=late == "true"
    )
    return {"tasks": found}


@router.get(f"{_TASKS}/<task_id>")
def get_task(institution_id: str, task_id: str) -> dict[str, object]:
    """Return 200 with the task, its course, and what to say and not to say."""
    ports = ports_of(router, institution_id)
    return _in_full(institution_id, find_task(_id(task_id), ports), ports)


@router.post(f"{_TASKS}/<task_id>/take")
def post_take(institution_id: str, task_id: str) -> dict[str, object]:
    """Return 200 with the task as taken, also for a repeat."""
    ports = ports_of(router, institution_id)
    by = acting(router, institution_id, step_request(router.current_event.body), ports)
    task = take_task(institution_id, _id(task_id), by, ports.now(), ports)
    return _in_full(institution_id, task, ports)


@router.post(f"{_TASKS}/<task_id>/tries")
def post_try(institution_id: str, task_id: str) -> dict[str, object]:
    """Return 200 with the task and its tries, also for a repeat of one with its moment."""
    ports = ports_of(router, institution_id)
    by_id, at = try_request(router.current_event.body)
    by = acting(router, institution_id, by_id, ports)
    task = try_task(institution_id, _id(task_id), by, at, ports.now(), ports)
    return _in_full(institution_id, task, ports)


@router.post(f"{_TASKS}/<task_id>/outcome")
def post_outcome(institution_id: str, task_id: str) -> dict[str, object]:
    """Return 200 with the task as it ended, also for a repeat; another outcome is refused."""
    ports = ports_of(router, institution_id)
    task = find_task(_id(task_id), ports)
    currency = ports.loans.load(task.loan_id).loan.currency if task.loan_id else None
    by_id, result = outcome_request(router.current_event.body, currency)
    by = acting(router, institution_id, by_id, ports)
    finished = finish_task(institution_id, task.task_id, by, result, ports.now(), ports)
    return {**_in_full(institution_id, finished.task, ports), "notes": list(finished.notes)}


def _in_full(institution_id: str, task: Task, ports: Any) -> dict[str, object]:
    today = business_date(institution_id, ports.now(), ports.institutions)
    return task_in_full(task, today, ports)


def _query(name: str) -> str | None:
    value: str | None = router.current_event.get_query_string_value(name)
    return value


def _id(task_id: str) -> str:
    task_id = unquote(task_id)
    if not is_task_id(task_id):
        raise NotOnRecordError("task_id", f"task {task_id[:160]}")
    return task_id
