"""Answers about tasks, cases and the way to court."""

from __future__ import annotations

from typing import NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from recovery.documents.answers.shared import Date, Moment, Money


class TaskInBrief(TypedDict):
    """What a person has to do: by when, why, and about whom."""

    task_id: str
    kind: str
    person_id: str
    loan_id: str | None
    role: str
    officer: str | None
    reason: str
    opened_on: Date
    do_by: Date
    is_late: bool
    escalated_on: Date | None
    taken_by: str | None
    tries: int
    tries_wanted: int
    outcome: str | None
    days_past_due: int | None
    overdue: Money | None
    currency: str | None
    held: NotRequired[str]


class LinkedTask(TypedDict):
    """A task about another loan of the same person, done with this one."""

    task_id: str
    loan_id: str | None


@with_config(extra="allow")
class TaskStep(TypedDict):
    """What was done about a task."""

    what: str
    by: str
    at: Moment


class TaskInFull(TaskInBrief):
    """A task, its course, what to say and not to say, and the outcomes it may have."""

    not_by: list[str]
    about: str | None
    linked: list[LinkedTask]
    ended_on: Date | None
    course: list[TaskStep]
    respect: list[str]
    say: list[str]
    do_not_say: list[str]
    outcomes: list[str]


class TaskEnded(TaskInFull):
    """A task as it ended; ``notes`` are what speaks against a promise's being kept."""

    notes: list[str]


class Tasks(TypedDict):
    """A page of what waits, the nearest deadline first."""

    tasks: list[TaskInBrief]
    next: str | None


Waiting = TypedDict(
    "Waiting",
    {
        "what": str,
        "id": str,
        "about": str | None,
        "for": list[str],
        "since": Date | None,
        "until": Date | None,
        "with": str | None,
        "why": str,
    },
)


class CaseListed(TypedDict):
    """An open case on a list."""

    case_id: str
    loan_id: str
    stage: str
    since: Date
    why: str | None
    opened_on: Date
    officer: str | None
    days_past_due: int
    overdue: Money
    currency: str


class Cases(TypedDict):
    """A page of the list that was asked for."""

    waiting: NotRequired[list[Waiting]]
    cases: NotRequired[list[CaseListed]]
    restrained: NotRequired[list[dict[str, object]]]
    next: str | None


class OnTheWayToCourt(TypedDict):
    """What waits before court, the dossier, every suit, and the way back."""

    loan_id: str
    case_id: str | None
    stage: str | None
    stage_since: Date | None
    pre_action: dict[str, object] | None
    letters: list[dict[str, object]]
    dossier: dict[str, object] | None
    proceedings: list[dict[str, object]]
    way_back: list[dict[str, object]]


class CaseDecision(TypedDict):
    """A decision on record; ``moves_to`` is null while a second person has to decide."""

    decision_id: str
    outcome: str | None
    moves_to: str | None


@with_config(extra="allow")
class ProcedureAnswer(TypedDict):
    """Which procedure, whether now, and why; see `recovery procedure`."""

    status: str
    reasons: list[dict[str, object]]


@with_config(extra="allow")
class LoanExported(TypedDict):
    """A loan as it was known on a day."""

    format: str
    loan_id: str
    known_on: Date
    exported_at: Moment


class DossierFiles(TypedDict):
    """The dossier that waits or was approved: its files by hash, and links for some minutes."""

    loan_id: str
    dossier_id: str
    hash: str
    as_of: Date
    files: dict[str, str]
    pdf: str
    zip: str
