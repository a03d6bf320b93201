"""Carry out what was decided about a person: tasks, the event bus, and each of their loans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from recovery.domain.accounting.said import Written
from recovery.domain.agreements.dispute import ANSWERED_WITHIN_DAYS, COMPLAINT
from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintEnd,
    ComplaintOutcome,
    PersonFactRecord,
)
from recovery.domain.agreements.restraints import Kind, Restraint, in_force
from recovery.domain.cases.stages import FILED
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.outbox import Outbox, outbox_id
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.use_cases.cases.route_tasks import TaskPorts, end_tasks, leave_alone, open_tasks
from recovery.use_cases.people.retain import RetainingPersonPorts, retain_person
from recovery.use_cases.people.with_person import with_person
from recovery.use_cases.shared.retrying import retry_until_fresh

_STAYS_PROCEEDINGS = (Kind.DEATH, Kind.INSOLVENCY)


class PersonRoutingPorts(TaskPorts, RetainingPersonPorts, Protocol):
    """Everything that a fact about a person may reach."""


def route_person(person_id: str, ports: PersonRoutingPorts) -> list[Outbox]:
    """Carry out the person's outboxes in order, acknowledge them, and return them.

    What holds back for the person is copied to each loan as it is now, so that a repeat or an old
    outbox does no harm. If one fails, the error is raised, and it waits with the later ones; a loan
    that fails does not keep it from the person's others.
    """
    waiting, done = ports.people.outboxes(person_id), list[Outbox]()
    try:
        for outbox in waiting:
            open_tasks(outbox.tasks, ports)
            end_tasks(outbox.ends_tasks, outbox.as_of, ports)
            failed = _tell_all(person_id, outbox, ports)
            person = ports.people.find(person_id)
            held = in_force(person.restraints if person else (), outbox.as_of)
            if any(each.kind == Kind.DEATH for each in held):
                leave_alone(person_id, outbox.as_of, ports)
            if outbox.retains:
                retain_person(person_id, outbox.as_of, ports)
            ports.bus.publish(outbox.events)
            if failed:
                raise failed[0]
            done.append(outbox)
    finally:
        ports.people.acknowledge(person_id, [each.outbox_id for each in done])
    return done


def _tell_all(person_id: str, outbox: Outbox, ports: PersonRoutingPorts) -> list[Exception]:
    """Tell each loan of the person; return what failed."""
    failed = list[Exception]()
    for loan_id in ports.borrowers.loans_of(person_id):
        try:
            _tell(loan_id, person_id, outbox, ports)
        except Exception as error:
            failed.append(error)
    return failed


def _tell(loan_id: str, person_id: str, outbox: Outbox, ports: PersonRoutingPorts) -> None:
    """Copy to the loan what holds back for its borrower, and let it be reviewed."""
    ports.timeline.add(loan_id, outbox.timeline)

    def step() -> tuple[StoredLoan, tuple[Restraint, ...]] | None:
        person, stored = ports.people.find(person_id), ports.loans.load(loan_id)
        if person is None:
            return None
        before, after = stored.state, with_person(stored.state, person)
        answers = (
            *(each for each in stored.state.facts.answers if each.to != COMPLAINT),
            *_answers(ports.people.facts(person_id), loan_id, outbox.as_of),
        )
        after = replace(after, facts=replace(after.facts, answers=answers))
        if (after.restraints, after.facts) == (before.restraints, before.facts):
            return None
        due_on = min(before.next_review_on or outbox.as_of, outbox.as_of)
        facts = replace(after.facts, has_news=True)
        state = replace(after, facts=facts, next_review_on=due_on)
        empty = Outbox(outbox_id(state.version + 1), outbox.as_of)
        ports.loans.commit(LoanChange(stored.loan, stored.loan, state, empty))
        return stored, after.restraints

    told = retry_until_fresh(step)
    if told:
        open_tasks(_court_tasks(*told, outbox.as_of), ports)


def _answers(records: Iterable[PersonFactRecord], loan_id: str, as_of: date) -> tuple[Written, ...]:
    """Return the answers given lately to complaints about this loan, or about none."""
    known = {each.fact_id: each.fact for each in records}
    oldest = as_of - timedelta(days=ANSWERED_WITHIN_DAYS)
    found = []
    for fact in known.values():
        if not isinstance(fact, ComplaintEnd) or fact.on < oldest:
            continue
        made = known.get(fact.complaint_id)
        is_about = isinstance(made, Complaint) and made.loan_id in (loan_id, None)
        if is_about and fact.outcome is not ComplaintOutcome.WITHDRAWN:
            found.append(Written(COMPLAINT, fact.complaint_id, fact.outcome.value, fact.on))
    return tuple(found)


def _court_tasks(
    stored: StoredLoan, restraints: Iterable[Restraint], as_of: date
) -> Iterable[Task]:
    """Yield the task to tell the court, once a claim is filed and proceedings are stayed."""
    case = stored.state.case
    if case is None or case.stage not in FILED:
        return
    for each in in_force(restraints, as_of):
        if each.kind in _STAYS_PROCEEDINGS:
            yield Task(
                task_id=f"{stored.loan.loan_id}.court.{each.fact_id}",
                kind=TaskKind.COURT,
                person_id=stored.loan.borrower_id,
                loan_id=stored.loan.loan_id,
                role=Role.LEGAL,
                reason=f"{each.kind} reported: tell the court, proceedings are stayed",
                opened_on=as_of,
                do_by=as_of + timedelta(days=3),
                about=each.fact_id,
            )
