"""The steps of a task: taken, tried, finished, lapsed, escalated. Each returns the task after it.

A step that is a repeat returns the task unchanged; one that is not possible raises RefusedError.
Moments are aware and in the institution's local time, so that hours of the day can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from recovery.domain.accounting.said import DisputeKind
from recovery.domain.agreements.person_facts import Cause, ComplaintAbout
from recovery.domain.cases.notice_delivery import delivery_problems
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.tasks import (
    DELIVERY_ENDS,
    LAPSED,
    MOST_TRIES,
    Result,
    Task,
    TaskKind,
    TaskOutcome,
    Try,
    outcomes_of,
    roles_that_do,
)
from recovery.domain.shared.actor import Actor, Role, actor_problems, has_name, same_person
from recovery.domain.shared.business_calendar import DayCounter, calendar_days
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.limits import MAX_MINOR

_OF_A_LOAN = (TaskOutcome.PROMISE, TaskOutcome.DISPUTE)
_WITH_AMOUNT = (*_OF_A_LOAN, TaskOutcome.CANNOT_NOW)
_DELIVERIES = (TaskKind.DELIVER_NOTICE, TaskKind.DELIVER_LETTER)
_CAUSES: dict[str, type[StrEnum]] = {
    TaskOutcome.DISPUTE: DisputeKind,
    TaskOutcome.COMPLAINT: ComplaintAbout,
    TaskOutcome.CANNOT_NOW: Cause,
}


def may_do(task: Task, by: Actor) -> bool:
    """Whether this actor has the right to do the task, whoever comes first."""
    return not list(_right_problems(task, by))


def take(task: Task, by: Actor, at: datetime, as_of: date, people: Iterable[Actor] = ()) -> Task:
    """Return the task as taken by this person.

    The known officer comes first, if they are among ``people`` on record who may do it: somebody
    else takes it only once it is late or escalated. So too what another has taken; a supervisor
    may take over at any time.
    """
    if task.is_pending and task.taken_by and same_person(task.taken_by, by):
        return task
    refuse_if(_taking_problems(task, by, as_of, people))
    return replace(task, taken_by=by, taken_at=at)


def try_once(task: Task, by: Actor, at: datetime) -> Task:
    """Return the task with one more try that reached nobody.

    Whoever has taken it tries. A try at an hour that was tried before goes on record but does not
    bring "no answer" nearer: see ``hours_tried``.
    """
    attempt = Try(at=at, by=by)
    if attempt in task.tries:
        return task
    refuse_if(_trying_problems(task, by, at))
    return replace(task, tries=(*task.tries, attempt))


def finish(
    task: Task, by: Actor, at: datetime, as_of: date, result: Result, policy: TaskPolicy
) -> Task:
    """Return the task as done by whoever has taken it, with what came of it.

    Done is done: only the same result again, a repeat, is no conflict. A task that lapsed while
    somebody was at it still takes what came of it.
    """
    if not task.is_pending and task.result == result:
        return task
    refuse_if(_finishing_problems(task, by, as_of, result, policy))
    return replace(task, result=result, ended_on=as_of, ended_by=by, ended_at=at)


def lapse(task: Task, on: date) -> Task:
    """Return the task as lapsed, as its reason is gone; unchanged if it has ended."""
    if not task.is_pending:
        return task
    return replace(task, result=Result(code=LAPSED), ended_on=max(on, task.opened_on))


def begin_again(ended: Task, task: Task) -> Task:
    """Return the ended task as open again, as its reason is back; what was tried before counts.

    A lapsed one is on a later day. One whose answer was undone is on the same day too, and though
    it was done: each undoing brings it back once. Otherwise unchanged: what is done is done, and a
    repeat opens nothing.
    """
    if ended.ended_on is None:
        return ended
    undone = bool(task.brought_back_by) and task.brought_back_by != ended.brought_back_by
    later = ended.outcome == LAPSED and task.opened_on > ended.ended_on
    if not (undone or later):
        return ended
    return replace(task, tries=ended.tries, version=ended.version)


def escalate(
    task: Task, policy: TaskPolicy, as_of: date, days_between: DayCounter = calendar_days
) -> Task:
    """Return the task as escalated to a supervisor if it is late, or nobody took it for too long;
    unchanged otherwise, and once it was escalated."""
    if not task.is_pending or task.escalated_on:
        return task
    unowned_days = 0 if task.taken_by else days_between(task.opened_on, as_of)
    if task.is_late(as_of) or unowned_days >= policy.escalate_unowned_after_days:
        return replace(task, escalated_on=as_of)
    return task


def hours_tried(task: Task, policy: TaskPolicy) -> int:
    """Count the tries at different hours of the day, on whichever day: each at least the policy's
    hours after the one counted before it."""
    minutes = sorted(each.at.hour * 60 + each.at.minute for each in task.tries)
    counted, next_from = 0, 0
    for minute in minutes:
        if minute >= next_from:
            counted, next_from = counted + 1, minute + policy.hours_between_tries * 60
    return counted


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise RefusedError if there is any problem."""
    found = tuple(problems)
    if found:
        raise RefusedError(*found)


def _right_problems(task: Task, by: Actor) -> Iterator[Problem]:
    """A service does no task: it passes on what a named person did."""
    yield from (problem.within("by") for problem in actor_problems(by))
    roles = roles_that_do(task)
    if not (by.is_person and by.may(*roles)):
        reason = f"{by.in_words()} may not do this task"
        yield Problem("by", reason, f"Leave it to: {' or '.join(roles) or 'nobody yet'}")
    if any(has_name(by, name) for name in task.not_by):
        reason = f"{by.in_words()} is concerned by it"
        yield Problem("by", reason, "Let somebody else do it", "conflict")


def _open_problems(task: Task) -> Iterator[Problem]:
    if not task.is_pending:
        who = f" by {task.ended_by.in_words()}" if task.ended_by else ""
        reason = f"has ended as {task.outcome}{who}"
        yield Problem("task_id", reason, "Choose an open task", "conflict")


def _taking_problems(
    task: Task, by: Actor, as_of: date, people: Iterable[Actor]
) -> Iterator[Problem]:
    problems = [*_open_problems(task), *_right_problems(task, by)]
    yield from problems
    is_free = task.is_late(as_of) or task.escalated_on or by.may(Role.SUPERVISOR)
    if problems or is_free:
        return
    if task.taken_by:
        reason = f"is with {task.taken_by.in_words()}"
        yield Problem("task_id", reason, "Ask them, or let a supervisor take it", "conflict")
    elif task.officer and not has_name(by, task.officer):
        officers = (each for each in people if has_name(each, task.officer))
        if any(may_do(task, each) for each in officers):
            reason = f"is for {task.officer}, who knows the person"
            remedy = f"Leave it to them until {task.do_by}, or let a supervisor take it"
            yield Problem("task_id", reason, remedy, "conflict")


def _taker_problems(task: Task, by: Actor) -> Iterator[Problem]:
    """Only whoever has the task goes on with it, as long as they have the right."""
    yield from _right_problems(task, by)
    if not (task.taken_by and same_person(task.taken_by, by)):
        who = f"is with {task.taken_by.in_words()}" if task.taken_by else "is not taken yet"
        yield Problem("task_id", who, "Take it first", "conflict")


def _trying_problems(task: Task, by: Actor, at: datetime) -> Iterator[Problem]:
    yield from _open_problems(task)
    yield from _taker_problems(task, by)
    if TaskOutcome.NO_ANSWER not in outcomes_of(task.kind):
        yield Problem("task_id", f"is a task of the kind {task.kind}", "Finish it instead")
    if at.tzinfo is None:
        yield Problem("at", "has no time zone", "Give the moment with its time zone")
    elif at.date() < task.opened_on:
        reason = f"is before {task.opened_on}, when the task was opened"
        yield Problem("at", reason, "Give the moment of the try", "out_of_range")
    if len(task.tries) >= MOST_TRIES:
        reason = f"was tried {MOST_TRIES} times"
        yield Problem("task_id", reason, "Leave the person alone; finish the task", "out_of_range")


def _finishing_problems(
    task: Task, by: Actor, as_of: date, result: Result, policy: TaskPolicy
) -> Iterator[Problem]:
    if task.outcome != LAPSED:
        yield from _open_problems(task)
    yield from _taker_problems(task, by)
    allowed = outcomes_of(task.kind)
    if result.code not in allowed:
        reason = f"{result.code!r} is no outcome of the kind {task.kind}"
        yield Problem("outcome", reason, f"Use one of: {', '.join(sorted(allowed))}")
    left = task.tries_wanted - hours_tried(task, policy)
    if result.code == TaskOutcome.NO_ANSWER and left > 0:
        hours = policy.hours_between_tries
        remedy = f"Try again at another time of day, at least {hours} hours from the other tries"
        yield Problem("outcome", f"comes {left} more tries too early", remedy, "conflict")
    if result.code in DELIVERY_ENDS and task.kind in _DELIVERIES:
        yield from delivery_problems(task, as_of, result)
        return
    for name in ("medium", "sent_on", "proof"):
        if getattr(result, name) is not None:
            yield Problem(name, f"does not go with {result.code}", "Leave it out", "unknown_field")
    yield from _result_problems(task, as_of, result)


def _result_problems(task: Task, as_of: date, result: Result) -> Iterator[Problem]:
    code, amount_minor = result.code, result.amount_minor
    is_promise = code == TaskOutcome.PROMISE
    if code in _OF_A_LOAN and task.loan_id is None:
        yield Problem("outcome", "is about no loan", "Record it on the loan itself")
    if is_promise and amount_minor is None:
        yield Problem("amount", "is missing", "Say how much was promised", "missing")
    if amount_minor is not None and code not in _WITH_AMOUNT:
        yield Problem("amount", f"does not go with {code}", "Leave it out", "unknown_field")
    elif amount_minor is not None and not 1 <= amount_minor <= MAX_MINOR:
        yield Problem("amount", "is not above zero", "Say how much", "out_of_range")
    if is_promise and result.on is None:
        yield Problem("on", "is missing", "Say by which day", "missing")
    if result.on is not None and not is_promise:
        yield Problem("on", f"does not go with {code}", "Leave it out", "unknown_field")
    elif result.on is not None and result.on < as_of:
        yield Problem("on", "is in the past", "Give today or a later day", "out_of_range")
    yield from _cause_problems(result)


def _cause_problems(result: Result) -> Iterator[Problem]:
    causes = _CAUSES.get(result.code)
    if causes is None:
        if result.cause is not None:
            reason = f"does not go with {result.code}"
            yield Problem("cause", reason, "Leave it out", "unknown_field")
        return
    remedy = f"Use one of: {', '.join(causes)}"
    if result.cause is None and result.code != TaskOutcome.CANNOT_NOW:  # no more is asked
        yield Problem("cause", "is missing", remedy, "missing")
    elif result.cause is not None and result.cause not in tuple(causes):
        yield Problem("cause", f"{result.cause!r} is unknown", remedy)
