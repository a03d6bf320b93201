"""What waits for people to do, for whom, since when and why; and one task with what to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from recovery.domain.agreements.restraints import Block, blocks
from recovery.domain.cases.task_guidance import guidance
from recovery.domain.cases.task_steps import may_do
from recovery.domain.cases.tasks import SEEKS_CONTACT, Task, TaskKind, linked, outcomes_of
from recovery.domain.shared.actor import Actor, Role, has_name, same_person
from recovery.domain.shared.money import to_decimal_text
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasBorrowers, HasInstitutions, HasLoans, HasTasks
from recovery.use_cases.contact.limits import to_respect
from recovery.use_cases.shared.business_date import business_date

_PAGE = 50


class FullPorts(HasTasks, HasLoans, HasBorrowers, Protocol):
    """What a task is about, and whom, and the tasks it is linked to."""


class ListPorts(HasTasks, HasLoans, HasInstitutions, Protocol):
    """Tasks, with how the loans they are about stand."""


def list_tasks(
    institution_id: str,
    now: datetime,
    ports: ListPorts,
    *,
    role: str | None = None,
    actor: Actor | None = None,
    late: bool = False,
) -> list[dict[str, object]]:
    """List what waits, the nearest deadline first: for this role, or for this person, or all.

    ``late`` leaves out what is in time. What is to be done from a later day on is left out too.
    """
    today = business_date(institution_id, now, ports.institutions)
    found = ports.tasks.late_tasks(today) if late else ports.tasks.open_tasks(role)
    people = ports.institutions.actors(institution_id) if actor else []
    wanted = [
        each
        for each in found
        if each.opened_on <= today
        and (role is None or role in each.waits_for)
        and (actor is None or is_for(each, actor, people, today))
    ]
    loans = _loans_of(wanted, ports)
    return [task_document(each, today, loans.get(each.loan_id or "")) for each in wanted]


def is_for(task: Task, actor: Actor, people: Iterable[Actor], today: date) -> bool:
    """Whether the task waits for this person: they have it, may do it and come first, or are the
    supervisor whom it was escalated to."""
    if task.escalated_on and actor.may(Role.SUPERVISOR):
        return True
    if task.taken_by:
        return same_person(task.taken_by, actor)
    if not may_do(task, actor):
        return False
    is_free = task.officer is None or task.is_late(today) or task.escalated_on is not None
    if is_free or has_name(actor, task.officer or ""):
        return True
    officers = (each for each in people if has_name(each, task.officer or ""))
    return not any(may_do(task, each) for each in officers)


def task_document(task: Task, today: date, stored: StoredLoan | None) -> dict[str, object]:
    """Return the task for people and programs, with how the loan stood at its last review."""
    document: dict[str, object] = {
        "task_id": task.task_id,
        "kind": task.kind,
        "person_id": task.person_id,
        "loan_id": task.loan_id,
        "role": task.role,
        "officer": task.officer,
        "reason": task.reason,
        "opened_on": task.opened_on.isoformat(),
        "do_by": task.do_by.isoformat(),
        "is_late": task.is_late(today),
        "escalated_on": task.escalated_on.isoformat() if task.escalated_on else None,
        "taken_by": task.taken_by.in_words() if task.taken_by else None,
        "tries": len(task.tries),
        "tries_wanted": task.tries_wanted,
        "outcome": task.outcome,
        **_standing(stored),
    }
    bar = _bar(task, stored, today)
    if bar:
        document["held"] = bar
    return document


def task_in_full(task: Task, today: date, ports: FullPorts) -> dict[str, object]:
    """Return the task with its course, what to say, what not to say, and what may come of it.

    ``respect`` is how the person wants to be contacted and what the law of their country asks: it
    goes before everything else. ``linked`` are, for a claim of fraud, those about loans of the same
    officer.
    """
    known = ports.borrowers.load_many([task.person_id])
    waiting = ports.tasks.open_tasks(task.role) if task.kind == TaskKind.FRAUD else ()
    stored = _loans_of([task], ports).get(task.loan_id or "")
    said = guidance(task.kind)
    course: list[dict[str, object]] = []
    if task.taken_by and task.taken_at:
        course.append(_step("taken", task.taken_by, task.taken_at))
    course += (_step("tried", each.by, each.at) for each in task.tries)
    if task.ended_by and task.ended_at:
        course.append(_step(f"ended: {task.outcome}", task.ended_by, task.ended_at))
    return {
        **task_document(task, today, stored),
        "not_by": list(task.not_by),
        "about": task.about or None,
        "linked": [
            {"task_id": each.task_id, "loan_id": each.loan_id} for each in linked(waiting, task)
        ],
        "ended_on": task.ended_on.isoformat() if task.ended_on else None,
        "course": course,
        "respect": [line for person in known for line in to_respect(person, today)],
        "say": list(said.say),
        "do_not_say": list(said.not_say),
        "outcomes": sorted(outcomes_of(task.kind)),
    }


def _step(what: str, by: Actor, at: datetime) -> dict[str, object]:
    return {"what": what, "by": by.in_words(), "at": at.isoformat()}


def _loans_of(tasks: Iterable[Task], ports: HasLoans) -> dict[str, StoredLoan]:
    ids = dict.fromkeys(each.loan_id for each in tasks if each.loan_id)
    return {
        stored.loan.loan_id: stored
        for page in pages(ids, _PAGE)
        for stored in ports.loans.load_many(page)
    }


def _standing(stored: StoredLoan | None) -> dict[str, object]:
    standing = stored.state.standing if stored else None
    if stored is None or standing is None:
        return {"days_past_due": None, "overdue": None, "currency": None}
    currency = stored.loan.currency
    return {
        "days_past_due": standing.days_past_due,
        "overdue": to_decimal_text(standing.overdue.total, currency),
        "currency": currency,
    }


def _bar(task: Task, stored: StoredLoan | None, today: date) -> str | None:
    """Say until when nobody may call; a task that lapses in seconds may still be on the list."""
    restraints = stored.state.restraints if stored else ()
    bar = blocks(restraints, Block.CALLS, today) if task.kind in SEEKS_CONTACT else None
    if bar is None:
        return None
    return f"until {bar.until}" if bar.until else "until further notice"
