"""The contacts API, driven by its events: what a person asked for, who may say so, what is kept."""

from __future__ import annotations

import copy
import json
import logging
from dataclasses import replace
from datetime import date

import pytest

from functions.contacts_api import handler
from recovery.domain.contact.borrower import ContactChange
from recovery.domain.contact.instructions import NO_INSTRUCTIONS, Instructions
from recovery.domain.shared.actor import Role
from recovery.domain.shared.audit import Act
from tests.builders import an_actor
from tests.conftest import Context

ANA = "arn:aws:iam::111122223333:user/advisor-ana"
SAID = {
    "person_id": "B-1",
    "email_privacy": None,
    "phone_privacy": "shared",
    "only_by": "phone",
    "hours": {"from": "13:00", "until": "20:00"},
    "no_visits": True,
    "instruction": "Ask for her by her first name.",
}


@pytest.fixture
def ana(wiring):
    """Say which roles the caller of the events has."""

    def with_roles(*roles: Role) -> None:
        wiring.institutions.save_actor("umoja", an_actor("Ana Torres", *roles, id=ANA))

    return with_roles


@pytest.fixture
def call(wiring, load_event):
    def call(name: str, body=None, path: str | None = None):
        events = {
            "instruct": load_event("contacts_api.instruct"),
            "show": load_event("contacts_api.show"),
        }
        event = copy.deepcopy(events[name])
        event["body"] = event["body"] if body is None else json.dumps(body)
        event["path"] = path or event["path"]
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


def test_what_a_person_asked_for_is_recorded_once_and_shown(call, ana, wiring) -> None:
    ana(Role.ADVISOR)
    assert call("instruct") == (200, SAID)
    assert call("instruct") == (200, SAID)
    assert call("show") == (200, SAID)
    day = wiring.now().date()
    former = {"instructions": NO_INSTRUCTIONS}
    assert wiring.borrowers.contact_changes("B-1") == [ContactChange(day, "", former, by=ANA)]
    acts = [(each.act, each.by.name) for each in wiring.audit.of_person("B-1")]
    assert acts == [(Act.CONTACT_INSTRUCTED, "Ana Torres")]


def test_what_is_not_named_stays_and_null_lifts(call, ana, wiring) -> None:
    ana(Role.ADVISOR)
    call("instruct")
    lifted = {"only_by": None, "hours": None, "no_visits": False, "instruction": None}
    code, shown = call("instruct", lifted)
    assert (code, shown["phone_privacy"], shown["only_by"], shown["hours"]) == (
        *(200, "shared", None, None),
    )
    kept = Instructions(phone_privacy="shared")
    assert wiring.borrowers.load("B-1").instructions == kept
    first, second = wiring.borrowers.contact_changes("B-1")
    assert first.former == {"instructions": NO_INSTRUCTIONS}
    assert second.former["instructions"].text == SAID["instruction"]


def test_without_a_word_of_the_person_the_files_word_is_shown(call, ana, wiring) -> None:
    ana(Role.ADVISOR)
    known = wiring.borrowers.load("B-1")
    wiring.borrowers.save_contact_details(replace(known, phone_privacy="unsafe"))
    assert call("show")[1]["phone_privacy"] == "unsafe"
    assert call("instruct", {"phone_privacy": "private"})[1]["phone_privacy"] == "private"


@pytest.mark.parametrize("roles", [(), (Role.SERVICE,), (Role.AUDITOR,)])
def test_systems_and_auditors_neither_say_nor_read_it(call, ana, roles, wiring) -> None:
    if roles:
        ana(*roles)
    for name in ("instruct", "show"):
        code, problem = call(name)
        assert (code, problem["errors"][0]["code"]) == (403, "not_allowed")
    assert wiring.borrowers.load("B-1").instructions == NO_INSTRUCTIONS


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phone_privacy": "secret"}, "phone_privacy"),
        ({"only_by": "fax"}, "only_by"),
        ({"hours": "18-20"}, "hours"),
        ({"hours": {"from": "18:00"}}, "until"),
        ({"hours": {"from": "6 pm", "until": "20:00"}}, "from"),
        ({"hours": {"from": "24:00", "until": "20:00"}}, "from"),
        ({"hours": {"from": "20:00", "until": "18:00"}}, "hours"),
        ({"only_by": "visit", "no_visits": True}, "no_visits"),
        ({"no_visits": "yes"}, "no_visits"),
        ({"instruction": "secret" * 30}, "instruction"),
        ({"instruction": "secret\nline"}, "instruction"),
        ({"phone": "+254711000009"}, "phone"),
    ],
)
def test_what_cannot_be_kept_is_refused_without_repeating_it(
    call, ana, wiring, body, field
) -> None:
    ana(Role.ADVISOR)
    code, problem = call("instruct", body)
    assert code == 422, problem
    assert [each["field"].rpartition(".")[2] for each in problem["errors"]] == [field]
    assert all(each["remedy"] for each in problem["errors"])
    assert "secret" not in str(problem).replace("'secret'", "")
    assert wiring.borrowers.contact_changes("B-1") == []


def test_who_says_nothing_is_told_what_could_be_said(call, ana) -> None:
    ana(Role.ADVISOR)
    code, problem = call("instruct", {})
    assert (code, problem["errors"][0]["reason"]) == (400, "says nothing")
    assert "only_by" in problem["errors"][0]["remedy"]


def test_an_unknown_person_has_no_instructions(call, ana) -> None:
    ana(Role.ADVISOR)
    for name in ("instruct", "show"):
        path = "/institutions/umoja/persons/B-404/contact-instructions"
        code, problem = call(name, path=path)
        assert (code, problem["errors"][0]["field"]) == (404, "person_id")


def test_no_log_holds_what_a_person_asked_for(call, ana, caplog, capsys) -> None:
    ana(Role.ADVISOR)
    with caplog.at_level(logging.DEBUG):
        call("instruct")
        call("instruct", {"instruction": "first name\n"})
        call("show")
    assert "first name" not in caplog.text + "".join(capsys.readouterr())


def test_a_change_is_dated_by_the_business_date(call, ana, wiring) -> None:
    ana(Role.ADVISOR)
    wiring.institutions.days["umoja"] = replace(
        wiring.institutions.day("umoja"), business_date=date(2026, 3, 1)
    )
    call("instruct")
    (change,) = wiring.borrowers.contact_changes("B-1")
    assert change.changed_on == date(2026, 3, 1)
