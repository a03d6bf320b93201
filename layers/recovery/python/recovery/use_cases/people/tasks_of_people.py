"""What people have to do because of what somebody told of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from recovery.domain.agreements.people_rules import heirs_left_alone_until
from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintEnd,
    Hardship,
    Hold,
    HoldEnd,
    PersonFactRecord,
)
from recovery.domain.agreements.restraints import Kind, Restraint, in_force
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.shared.actor import Role
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.use_cases.people.completed import Told

_DAY = timedelta(days=1)
_SOON_DAYS = 2
_WEEKDAYS = BusinessCalendar()


def tasks_by(record: PersonFactRecord, told: Told, known: Sequence[Restraint]) -> Iterator[Task]:
    """Yield the tasks that the fact brings; ``known`` is what held back before. A death that is
    reported again brings no second one."""
    fact, today = record.fact, record.known_on
    soon = working_day_after(today, _SOON_DAYS)
    match fact:
        case Hardship():
            causes = ", ".join(each.value.replace("_", " ") for each in fact.causes)
            reason = f"hardship: {causes}; ask what would help, and only what is needed"
            yield _task(record, TaskKind.HARDSHIP, Role.TRAINED, reason, today, soon)
            reason = "hardship: ask how things are now, and whether it is over"
            yield _task(
                *(record, TaskKind.HARDSHIP, Role.TRAINED, reason, fact.review_on, fact.review_on),
                suffix=".review",
            )
        case Hold() if fact.kind in {each.kind for each in in_force(known, today)}:
            return
        case Hold() if fact.kind == Kind.DEATH:
            alone = heirs_left_alone_until(told.pack, fact.on)
            seen = "seen" if fact.seen else "not yet seen"
            reason = (
                f"death reported, certificate {seen}: see it, look for credit-life insurance, find"
                f" out who represents the estate; nothing is asked of heirs until after {alone}"
            )
            yield _task(record, TaskKind.DEATH, Role.SUPERVISOR, reason, today, soon)
        case Hold() if fact.kind in (Kind.REPRESENTATIVE, Kind.MINOR):
            reason = "somebody acts for this person: see the mandate, and speak with them alone"
            yield _task(record, TaskKind.REPRESENTATIVE, Role.SUPERVISOR, reason, today, soon)
        case Hold() if fact.kind in (Kind.MORATORIUM, Kind.INSOLVENCY, Kind.BREATHING_SPACE):
            reason = f"{fact.kind.replace('_', ' ')} reported: see the decision and its dates"
            yield _task(record, TaskKind.REPRESENTATIVE, Role.LEGAL, reason, today, soon)
        case Complaint():
            about = fact.about.value.replace("_", " ")
            reason = f"complaint {record.fact_id} about {about}: look into it, answer in writing"
            yield _task(
                *(record, TaskKind.ANSWER_COMPLAINT, Role.SUPERVISOR, reason, today),
                max(fact.answer_by, today),
                loan_id=fact.loan_id,
                not_by=fact.not_by,
            )
        case _:
            return


def tasks_ended_by(record: PersonFactRecord, records: Sequence[PersonFactRecord]) -> Iterator[str]:
    """Yield the ids of the tasks that need not be done any more."""
    fact = record.fact
    if isinstance(fact, ComplaintEnd):
        yield _task_id(record.person_id, fact.complaint_id)
    if isinstance(fact, HoldEnd):
        yield _task_id(record.person_id, fact.fact_id)
        ended = next((each.fact for each in records if each.fact_id == fact.fact_id), None)
        if isinstance(ended, Hardship):
            yield _task_id(record.person_id, fact.fact_id) + ".review"


def working_day_after(day: date, days: int) -> date:
    """Return the working day so many working days later."""
    for _ in range(days):
        day = _WEEKDAYS.roll(day + _DAY, "following")
    return day


def _task_id(person_id: str, fact_id: str) -> str:
    return f"{person_id}.{fact_id}"


def _task(
    record: PersonFactRecord,
    kind: TaskKind,
    role: Role,
    reason: str,
    opened_on: date,
    do_by: date,
    *,
    suffix: str = "",
    loan_id: str | None = None,
    not_by: tuple[str, ...] = (),
) -> Task:
    return Task(
        task_id=_task_id(record.person_id, record.fact_id) + suffix,
        kind=kind,
        person_id=record.person_id,
        loan_id=loan_id,
        role=role,
        not_by=not_by,
        reason=reason,
        opened_on=opened_on,
        do_by=do_by,
        about=record.fact_id,
    )
