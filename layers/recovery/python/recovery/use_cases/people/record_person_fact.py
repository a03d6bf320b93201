"""Record a fact about a person, and what holds back after it, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from recovery.documents.contact.curriculum import curriculum
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.learning import (
    GoalSet,
    LessonDone,
    LessonsChoice,
    learning_problems,
    with_fact,
)
from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintEnd,
    ComplaintOutcome,
    HoldEnd,
    PersonFact,
    PersonFactRecord,
    fact_problems,
    restraints_of,
)
from recovery.domain.agreements.person_request import PersonFactRequest
from recovery.domain.agreements.restraints import Restraint, in_force
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor, Role, has_name
from recovery.domain.shared.errors import (
    FactConflictError,
    NotOnRecordError,
    Problem,
    RefusedError,
)
from recovery.ports.accounting import FactExistsError
from recovery.ports.needs import HasBorrowers, HasPeople, LoansAndInstitutions
from recovery.ports.people import Person, PersonChange
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.people.completed import Told, completed
from recovery.use_cases.people.tasks_of_people import tasks_by, tasks_ended_by
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import rules_of

_MAY_ANSWER = (Role.SUPERVISOR, Role.LEGAL)
_MAY_END = (Role.SUPERVISOR, Role.TRAINED)


@dataclass(frozen=True, slots=True)
class PersonFactTaken:
    """The record, and whether this call made it (a repeat does not)."""

    record: PersonFactRecord
    recorded: bool


class PersonFactPorts(LoansAndInstitutions, HasBorrowers, HasPeople, Protocol):
    """People, and the loans that are theirs."""


@retry_when_stale
def record_person_fact(
    institution_id: str,
    request: PersonFactRequest,
    by: Actor,
    now: datetime,
    ports: PersonFactPorts,
) -> PersonFactTaken:
    """Record the fact once; repeating the same request changes nothing.

    What it holds back is in force with it; the loans hear of it through the stream. Raises
    NotOnRecordError for an unknown person, RefusedError with everything that is wrong,
    FactConflictError when the person has another fact with this id.
    """
    person = ports.people.find(request.person_id)
    if person is None:
        raise NotOnRecordError("person_id", f"person {request.person_id}")
    records = ports.people.facts(request.person_id)
    known = next((each for each in records if each.fact_id == request.fact_id), None)
    if known:
        return _repeat(request, known)
    today = business_date(institution_id, now, ports.institutions)
    # A loan that cannot be read must not keep a death or a hardship off the record.
    found, _ = readable_loans(ports.borrowers.loans_of(request.person_id), ports.loans)
    loans = [each.loan for each in found]
    told = Told(request.person_id, loans, rules_of(institution_id, today, ports.institutions))
    fact = completed(request.fact, told)
    problems = [*fact_problems(fact, records, today), *_right_problems(fact, records, by, loans)]
    if isinstance(fact, LessonsChoice | GoalSet | LessonDone):
        problems += learning_problems(fact, curriculum().ids)
    if problems:
        raise RefusedError(*problems)
    record = PersonFactRecord(
        fact_id=request.fact_id,
        person_id=request.person_id,
        fact=fact,
        known_on=today,
        fingerprint=_fingerprint(request),
        reason=request.reason,
        recorded_by=by.id,
        recorded_at=now,
    )
    change = _change(person, [*records, record], record, told)
    try:
        ports.people.commit(change)
    except FactExistsError:
        again = ports.people.facts(request.person_id)
        return _repeat(request, next(e for e in again if e.fact_id == request.fact_id))
    return PersonFactTaken(record, recorded=True)


def _change(
    person: Person, records: Sequence[PersonFactRecord], record: PersonFactRecord, told: Told
) -> PersonChange:
    """Return the change; restraints of earlier versions, without a fact, stay."""
    earlier = (each for each in person.restraints if not each.fact_id)
    restraints = (*earlier, *restraints_of(records))
    today = told.rules.as_of
    holding = in_force(restraints, today)
    outbox = Outbox(
        outbox_id(person.version + 1),
        today,
        told.rules.policy.version,
        timeline=(_entry(record, restraints, today),),
        events=(_event(record, restraints),),
        tasks=tuple(tasks_by(record, told, person.restraints)),
        ends_tasks=tuple(tasks_ended_by(record, records)),
    )
    learning = person.learning
    if isinstance(record.fact, LessonsChoice | GoalSet | LessonDone):
        learning = with_fact(learning, record.fact)
    return PersonChange(
        person=replace(person, restraints=restraints, learning=learning),
        facts=(record,),
        outbox=outbox,
        held_since=min((each.from_on for each in holding), default=None),
    )


def _right_problems(
    fact: PersonFact, records: Sequence[PersonFactRecord], by: Actor, loans: Sequence[Loan]
) -> Iterator[Problem]:
    """Yield why this person may not record it: a machine lifts no protection, and an officer
    answers no complaint about them."""
    match fact:
        case HoldEnd() if not (by.is_person and by.may(*_MAY_END)):
            yield Problem("by", "may not end it", "Let a supervisor end it", "conflict")
        case ComplaintEnd() if fact.outcome is not ComplaintOutcome.WITHDRAWN:
            if not (by.is_person and by.may(*_MAY_ANSWER)):
                yield Problem("by", "may not answer it", "Let a supervisor answer", "conflict")
            known = {each.fact_id: each.fact for each in records}
            made = known.get(fact.complaint_id)
            if isinstance(made, Complaint) and any(has_name(by, each) for each in made.not_by):
                reason = "is the officer whom it concerns"
                yield Problem("by", reason, "Let somebody else handle it", "conflict")
            if not fact.answer.strip():
                yield Problem("answer", "is missing", "Write what the person reads", "missing")
        case Complaint() if fact.loan_id and all(e.loan_id != fact.loan_id for e in loans):
            reason = f"{fact.loan_id} is no loan of this person"
            yield Problem("loan_id", reason, "Name one of theirs, or leave it out", "not_found")


def _entry(record: PersonFactRecord, restraints: Sequence[Restraint], today: date) -> TimelineEntry:
    text = f"{record.kind.replace('_', ' ')} {record.fact_id}: {record.reason}"
    held = next((each for each in restraints if each.fact_id == record.fact_id), None)
    if held:
        text += f"; {held.in_words()}"
    key = f"{record.fact_id}#{record.kind}"
    return TimelineEntry(today, "answer", text, key=key)


def _event(record: PersonFactRecord, restraints: Sequence[Restraint]) -> DomainEvent:
    """Announce what holds back, not why: whoever debits or lists must stop."""
    fact = record.fact
    if isinstance(fact, LessonsChoice | GoalSet | LessonDone):
        what = {"person_id": record.person_id, "fact_id": record.fact_id, "kind": record.kind}
        return DomainEvent("LearningChanged", {**what, "known_on": record.known_on.isoformat()})
    about = record.fact_id
    if isinstance(fact, HoldEnd):
        about = fact.fact_id
    if isinstance(fact, ComplaintEnd):
        about = fact.complaint_id
    held = next((each for each in restraints if each.fact_id == about), None)
    detail: dict[str, object] = {
        "person_id": record.person_id,
        "fact_id": record.fact_id,
        "restraint_id": about,
        "known_on": record.known_on.isoformat(),
    }
    if held:
        detail |= {"from": held.from_on.isoformat(), "blocks": sorted(held.blocks)}
        if held.until:
            detail["until"] = held.until.isoformat()
    return DomainEvent("RestraintChanged", detail)


def _repeat(request: PersonFactRequest, known: PersonFactRecord) -> PersonFactTaken:
    if known.fingerprint != _fingerprint(request):
        raise FactConflictError(
            f"fact {request.fact_id} is on record with a different body; use a new id for a new"
            " fact"
        )
    return PersonFactTaken(known, recorded=False)


def _fingerprint(request: PersonFactRequest) -> str:
    same = f"{request.person_id} {request.said}"
    return hashlib.sha256(same.encode()).hexdigest()[:32]


def person_fact_document(record: PersonFactRecord) -> dict[str, object]:
    """Return the fact for the API."""
    fact = record.fact
    document: dict[str, object] = {
        "person_id": record.person_id,
        "fact_id": record.fact_id,
        "kind": record.kind,
        "on": fact.on.isoformat(),
        "known_on": record.known_on.isoformat(),
        "reason": record.reason,
        "recorded_by": record.recorded_by,
        "recorded_at": record.recorded_at.isoformat(),
    }
    for name in (
        *("until", "review_on", "answer_by", "about", "outcome", "answer", "loan_id"),
        *("complaint_id", "causes", "seen", "was_false"),
        *("wanted", "lesson_id"),
    ):
        value = getattr(fact, name, None)
        if value not in (None, "", ()):
            document[name] = value.isoformat() if isinstance(value, date) else value
    if restraint_kind := getattr(fact, "kind", None):
        document["because"] = restraint_kind
    if isinstance(fact, HoldEnd):
        document["ends"] = fact.fact_id
    return document
