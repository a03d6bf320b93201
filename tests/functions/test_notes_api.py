"""The notes API, driven by its events: who may write, read and erase, and what is left of it."""

from __future__ import annotations

import copy
import json
import logging
from datetime import timedelta

import pytest

from functions.notes_api import handler
from recovery.domain.shared.actor import Role
from recovery.domain.shared.audit import Act
from tests.builders import an_actor
from tests.conftest import Context

ANA = "arn:aws:iam::111122223333:user/advisor-ana"
NOTES = "/institutions/umoja/persons/B-1/notes"


@pytest.fixture
def ana(wiring):
    """Say which roles the caller of the events has; None: not one of the institution's people."""

    def with_roles(*roles: Role) -> None:
        wiring.institutions.save_actor("umoja", an_actor("Ana Torres", *roles, id=ANA))

    return with_roles


@pytest.fixture
def call(wiring, load_event):
    def call(name: str, body=None, path: str | None = None):
        event = copy.deepcopy(load_event(name))
        event["body"] = event["body"] if body is None else json.dumps(body)
        event["path"] = path or event["path"]
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


@pytest.fixture
def note(load_event):
    return json.loads(load_event("notes_api.add_note")["body"])


def test_a_note_is_written_once_and_answered_without_its_text(call, ana, note) -> None:
    ana(Role.ADVISOR)
    code, mark = call("notes_api.add_note")
    assert code == 201
    assert mark == {
        "note_id": "N-1",
        "recorded_on": "2026-02-02",
        "recorded_by": "Ana Torres",
        "consent": {"given_on": "2026-02-01", "means": "by_phone"},
        "expires_on": "2026-08-01",
    }
    assert call("notes_api.add_note") == (200, mark)
    code, problem = call("notes_api.add_note", note | {"text": "something else"})
    assert (code, problem["errors"][0]["field"]) == (409, "note_id")


def test_the_trained_read_notes_and_each_reading_goes_on_record(call, ana, wiring, note) -> None:
    ana(Role.TRAINED)
    call("notes_api.add_note")
    code, read = call("notes_api.read_notes")
    assert code == 200
    [shown] = read["notes"]
    assert (shown["topic"], shown["text"]) == ("health", note["text"])
    call("notes_api.read_notes")
    acts = [(each.act, each.by.name, each.about) for each in wiring.audit.of_person("B-1")]
    assert acts == [
        (Act.NOTE_ADDED, "Ana Torres", "N-1"),
        *[(Act.NOTES_READ, "Ana Torres", "")] * 2,
    ]


@pytest.mark.parametrize("roles", [(), *([each] for each in Role if each is not Role.TRAINED)])
def test_nobody_else_may_read_or_erase_a_note(call, ana, roles, wiring) -> None:
    ana(Role.TRAINED)
    call("notes_api.add_note")
    wiring.institutions.save_actor("umoja", an_actor("Somebody", id="else"))
    if roles:
        ana(*roles)
    else:  # not one of the institution's people
        vars(wiring.institutions)["_actors"].clear()
    before = wiring.audit.of_person("B-1")
    for name in ("notes_api.read_notes", "notes_api.erase_note"):
        code, problem = call(name)
        assert (code, problem["errors"][0]["code"]) == (403, "not_allowed")
        assert "hospital" not in str(problem)
    assert wiring.audit.of_person("B-1") == before
    assert len(wiring.notes.of_person("B-1")) == 1


@pytest.mark.parametrize("roles", [(), (Role.SERVICE,), (Role.AUDITOR,)])
def test_systems_and_auditors_write_no_notes(call, ana, roles, wiring) -> None:
    if roles:
        ana(*roles)
    assert call("notes_api.add_note")[0] == 403
    assert wiring.notes.marks_of("B-1") == []


def test_a_note_is_erased_once_and_its_erasure_stays_on_record(call, ana, wiring) -> None:
    ana(Role.TRAINED)
    call("notes_api.add_note")
    assert call("notes_api.erase_note") == (200, {"note_id": "N-1", "erased": True})
    assert call("notes_api.erase_note") == (200, {"note_id": "N-1", "erased": False})
    assert call("notes_api.read_notes")[1]["notes"] == []
    acts = [each.act for each in wiring.audit.of_person("B-1")]
    assert acts == [Act.NOTE_ADDED, Act.NOTE_ERASED, Act.NOTES_READ]


def test_a_note_is_gone_after_the_days_of_the_pack(call, ana, wiring) -> None:
    ana(Role.TRAINED)
    call("notes_api.add_note")
    wiring.clock.at += timedelta(days=181)
    assert call("notes_api.read_notes")[1]["notes"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consent": None}, "consent"),
        ({"consent": {"given": False, "given_on": "2026-02-01", "means": "online"}}, "given"),
        ({"consent": {"given": True, "given_on": "2026-02-09", "means": "online"}}, "given_on"),
        ({"topic": "gossip"}, "topic"),
        ({"text": ""}, "text"),
        ({"text": "secret" * 400}, "text"),
        ({"text": "a\u202eb"}, "text"),
        ({"note_id": "a/b"}, "note_id"),
        ({"who": "me"}, "who"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_without_repeating_it(
    call, ana, wiring, note, changes, field
) -> None:
    ana(Role.TRAINED)
    code, problem = call("notes_api.add_note", note | changes)
    assert code == 422
    assert [each["field"].rpartition(".")[2] for each in problem["errors"]] == [field]
    assert "secret" not in str(problem)
    assert wiring.notes.marks_of("B-1") == []


def test_an_unknown_person_has_no_notes(call, ana) -> None:
    ana(Role.TRAINED)
    for name in ("notes_api.add_note", "notes_api.read_notes"):
        code, problem = call(name, path="/institutions/umoja/persons/B-404/notes")
        assert (code, problem["errors"][0]["field"]) == (404, "person_id")


def test_a_legal_hold_keeps_a_note(call, ana, wiring, note) -> None:
    ana(Role.TRAINED)
    wiring.borrowers.place_hold("B-1")
    code, mark = call("notes_api.add_note")
    assert (code, mark["expires_on"]) == (201, None)
    code, problem = call("notes_api.erase_note")
    assert (code, problem["errors"][0]["code"]) == (422, "conflict")
    assert len(wiring.notes.of_person("B-1")) == 1


def test_no_log_holds_what_a_person_told(call, ana, caplog, capsys, note) -> None:
    ana(Role.TRAINED)
    with caplog.at_level(logging.DEBUG):
        call("notes_api.add_note")
        call("notes_api.read_notes")
        call("notes_api.add_note", note | {"text": "another secret"})
    written = caplog.text + "".join(capsys.readouterr())
    assert "hospital" not in written and "secret" not in written
