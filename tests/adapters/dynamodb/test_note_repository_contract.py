"""The contract of notes and of the audit, run against the fakes and DynamoDB with KMS."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.adapters.dynamodb.audit import DynamoDbPersonAudit
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item, NoteItem
from recovery.adapters.dynamodb.note_repository import DynamoDbNoteRepository
from recovery.adapters.sealing import KmsSeal
from recovery.domain.agreements.notes import Consent, Note, NoteMark
from recovery.domain.shared.actor import Role
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.ports.shared import StaleWriteError
from tests.builders import an_actor
from tests.fakes import FakeClock, FakeNoteRepository, FakePersonAudit

TODAY = date(2026, 2, 2)
DAY = timedelta(days=1)
NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)


def note(note_id: str = "N-1", expires_on: date | None = TODAY + 5 * DAY, **changes) -> Note:
    mark = NoteMark(
        note_id=note_id,
        person_id="B-1",
        consent=Consent(TODAY, "by_phone"),
        recorded_on=TODAY,
        recorded_by="Ana Torres",
        expires_on=expires_on,
    )
    return replace(Note(mark=mark, topic="health", text="In hospital.\nMär 3"), **changes)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def seal(table: str) -> KmsSeal:
    return KmsSeal(aws.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.fixture(params=["fake", "dynamodb"])
def notes(request: pytest.FixtureRequest, clock: FakeClock):
    if request.param == "fake":
        return FakeNoteRepository(clock)
    return DynamoDbNoteRepository("umoja", request.getfixturevalue("seal"), clock.now)


@pytest.fixture(params=["fake", "dynamodb"])
def audit(request: pytest.FixtureRequest):
    if request.param == "fake":
        return FakePersonAudit()
    request.getfixturevalue("table")
    return DynamoDbPersonAudit("umoja")


def test_notes_are_read_as_written_by_id(notes) -> None:
    notes.add(note("N-2"))
    notes.add(note("N-1", expires_on=None))
    assert notes.of_person("B-1") == [note("N-1", expires_on=None), note("N-2")]
    assert notes.marks_of("B-1") == [each.mark for each in notes.of_person("B-1")]
    assert notes.find("B-1", "N-2") == note("N-2")
    assert notes.find("B-1", "N-3") is None
    assert notes.of_person("B-2") == []


def test_an_id_is_used_once(notes) -> None:
    notes.add(note())
    with pytest.raises(StaleWriteError):
        notes.add(note(text="another"))
    assert notes.of_person("B-1") == [note()]


def test_what_has_expired_is_gone_before_dynamodb_erases_it(notes, clock) -> None:
    notes.add(note())
    clock.at = NOW + 5 * DAY
    assert notes.of_person("B-1") == [note()]  # its last day
    clock.at = NOW + 6 * DAY
    assert notes.of_person("B-1") == notes.marks_of("B-1") == []
    assert notes.find("B-1", "N-1") is None
    notes.add(note(text="told anew", expires_on=TODAY + 9 * DAY))
    assert [each.text for each in notes.of_person("B-1")] == ["told anew"]


def test_an_erased_note_is_gone(notes) -> None:
    notes.add(note())
    assert notes.erase("B-1", "N-1")
    assert not notes.erase("B-1", "N-1")
    assert notes.of_person("B-1") == []


def test_the_table_holds_neither_text_nor_topic(seal, clock) -> None:
    DynamoDbNoteRepository("umoja", seal, clock.now).add(note())
    stored = aws.client("dynamodb").scan(TableName=table_connection(Item).table_name)["Items"]
    [item] = stored
    assert item["expires_at"] == {"N": str(int(datetime(2026, 2, 8, tzinfo=UTC).timestamp()))}
    assert "hospital" not in str(stored) and "health" not in str(stored)


def test_a_note_opens_for_its_own_person_and_institution_only(seal, clock) -> None:
    DynamoDbNoteRepository("umoja", seal, clock.now).add(note())
    item = NoteItem.get("NOTE#umoja#B-1", "NOTE#N-1")
    for institution in ("umoja", "otra"):
        NoteItem(
            f"NOTE#{institution}#B-2",
            "NOTE#N-1",
            sealed=item.sealed,
            mark=item.mark.replace("B-1", "B-2"),
        ).save()
        with pytest.raises(ClientError):
            DynamoDbNoteRepository(institution, seal, clock.now).of_person("B-2")


def test_the_audit_lists_who_did_what_oldest_first(audit) -> None:
    ana = an_actor("Ana Torres", Role.TRAINED)
    later = AuditEntry(NOW + DAY, Act.NOTES_READ, ana)
    first = AuditEntry(NOW, Act.NOTE_ADDED, ana, "N-1")
    for entry in (later, first):
        audit.add("B-1", entry)
    assert audit.of_person("B-1") == [first, later]
    assert audit.of_person("B-2") == []
