"""The contract of assessments, run against the fake and DynamoDB with KMS."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.assessment_repository import DynamoDbAssessmentRepository
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.adapters.dynamodb.note_repository import DynamoDbNoteRepository
from recovery.adapters.dynamodb.people_repository import DynamoDbPeopleRepository
from recovery.adapters.sealing import KmsSeal
from recovery.domain.agreements.assessment_record import (
    AssessmentRecord,
    CapacityInForce,
    Decision,
)
from recovery.domain.shared.actor import Role
from recovery.ports.shared import StaleWriteError
from tests import fakes
from tests.builders import a_borrower, an_actor
from tests.households import a_capacity

TODAY = date(2026, 2, 2)
DAY = timedelta(days=1)
ANA = an_actor("Ana Torres", Role.ADVISOR)


@pytest.fixture
def clock() -> fakes.FakeClock:
    return fakes.FakeClock(datetime(2026, 2, 2, 9, tzinfo=UTC))


@pytest.fixture
def seal(table: str) -> KmsSeal:
    return KmsSeal(aws.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.fixture(params=["fake", "dynamodb"])
def stored(request: pytest.FixtureRequest, clock):
    """Return where assessments are, and where the people are to whom a capacity belongs."""
    if request.param == "fake":
        borrowers = fakes.FakeBorrowerRepository(a_borrower())
        people = fakes.FakePeopleRepository(borrowers, fakes.FakeLoanRepository())
        return fakes.FakeAssessmentRepository(clock, people), people
    seal = request.getfixturevalue("seal")
    assessments = DynamoDbAssessmentRepository("umoja", seal, clock.now)
    return assessments, DynamoDbPeopleRepository("umoja")


@pytest.fixture
def assessments(stored):
    return stored[0]


def record(assessment_id: str = "A-1", **changes) -> AssessmentRecord:
    ordinary = AssessmentRecord(
        assessment_id=assessment_id,
        person_id="B-1",
        assessed_on=TODAY,
        valid_until=TODAY + 180 * DAY,
        by=ANA,
        verdict="refer",
        policy_version=3,
        fingerprint="f",
        question={"household": {"expenses": "secret 150.00"}},
        answer={"verdict": "refer", "reasons": [{"code": "fits"}]},
    )
    return replace(ordinary, **changes)


def in_force(made: AssessmentRecord, **changes) -> CapacityInForce:
    ordinary = CapacityInForce(
        assessment_id=made.assessment_id,
        person_id=made.person_id,
        assessed_on=made.assessed_on,
        valid_until=made.valid_until,
        policy_version=made.policy_version,
        capacity=a_capacity(ceiling_minor=9, margin_percent=30),
        due_day=6,
    )
    return replace(ordinary, **changes)


def add(assessments, made: AssessmentRecord, expires_on: date | None = TODAY + 5 * DAY) -> None:
    assessments.add(made, in_force(made), expires_on)


def test_they_are_read_as_written_oldest_first_with_the_capacity_of_the_last(stored) -> None:
    assessments, people = stored
    assert people.capacity("B-1") is None
    older, newer = record("Z"), record("A", assessed_on=TODAY + DAY)
    add(assessments, older)
    add(assessments, newer)
    assert assessments.of_person("B-1") == [older, newer]
    assert assessments.find("B-1", "Z") == older
    assert assessments.find("B-1", "Q") is None
    assert assessments.of_person("B-2") == []
    assert people.capacity("B-1") == in_force(newer)


def test_an_id_is_used_once(assessments) -> None:
    add(assessments, record())
    with pytest.raises(StaleWriteError):
        add(assessments, record(verdict="accept"))
    assert assessments.find("B-1", "A-1").verdict == "refer"


def test_decisions_are_added_and_two_at_once_are_not_lost(assessments) -> None:
    add(assessments, record())
    known = assessments.find("B-1", "A-1")
    decision = Decision(outcome="accepted", why="slips seen", on=TODAY, by=ANA)
    assessments.save_decisions(replace(known, decisions=(decision,)))
    again = assessments.find("B-1", "A-1")
    assert again.decisions == (decision,)
    with pytest.raises(StaleWriteError):
        assessments.save_decisions(known)
    assessments.save_decisions(replace(again, decisions=(decision, decision)))


def test_what_has_expired_is_not_there_and_a_decision_does_not_prolong_it(
    assessments, clock
) -> None:
    add(assessments, record())
    add(assessments, record("A-2"), expires_on=None)
    assessments.save_decisions(assessments.find("B-1", "A-1"))
    clock.at += 6 * DAY
    assert assessments.find("B-1", "A-1") is None
    assert [each.assessment_id for each in assessments.of_person("B-1")] == ["A-2"]


def test_erasing_takes_all_of_it_away(stored) -> None:
    assessments, people = stored
    add(assessments, record())
    assessments.erase_all("B-1")
    assessments.erase_all("B-1")
    assert assessments.of_person("B-1") == []
    assert people.capacity("B-1") is None


def test_what_was_told_is_sealed_and_a_long_one_takes_several_pieces(seal, clock) -> None:
    assessments = DynamoDbAssessmentRepository("umoja", seal, clock.now)
    words = random.Random(7)
    told = {"lines": ["".join(words.choices("abcdefghij0123456789", k=40)) for _ in range(900)]}
    made = record(question=told)
    add(assessments, made)
    assert assessments.find("B-1", "A-1") == made
    add(assessments, record("A-2"))
    table = table_connection(Item)
    item = table.get_item("NOTE#umoja#B-1", "ASSESSMENT#A-2")["Item"]
    assert "secret" not in str(item) and "refer" not in str(item)


def test_notes_and_assessments_do_not_take_each_other_for_their_own(seal, clock) -> None:
    add(DynamoDbAssessmentRepository("umoja", seal, clock.now), record())
    assert DynamoDbNoteRepository("umoja", seal, clock.now).of_person("B-1") == []
