"""Requests, legal holds and what expires, in DynamoDB alone: no fake serves people's rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.adapters.dynamodb.note_repository import DynamoDbNoteRepository
from recovery.adapters.dynamodb.rights_repository import DynamoDbRightsRepository
from recovery.adapters.sealing import KmsSeal
from recovery.domain.agreements.notes import Consent, Note, NoteMark
from recovery.domain.agreements.rights import LegalHold, RightsRequest
from recovery.domain.contact.borrower import ContactChange
from recovery.ports.shared import StaleWriteError
from tests.builders import a_borrower

TODAY = date(2026, 2, 2)
DAY = timedelta(days=1)
NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
HOLD = LegalHold(hold_id="H-1", reason="suit to come", placed_on=TODAY, placed_by="Lena")
REQUEST = RightsRequest(
    request_id="R-1",
    person_id="B-1",
    right="access",
    received_on=TODAY,
    answer_by=TODAY + 28 * DAY,
    answered_on=TODAY,
    answered_by="Ana",
    fingerprint="f",
    answer={"given": "everything held"},
)


@pytest.fixture
def rights(table: str) -> DynamoDbRightsRepository:
    return DynamoDbRightsRepository("umoja")


@pytest.fixture
def people(table: str) -> DynamoDbBorrowerRepository:
    people = DynamoDbBorrowerRepository("umoja")
    people.save_contact_details(a_borrower())
    return people


def ends() -> dict[str, int | None]:
    """Return when each item that may expire does, in days from today, by the kind in its key."""
    stored = aws.client("dynamodb").scan(TableName=table_connection(Item).table_name)["Items"]
    midnight = datetime(2026, 2, 3, tzinfo=UTC).timestamp()
    found = {}
    for item in stored:
        kind = item["sk"]["S"].partition("#")[0]
        if kind in ("NOTE", "CHANGE", "MESSAGE", "REQUEST"):
            at = item.get("expires_at")
            found[kind] = int((int(at["N"]) - midnight) / 86_400) if at else None
    return found


@pytest.fixture
def everything(rights, people) -> None:
    """One item of each kind that may expire."""
    change = ContactChange(TODAY, "D-1", {"phone": "+254711000001"})
    people.save_contact_details(replace(people.load("B-1"), phone=None), change)
    people.lease_contact(people.load("B-1"), "L-1/due_today/2026-02-02", TODAY, NOW)
    rights.add_request(REQUEST, 1_096)
    seal = KmsSeal(aws.client("kms").create_key()["KeyMetadata"]["Arn"])
    mark = NoteMark(
        note_id="N-1",
        person_id="B-1",
        consent=Consent(TODAY, "online"),
        recorded_on=TODAY,
        recorded_by="Ana",
        expires_on=TODAY + 180 * DAY,
    )
    note = Note(mark=mark, topic="work", text="shifts")
    DynamoDbNoteRepository("umoja", seal, lambda: NOW).add(note)


def test_a_request_is_kept_once(rights) -> None:
    rights.add_request(REQUEST, 1_096)
    assert rights.request("B-1", "R-1") == REQUEST
    assert rights.requests_of("B-1") == [REQUEST]
    assert rights.request("B-1", "R-2") is None
    assert rights.requests_of("B-2") == []
    with pytest.raises(StaleWriteError):
        rights.add_request(replace(REQUEST, fingerprint="g"), 1_096)


def test_a_hold_marks_the_person_until_the_last_one_ends(rights, people) -> None:
    other = replace(HOLD, hold_id="H-2")
    rights.save_legal_hold("B-1", HOLD)
    rights.save_legal_hold("B-1", other)
    held = people.load("B-1")
    assert (held.legal_hold, held.version) == (True, 3)  # whoever read before must read again
    rights.save_legal_hold("B-1", replace(HOLD, ended_on=TODAY, ended_by="Lena"))
    assert people.load("B-1").legal_hold
    rights.save_legal_hold("B-1", replace(other, ended_on=TODAY, ended_by="Lena"))
    assert not people.load("B-1").legal_hold
    assert [each.ended_on for each in rights.legal_holds_of("B-1")] == [TODAY, TODAY]


def test_each_item_expires_as_the_pack_says(everything) -> None:
    assert ends() == {"NOTE": 180, "CHANGE": 730, "MESSAGE": 730, "REQUEST": 1_096}


def test_a_legal_hold_takes_every_end_away_and_its_end_restores_them(rights, everything) -> None:
    before = ends()
    rights.keep_all("B-1")
    assert set(ends().values()) == {None}
    days = {"note": 180, "contact_change": 730, "message": 730, "request": 1_096}
    rights.let_expire("B-1", days)
    assert ends() == before


def test_what_is_recorded_during_a_hold_has_no_end(rights, people) -> None:
    rights.save_legal_hold("B-1", HOLD)
    change = ContactChange(TODAY, "D-1", {"phone": "+254711000001"})
    people.save_contact_details(replace(people.load("B-1"), phone=None), change)
    people.lease_contact(people.load("B-1"), "L-1/due_today/2026-02-02", TODAY, NOW)
    assert ends() == {"CHANGE": None, "MESSAGE": None}


def test_a_file_does_not_lift_a_hold(rights, people) -> None:
    rights.save_legal_hold("B-1", HOLD)
    version = people.load("B-1").version
    change = ContactChange(TODAY, "D-1", {"phone": "+254711000001"})
    people.save_contact_details(a_borrower(phone=None, version=version), change)
    assert people.load("B-1").legal_hold
    assert ends() == {"CHANGE": None}


def test_former_details_and_messages_are_erased_of_one_person_alone(rights, people) -> None:
    for person_id in ("B-1", "B-2"):
        people.save_contact_details(a_borrower(person_id))
        change = ContactChange(TODAY, "D-1", {"phone": "+254711000001"})
        people.save_contact_details(replace(people.load(person_id), phone=None), change)
        people.lease_contact(people.load(person_id), "L-1/due_today/2026-02-02", TODAY, NOW)
    rights.erase_former_details("B-1")
    rights.erase_messages("B-1")
    assert people.contact_changes("B-1") == []
    assert people.contact("B-1", "L-1/due_today/2026-02-02") is None
    assert len(people.contact_changes("B-2")) == 1
    assert people.contact("B-2", "L-1/due_today/2026-02-02") is not None
