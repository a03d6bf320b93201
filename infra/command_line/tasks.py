"""tasks: what waits for people today and why; take, try and finish it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    console,
    day_option,
    entry,
    title,
)
from infra.deployment.target import Target, TargetError, find_target
from recovery.domain.cases.notice_delivery import PAPER
from recovery.domain.cases.tasks import Result, Task, TaskOutcome
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import ConflictError, NotOnRecordError, RefusedError
from recovery.domain.shared.in_words import days_in_words
from recovery.domain.shared.money import MoneyError, to_minor
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.do_tasks import find_task, finish_task, take_task, try_task
from recovery.use_cases.cases.list_tasks import list_tasks, task_in_full
from recovery.use_cases.shared.business_date import business_date

if TYPE_CHECKING:
    from recovery.wiring import InstitutionWiring

TaskId = Annotated[str, typer.Argument(metavar="TASK", help="The id that `list` shows.")]
_REFUSALS = (RefusedError, NotOnRecordError, ConflictError, MoneyError, StaleWriteError)


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="What waits for people: who does what by when, why, and what to say.",
    )
    group.command(name="list")(list_open)
    group.command()(show)
    group.command()(take)
    group.command(name="try")(try_)
    group.command()(finish)
    app.add_typer(group, name="tasks")


def list_open(
    role: Annotated[
        Role | None, typer.Option("--for", help="What waits for this role, whoever you are.")
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="Only what is past its deadline.")] = False,
    as_json: AsJson = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List what to do, the nearest deadline first: what waits for you, or for a role.

    Somebody who is not among the people of the institution sees everything.
    """
    target, chosen, ports = _at(institution, aws)
    actor = None if role else _whoever(target, chosen, by)
    found = list_tasks(chosen, ports.now(), ports, role=role, actor=actor, late=late)
    if as_json:
        console.print_json(json.dumps(found))
        return
    whose = f"for {actor.in_words()}" if actor else f"for {role or 'everybody'}"
    today = business_date(chosen, ports.now(), ports.institutions)
    overdue = sum(bool(each["is_late"]) for each in found)
    tasks = "1 task" if len(found) == 1 else f"{len(found)} tasks"
    title(f"{tasks} {whose} on {today}, {overdue} of them late")
    for each in found:
        _show(each)


def show(
    task_id: TaskId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """Show a task: why, by when, what was done, what to say and what not to say."""
    _, chosen, ports = _at(institution, aws)
    task = _found(task_id, ports)
    _print(task, chosen, ports, as_json=as_json)


def take(
    task_id: TaskId,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Take a task. The officer who knows the person comes first."""
    target, chosen, ports = _at(institution, aws)
    actor = deciding_actor(target, chosen, by)
    try:
        task = take_task(chosen, task_id, actor, ports.now(), ports)
    except _REFUSALS as error:
        raise TargetError(str(error)) from None
    _print(task, chosen, ports)


def try_(
    task_id: TaskId,
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M%z"],
            metavar="YYYY-MM-DDTHH:MM+HHMM",
            help="When you tried, with the time zone; without it, just now.",
        ),
    ] = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Put on record that you tried and reached nobody."""
    target, chosen, ports = _at(institution, aws)
    actor = deciding_actor(target, chosen, by)
    try:
        task = try_task(chosen, task_id, actor, at, ports.now(), ports)
    except _REFUSALS as error:
        raise TargetError(str(error)) from None
    tries = ", ".join(f"{each.at:%a %H:%M}" for each in task.tries)
    _say(f"Tried {len(task.tries)} of {task.tries_wanted} times: {tries}. Different hours count.")


def finish(
    task_id: TaskId,
    outcome: Annotated[TaskOutcome, typer.Option(help="What came of it; `show` names those.")],
    amount: Annotated[
        str | None, typer.Option(help="Promised, disputed, or what can be paid now: 50.00.")
    ] = None,
    on: Annotated[
        datetime | None,
        day_option("By which day it is promised; or on which a notice was received or refused."),
    ] = None,
    cause: Annotated[
        str | None, typer.Option(help="Code of the dispute, the complaint or the hardship.")
    ] = None,
    medium: Annotated[
        str | None, typer.Option(help=f"How a notice was delivered: {', '.join(PAPER)}.")
    ] = None,
    sent_on: Annotated[datetime | None, day_option("On which day the notice was sent.")] = None,
    proof: Annotated[
        str | None, typer.Option(help="The carrier's number of it, or the name of the scan.")
    ] = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Put on record what came of a task. A promise, a dispute, a hardship or a death is a fact.

    So is a notice that was delivered: the case goes on only by one that counts where they live.

    *Try:* `recovery tasks finish L-1.notice.2026-03-02 --outcome received --medium burofax
    --sent-on 2026-03-03 --on 2026-03-06 --proof BF-20260303-17`
    """
    target, chosen, ports = _at(institution, aws)
    actor = deciding_actor(target, chosen, by)
    try:
        result = Result(
            code=outcome.value,
            amount_minor=_minor(amount, _found(task_id, ports), ports),
            on=on.date() if on else None,
            cause=cause,
            medium=medium,
            sent_on=sent_on.date() if sent_on else None,
            proof=proof,
        )
        finished = finish_task(chosen, task_id, actor, result, ports.now(), ports)
    except _REFUSALS as error:
        raise TargetError(str(error)) from None
    _say(f"{task_id}: {_in_words(outcome)}, on record.")
    for note in finished.notes:
        _say(f"Note: {note}")


def _at(institution: str | None, aws: bool) -> tuple[Target, str, InstitutionWiring]:
    target = find_target(real=aws)
    chosen = target.institution(institution)
    return target, chosen, target.of(chosen)


def _whoever(target: Target, institution_id: str, by: str | None) -> Actor | None:
    """Return who asks; None for somebody who is not on record, or said no name."""
    if target.embedded and not by:
        return None
    try:
        return deciding_actor(target, institution_id, by)
    except TargetError:
        if by:
            raise
        return None


def _found(task_id: str, ports: InstitutionWiring) -> Task:
    try:
        return find_task(task_id, ports)
    except NotOnRecordError as error:
        raise TargetError(str(error)) from None


def _minor(amount: str | None, task: Task, ports: InstitutionWiring) -> int | None:
    if amount is None:
        return None
    if task.loan_id is None:
        raise TargetError("Leave out --amount: the task is about no loan.")
    return to_minor(amount, ports.loans.load(task.loan_id).loan.currency)


def _show(task: dict[str, object]) -> None:
    """Print a task as one reads it: until when, what, about whom, for whom, why, and its id."""
    late = " (late)" if task["is_late"] else ""
    about = task["loan_id"] or task["person_id"]
    days = task["days_past_due"]
    owes = f", {task['overdue']} {task['currency']} overdue, {_days(days)}" if days else ""
    head = f"by {task['do_by']}{late}: {_in_words(task['kind'])}, {about}{owes}"
    who = f"for {_who(task)}, since {task['opened_on']}"
    entry(head, _why(task), who, f"{task['task_id']}", late=bool(task["is_late"]))


def _who(task: dict[str, object]) -> str:
    if task["taken_by"]:
        return f"{task['taken_by']} has it"
    return f"{task['role']}" + (f", {task['officer']} first" if task["officer"] else "")


def _why(task: dict[str, object]) -> str:
    parts = [f"{task['reason']}"]
    if task["tries"]:
        parts.append(f"tried {task['tries']} of {task['tries_wanted']} times")
    if task["escalated_on"]:
        parts.append(f"escalated on {task['escalated_on']}")
    if "held" in task:
        parts.append(f"DO NOT CALL {task['held']}")
    return "; ".join(parts)


def _print(
    task: Task, institution_id: str, ports: InstitutionWiring, *, as_json: bool = False
) -> None:
    today = business_date(institution_id, ports.now(), ports.institutions)
    shown: dict[str, Any] = task_in_full(task, today, ports)
    if as_json:
        console.print_json(json.dumps(shown))
        return
    title(f"{task.task_id}: {_in_words(task.kind)}, about {task.loan_id or task.person_id}")
    _say(f"Why: {_why(shown)}")
    _say(f"Do by {task.do_by}, open since {task.opened_on}. {_who(shown)}.")
    if shown["days_past_due"]:
        overdue = f"{shown['overdue']} {shown['currency']}"
        _say(f"Overdue: {overdue}, for {_days(shown['days_past_due'])}.")
    for step in shown["course"]:
        _say(f"{step['at'][:16].replace('T', ' ')}  {step['what']} by {step['by']}")
    for each in shown["linked"]:
        _say(f"Linked: {each['task_id']}, about {each['loan_id']}, a loan of the same officer.")
    parts = (("Respect", "respect"), ("Say", "say"), ("Do not say", "do_not_say"))
    for heading, lines in ((heading, shown[name]) for heading, name in parts if shown[name]):
        title(heading)
        for line in lines:
            _say(f"  - {line}")
    if task.is_pending:
        _say(f"Finish it with --outcome: {', '.join(shown['outcomes'])}")


def _days(days: object) -> str:
    return days_in_words(int(f"{days}"))


def _in_words(code: object) -> str:
    return f"{code}".replace("_", " ")


def _say(line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False, markup=False)
