"""Tasks: one thing each for a person to do, with reason and deadline, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from recovery.domain.shared.actor import Actor, Role, as_read
from recovery.domain.shared.business_calendar import DayCounter
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems
from recovery.domain.shared.limits import range_problems

LONGEST_REASON = 300
MOST_TRIES, MOST_TRIES_WANTED = 20, 5
_TASK_ID = re.compile(r"[A-Za-z0-9._#-]{1,160}", re.ASCII)


class TaskKind(StrEnum):
    """What is to be done."""

    CALL = "call"
    VISIT = "visit"
    INVESTIGATE = "investigate"
    ANSWER_COMPLAINT = "answer_complaint"
    DEATH = "death"
    HARDSHIP = "hardship"
    FRAUD = "fraud"
    REPRESENTATIVE = "representative"
    DATA_REQUEST = "data_request"
    SETTLE_RECOURSE = "settle_recourse"
    MISSING_DETAILS = "missing_details"
    COURT = "court"
    SHOCK = "shock"
    PLAN = "plan"
    REPLY = "reply"
    INCIDENT = "incident"
    DELIVER_NOTICE = "deliver_notice"
    DELIVER_LETTER = "deliver_letter"
    RELIEF = "relief"
    LIMITATION = "limitation"
    LISTING = "listing"
    BOOK_IN_CORE = "book_in_core"


class TaskOutcome(StrEnum):
    """What came of it; some become facts: a promise, a dispute, a hardship, a death."""

    REACHED = "reached"
    PROMISE = "promise"
    PLAN_WANTED = "plan_wanted"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    CANNOT_NOW = "cannot_now"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"
    MOVED_AWAY = "moved_away"
    DECEASED_REPORTED = "deceased_reported"
    VISIT_DONE = "visit_done"
    NO_ANSWER = "no_answer"
    DONE = "done"
    RECEIVED = "received"
    UNCOLLECTED = "uncollected"
    NOT_DELIVERED = "not_delivered"


SEEKS_CONTACT = (TaskKind.CALL, TaskKind.VISIT, TaskKind.PLAN, TaskKind.MISSING_DETAILS)
_ANSWERS = (TaskKind.INVESTIGATE, TaskKind.FRAUD, TaskKind.ANSWER_COMPLAINT, TaskKind.COURT)
_NEAR_DAYS = 2
DELIVERY_ENDS = (
    *(TaskOutcome.RECEIVED, TaskOutcome.REFUSED),
    *(TaskOutcome.UNCOLLECTED, TaskOutcome.NOT_DELIVERED),
)
LAPSED = "lapsed"  # an outcome, but nobody's answer: the reason for the task is gone

_TALK = frozenset(
    {
        *(TaskOutcome.REACHED, TaskOutcome.PROMISE, TaskOutcome.PLAN_WANTED),
        *(TaskOutcome.DISPUTE, TaskOutcome.COMPLAINT, TaskOutcome.CANNOT_NOW),
        *(TaskOutcome.REFUSED, TaskOutcome.DECEASED_REPORTED, TaskOutcome.NO_ANSWER),
    }
)
_ONLY_DONE = frozenset({TaskOutcome.DONE})
_OUTCOMES: dict[str, frozenset[TaskOutcome]] = {
    TaskKind.CALL: _TALK | {TaskOutcome.WRONG_NUMBER},
    TaskKind.VISIT: _TALK | {TaskOutcome.VISIT_DONE, TaskOutcome.MOVED_AWAY},
    TaskKind.HARDSHIP: _TALK | {TaskOutcome.WRONG_NUMBER, TaskOutcome.DONE},
    TaskKind.PLAN: _TALK | {TaskOutcome.WRONG_NUMBER, TaskOutcome.DONE},
    TaskKind.REPLY: _TALK | {TaskOutcome.WRONG_NUMBER, TaskOutcome.DONE},
    TaskKind.DELIVER_NOTICE: frozenset({*DELIVERY_ENDS, TaskOutcome.DECEASED_REPORTED}),
    TaskKind.DELIVER_LETTER: frozenset({*DELIVERY_ENDS, TaskOutcome.DECEASED_REPORTED}),
    TaskKind.MISSING_DETAILS: _ONLY_DONE | {TaskOutcome.NO_ANSWER, TaskOutcome.DECEASED_REPORTED},
}
_FOR_TRAINED = frozenset({TaskKind.HARDSHIP})
_DO: dict[str, tuple[Role, ...]] = {
    Role.ADVISOR: (Role.ADVISOR, Role.TRAINED, Role.SUPERVISOR),
    Role.TRAINED: (Role.TRAINED,),
    Role.SUPERVISOR: (Role.SUPERVISOR,),
    Role.LEGAL: (Role.LEGAL,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """An attempt to reach the person that did not succeed; ``at`` is aware, in local time."""

    at: datetime
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a task.

    ``amount_minor``, in the loan's currency, is what is promised by the day ``on``, disputed (None:
    the whole loan), or what somebody can pay now. ``cause`` is the code of what is disputed or
    complained about, or of why somebody cannot pay: never what the person told. Of a notice that a
    person delivered: ``medium``, ``sent_on``, ``on`` which day it was received, refused, or could
    no longer be collected, and ``proof``, a reference.
    """

    code: str
    amount_minor: int | None = None
    on: date | None = None
    cause: str | None = None
    medium: str | None = None
    sent_on: date | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing for a person to do by a day (a business date), and its course.

    ``task_id`` is unique in the institution; whoever opens a task derives it from the reason, so
    that a repeat opens nothing. ``role`` is who may do it; ``officer`` the name of who knows the
    person and comes first; ``not_by`` are names of people who may not do it. ``tries_wanted`` at
    different hours come before "no answer". ``about`` is the id of what it is about, such as a
    promise. Kind, role and outcome are plain text, so that unknown ones can be read.

    ``ended_on`` is set once it is done or lapsed, ``escalated_on`` once a supervisor was told that
    it is late or nobody's. ``brought_back_by`` is the id of the fact that brought back the reason
    of a task that had ended. ``version`` is the stored one, 0 before.
    """

    task_id: str
    kind: str
    person_id: str
    role: str
    reason: str
    opened_on: date
    do_by: date
    loan_id: str | None = None
    officer: str | None = None
    not_by: tuple[str, ...] = ()
    tries_wanted: int = 1
    about: str = ""
    taken_by: Actor | None = None
    taken_at: datetime | None = None
    tries: tuple[Try, ...] = ()
    result: Result | None = None
    ended_on: date | None = None
    ended_by: Actor | None = None
    ended_at: datetime | None = None
    escalated_on: date | None = None
    brought_back_by: str = ""
    version: int = 0

    @property
    def is_pending(self) -> bool:
        return self.ended_on is None

    @property
    def outcome(self) -> str | None:
        """The outcome's code; None while it is open."""
        return self.result.code if self.result else None

    @property
    def waits_for(self) -> frozenset[str]:
        """The roles on whose list it is while it is open: a supervisor's too once escalated."""
        told = {Role.SUPERVISOR.value} if self.escalated_on else set[str]()
        return frozenset({str(self.role), *told})

    def is_late(self, as_of: date) -> bool:
        """Whether it is open after its deadline."""
        return self.is_pending and as_of > self.do_by


def is_answer_due(task: Task, as_of: date, days_between: DayCounter) -> bool:
    """Whether a dispute, a complaint or a court waits for its answer, and the deadline is two days
    away at most, or past."""
    is_near = days_between(as_of, task.do_by) <= _NEAR_DAYS
    return task.is_pending and task.kind in _ANSWERS and is_near


def linked(tasks: Iterable[Task], task: Task) -> tuple[Task, ...]:
    """Return the other open claims of fraud about loans of the same officer, by deadline: cases of
    one officer are looked at together. Of a task of another kind there are none."""
    if task.kind != TaskKind.FRAUD:
        return ()
    officers = {as_read(name) for name in task.not_by}
    others = (
        each
        for each in tasks
        if each.kind == TaskKind.FRAUD and each.is_pending and each.task_id != task.task_id
    )
    found = (each for each in others if officers & {as_read(name) for name in each.not_by})
    return tuple(sorted(found, key=lambda each: (each.do_by, each.task_id)))


def is_task_id(text: str) -> bool:
    """Whether a task can have this id; any other need not be looked up."""
    return _TASK_ID.fullmatch(text) is not None


def outcomes_of(kind: str) -> frozenset[TaskOutcome]:
    """Return the outcomes that a task of this kind may have; of an unknown kind, only done."""
    return _OUTCOMES.get(kind, _ONLY_DONE)


def role_for(kind: str, *, vulnerable: bool = False) -> Role:
    """Return who talks to a person: trained people where it is about hardship or somebody
    vulnerable, else an advisor."""
    return Role.TRAINED if vulnerable or kind in _FOR_TRAINED else Role.ADVISOR


def roles_that_do(task: Task) -> tuple[Role, ...]:
    """Return the roles that may do the task; of an unknown role nobody."""
    return (Role.TRAINED,) if task.kind in _FOR_TRAINED else _DO.get(task.role, ())


def task_problems(task: Task) -> Iterator[Problem]:
    """Yield everything wrong with a task to be opened; nothing if it may go on record."""
    if not is_task_id(task.task_id):
        remedy = "Use 1 to 160 letters, digits and . _ - #"
        yield Problem("task_id", "has another form", remedy)
    if task.kind not in tuple(TaskKind):
        yield Problem("kind", f"{task.kind!r} is unknown", f"Use one of: {', '.join(TaskKind)}")
    if task.role not in _DO:
        yield Problem("role", f"{task.role!r} does no tasks", f"Use one of: {', '.join(_DO)}")
    elif task.kind in _FOR_TRAINED and task.role != Role.TRAINED:
        reason = f"{task.role!r} may not do this kind of task"
        yield Problem("role", reason, f"Leave it to: {Role.TRAINED}")
    yield from free_text_problems("person_id", task.person_id, 64)
    yield from free_text_problems("reason", task.reason, LONGEST_REASON)
    if task.do_by < task.opened_on:
        yield Problem("do_by", "is before opened_on", "Give a later deadline", "out_of_range")
    yield from range_problems("tries_wanted", task.tries_wanted, 1, MOST_TRIES_WANTED)
    if not task.is_pending or task.taken_by or task.tries:
        yield Problem("ended_on", "or another step is already set", "Open it first", "conflict")
