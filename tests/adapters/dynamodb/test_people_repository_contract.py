"""The facts of people, in memory and in DynamoDB alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.people_repository import DynamoDbPeopleRepository
from recovery.domain.agreements.learning import GoalSet, LessonDone, LessonsChoice
from recovery.domain.agreements.person_facts import (
    KINDS,
    Cause,
    Complaint,
    ComplaintAbout,
    ComplaintEnd,
    ComplaintOutcome,
    Hardship,
    Hold,
    HoldEnd,
    PersonFact,
    PersonFactRecord,
    restraints_of,
)
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.ports.accounting import FactExistsError
from recovery.ports.people import Held, PeopleRepository, Person, PersonChange
from recovery.ports.shared import StaleWriteError
from tests import fakes
from tests.builders import a_borrower

ON, DAY = date(2026, 3, 2), timedelta(days=1)
EVERY_KIND = (
    Hardship(ON, (Cause.COSTS_ROSE,), ON + 30 * DAY, ("calls",), 4_000, "KES"),
    Hold("insolvency", ON, ON + DAY, "court", ("calls", "judicial"), True),
    HoldEnd("f1", ON, True),
    Complaint(ON, ComplaintAbout.DATA, ON + DAY, ("judicial",), "L-1", ("Peter",)),
    ComplaintEnd("f3", ON, ComplaintOutcome.UPHELD, "Yes."),
    LessonsChoice(ON, wanted=True),
    GoalSet(ON, 2_500, "EUR"),
    LessonDone(ON, "late_costs", 1),
)


@pytest.fixture(params=["fake", "dynamodb"])
def people(request: pytest.FixtureRequest) -> PeopleRepository:
    """Empty but for one borrower."""
    if request.param == "fake":
        borrowers = fakes.FakeBorrowerRepository(a_borrower())
        return fakes.FakePeopleRepository(borrowers, fakes.FakeLoanRepository())
    request.getfixturevalue("table")
    DynamoDbBorrowerRepository("umoja").save_contact_details(a_borrower())
    return DynamoDbPeopleRepository("umoja")


def record(number: int, fact: PersonFact) -> PersonFactRecord:
    return PersonFactRecord(
        fact_id=f"f{number}",
        person_id="B-1",
        fact=fact,
        known_on=ON,
        fingerprint="f",
        reason="told",
        recorded_by="ana",
        recorded_at=datetime(2026, 3, 2, 9, number, tzinfo=UTC),
    )


def change(person: Person, *facts: PersonFactRecord, held_since: date | None = ON) -> PersonChange:
    entry = TimelineEntry(ON, "answer", "told")
    outbox = Outbox(f"{person.version + 1:08}", ON, timeline=(entry,))
    held = replace(person, restraints=restraints_of(facts))
    return PersonChange(held, facts, outbox, held_since)


def test_every_kind_of_fact_is_read_as_recorded(people: PeopleRepository) -> None:
    assert {type(each) for each in EVERY_KIND} == set(KINDS.values())
    person = people.find("B-1")
    assert person and person.restraints == () and people.find("B-9") is None
    records = [record(n, fact) for n, fact in enumerate(EVERY_KIND)]
    people.commit(change(person, *records))
    assert people.facts("B-1") == records
    found = people.find("B-1")
    assert found == replace(person, version=person.version + 1, restraints=restraints_of(records))
    assert people.complainants() == ["B-1"]


def test_who_is_held_back_is_on_the_list_until_nothing_holds(people: PeopleRepository) -> None:
    person = people.find("B-1")
    assert person
    people.commit(change(person, record(0, EVERY_KIND[0])))
    assert people.held() == [Held("person", "B-1", ON)]
    again = people.find("B-1")
    assert again
    people.commit(change(again, record(1, EVERY_KIND[2]), held_since=None))
    assert people.held() == []


def test_a_fact_is_recorded_once_and_all_or_nothing(people: PeopleRepository) -> None:
    person = people.find("B-1")
    assert person
    people.commit(change(person, record(0, EVERY_KIND[0])))
    again = people.find("B-1")
    assert again
    with pytest.raises(FactExistsError):
        people.commit(change(again, record(0, EVERY_KIND[1])))
    with pytest.raises(StaleWriteError):
        people.commit(change(person, record(1, EVERY_KIND[1])))
    assert people.find("B-1") == again and len(people.facts("B-1")) == 1


def test_an_outbox_waits_until_it_is_acknowledged(people: PeopleRepository) -> None:
    person = people.find("B-1")
    assert person
    people.commit(change(person, record(0, EVERY_KIND[0])))
    [outbox] = people.outboxes("B-1")
    assert outbox.timeline[0].text == "told"
    assert (people.waiting_ids(ON), people.waiting_ids(ON + DAY)) == ([], ["B-1"])
    people.send_again("B-1")
    for _ in range(2):
        people.acknowledge("B-1", [outbox.outbox_id])
    assert people.outboxes("B-1") == [] and people.waiting_ids(ON + DAY) == []
