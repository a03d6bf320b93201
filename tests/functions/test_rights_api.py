"""A person's rights over the API, on a table in memory: what is shown, stopped, erased, kept."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from functions.notes_api import handler
from recovery.adapters import aws
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.domain.accounting.party import Party
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.agreements.restraints import EVERYTHING, Kind
from recovery.domain.contact.borrower import ContactChange
from recovery.domain.contact.instructions import Instructions
from recovery.domain.shared.actor import Role
from recovery.domain.shared.audit import Act
from recovery.ports.accounting import StoredLoan
from recovery.settings import Settings
from recovery.use_cases.accounting.record_party import record_party
from recovery.wiring import Wiring
from tests.adapters.conftest import in_memory_aws, table  # noqa: F401  fixtures
from tests.builders import a_borrower, a_loan, a_state, an_actor, an_institution
from tests.conftest import Context
from tests.fakes import FakeClock, FakeEvidenceStore

ANA = "arn:aws:iam::111122223333:user/advisor-ana"
NOW = datetime(2026, 2, 2, 7, tzinfo=UTC)
MESSAGE = "L-1/due_today-0/2026-02-01"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def wiring(table: str, clock: FakeClock) -> Wiring:  # noqa: F811
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    wiring = Wiring(Settings(table="recovery", shards=1, note_key_arn=key))
    ports = wiring.of("umoja")
    for each in (wiring, ports):
        vars(each)["now"] = clock.now
    vars(ports)["evidence"] = FakeEvidenceStore()
    wiring.institutions.save(an_institution())
    ana = an_actor("Ana Torres", Role.TRAINED, Role.SUPERVISOR, id=ANA)
    wiring.institutions.save_actor("umoja", ana)
    ports.borrowers.save_contact_details(a_borrower(phone="+254711000001"))
    return wiring


@pytest.fixture
def ports(wiring):
    return wiring.of("umoja")


@pytest.fixture
def lent(ports) -> None:
    """B-1 owes L-1; L-2 is another's, which she secures."""
    for number in (1, 2):
        loan = a_loan(f"L-{number}", borrower_id=f"B-{number}")
        ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])


@pytest.fixture
def call(wiring, load_event):
    def call(name: str, path: str | None = None, **changes):
        event = copy.deepcopy(load_event(name))
        if changes:
            event["body"] = json.dumps(json.loads(event["body"]) | changes)
        event["path"] = path or event["path"]
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


def as_(wiring, *roles: Role) -> None:
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", *roles, id=ANA))


def tell(ports) -> None:
    """Leave behind former details, and a message sent."""
    person = ports.borrowers.load("B-1")
    change = ContactChange(NOW.date(), "D-1", {"phone": "+254711000000"})
    ports.borrowers.save_contact_details(replace(person, phone="+254711000002"), change)
    ports.borrowers.lease_contact(ports.borrowers.load("B-1"), MESSAGE, NOW.date(), NOW)
    ports.borrowers.confirm_contact("B-1", MESSAGE, "sent-1")


def stored() -> str:
    """Return everything in the table, as text."""
    found = aws.client("dynamodb").scan(TableName=table_connection(Item).table_name)
    return json.dumps(found["Items"], default=str)


def test_access_shows_everything_held_and_each_time_anew(call, ports, lent) -> None:
    tell(ports)
    call("notes_api.add_note")
    call("notes_api.objection")
    code, answer = call("notes_api.access")
    assert code == 201
    held = answer["held"]
    assert held["details"]["phone"] == "+254711000002"
    assert held["former_details"][0]["former"] == {"phone": "+254711000000"}
    [loan] = held["loans"]
    assert loan["loan"]["loan_id"] == "L-1"
    assert loan["messages"] == [{"kind": "due_today", "due_date": "2026-02-01", "on": "2026-02-02"}]
    assert [each["kind"] for each in held["restraints"]] == [Kind.OBJECTION]
    assert [each["because"] for each in held["facts"]] == [Kind.OBJECTION]
    assert held["notes"][0]["text"].startswith("In hospital")
    assert {each["request_id"] for each in held["requests"]} == {"R-1", "R-3"}
    assert (answer["answer_by"], answer["answered_on"]) == ("2026-03-02", "2026-02-02")
    code, again = call("notes_api.access")
    assert code == 200
    assert again["answer"] == answer["answer"]
    acts = [each.act for each in ports.audit.of_person("B-1")]
    assert acts.count(Act.EVERYTHING_READ) == acts.count(Act.NOTES_READ) == 2


def test_access_shows_the_letters_that_are_hers_on_every_loan(call, ports, lent) -> None:
    """Also where she secures another's loan; not the copies that others have."""
    for loan_id, person_id in (("L-1", "B-1"), ("L-1", "B-2"), ("L-2", "B-1")):
        letter = KeptLetter(
            loan_id=loan_id,
            agreement_id="AG-1",
            person_id=person_id,
            language="es",
            template="agreement-1",
            sha256="9c" * 32,
            written_at=NOW,
        )
        ports.letters.add(letter)
    secures = Party(person_id="B-1", role="guarantor", from_on=NOW.date())
    record_party("L-2", secures, an_actor("Luz"), ports.now(), ports)
    _, answer = call("notes_api.access")
    letters = answer["held"]["letters"]
    assert [(e["loan_id"], e["agreement_id"]) for e in letters] == [
        ("L-1", "AG-1"),
        ("L-2", "AG-1"),
    ]
    assert {each["person_id"] for each in letters} == {"B-1"}
    assert {each["sha256"] for each in letters} == {"9c" * 32}


def test_who_is_not_trained_learns_only_that_there_are_notes(call, wiring, ports) -> None:
    call("notes_api.add_note")
    as_(wiring, Role.SUPERVISOR)
    _, answer = call("notes_api.access")
    [note] = answer["held"]["notes"]
    assert (note["note_id"], note["consent"]["means"]) == ("N-1", "by_phone")
    assert "text" not in note and "topic" not in note
    assert Act.NOTES_READ not in [each.act for each in ports.audit.of_person("B-1")]


def test_of_a_loan_that_is_anothers_no_more_than_the_role_is_shown(call, ports, lent) -> None:
    from recovery.domain.accounting.party import Party
    from recovery.use_cases.accounting.record_party import record_party

    loan = ports.loans.load("L-2").loan
    party = Party(person_id="B-1", role="guarantor", from_on=loan.disbursed_on)
    ports.borrowers.save_contact_details(a_borrower("B-2"))
    record_party("L-2", party, an_actor(), NOW, ports)
    _, answer = call("notes_api.access")
    assert answer["held"]["loans"][1] == {"loan_id": "L-2", "role": "guarantor"}


def test_a_correction_is_a_dated_change(call, ports) -> None:
    code, answer = call("notes_api.correction")
    assert (code, answer["answer"]) == (201, {"corrected": ["email", "phone"]})
    person = ports.borrowers.load("B-1")
    assert (person.phone, person.email, person.name) == ("+254711000009", None, a_borrower().name)
    [change] = ports.borrowers.contact_changes("B-1")
    assert (change.delivery_id, change.former["phone"]) == ("R-2", "+254711000001")
    assert call("notes_api.correction") == (200, answer)
    assert len(ports.borrowers.contact_changes("B-1")) == 1
    code, problem = call("notes_api.correction", details={"phone": "+254711000008"})
    assert (code, problem["errors"][0]["field"]) == (409, "request_id")
    assert "+254711000009" not in json.dumps(answer)


def test_what_a_person_asked_for_is_shown_and_ends_with_the_address_it_was_said_of(
    call, ports
) -> None:
    asked = Instructions(phone_privacy="private", only_by="phone", text="Ask for her.")
    person = replace(ports.borrowers.load("B-1"), phone_privacy="unsafe", instructions=asked)
    ports.borrowers.save_contact_details(person)
    _, answer = call("notes_api.access")
    shown = answer["held"]["details"]
    assert (shown["phone_privacy"], shown["instructions"]["text"]) == ("unsafe", "Ask for her.")
    call("notes_api.correction")
    corrected = ports.borrowers.load("B-1")
    assert corrected.instructions == replace(asked, phone_privacy=None)


@pytest.mark.parametrize(
    ("name", "kind", "blocks"),
    [
        ("notes_api.objection", Kind.OBJECTION, {"messages.reminder", "messages.education"}),
        ("notes_api.restriction", Kind.RESTRICTION, EVERYTHING),
    ],
)
def test_an_objection_or_restriction_holds_back_at_once(call, ports, name, kind, blocks) -> None:
    code, answer = call(name)
    assert (code, set(answer["answer"]["stopped"])) == (201, set(blocks))
    [restraint] = ports.borrowers.load("B-1").restraints
    assert (restraint.kind, restraint.blocks, restraint.until) == (kind, blocks, None)
    assert call(name) == (200, answer)
    assert len(ports.borrowers.load("B-1").restraints) == 1


def test_what_was_told_of_income_is_shown_kept_while_owed_and_then_erased(
    call, ports, wiring
) -> None:
    call("notes_api.assess")
    assert call("notes_api.place_legal_hold")[0] == 200
    call("notes_api.end_legal_hold")
    assert ports.people.capacity("B-1")
    [shown] = call("notes_api.access")[1]["held"]["assessments"]
    assert shown["question"]["household"]["expenses"] == {"amount": "150.00"}
    assert "150.00" not in stored()
    loan = a_loan("L-1")
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    _, answer = call("notes_api.erasure")
    kept = {each["what"] for each in answer["answer"]["kept"]}
    assert "what was told of income and expenses" in kept
    assert len(ports.assessments.of_person("B-1")) == 1


def test_a_legal_hold_keeps_assessments_too(call, ports, clock) -> None:
    call("notes_api.assess")
    call("notes_api.place_legal_hold")
    clock.at += timedelta(days=5000)
    assert len(ports.assessments.of_person("B-1")) == 1
    assert not ports.people.capacity("B-1").holds(clock.at.date())
    call("notes_api.end_legal_hold")
    assert ports.assessments.of_person("B-1") == []


def test_an_erasure_leaves_who_owes_an_open_loan_and_says_so(call, ports, lent) -> None:
    tell(ports)
    call("notes_api.add_note")
    code, answer = call("notes_api.erasure")
    assert code == 201
    assert answer["answer"]["erased"] == ["notes", "former contact details"]
    kept = {each["what"]: each for each in answer["answer"]["kept"]}
    assert "L-1" in kept["name and addresses"]["why"]
    assert ports.notes.marks_of("B-1") == ports.borrowers.contact_changes("B-1") == []
    assert ports.borrowers.load("B-1").phone == "+254711000002"
    assert ports.borrowers.contact("B-1", MESSAGE)
    assert call("notes_api.erasure") == (200, answer)


def test_without_a_loan_nothing_that_tells_who_it_was_is_left(call, ports) -> None:
    tell(ports)
    call("notes_api.add_note")
    call("notes_api.assess")
    person = ports.borrowers.load("B-1")
    assert person.name in stored() and person.email in stored()
    _, answer = call("notes_api.erasure")
    assert len(answer["answer"]["erased"]) == 5
    left = stored()
    for gone in (person.name, person.email, person.phone, "+254711000000", MESSAGE):
        assert gone not in left
    assert ports.assessments.of_person("B-1") == [] and "CAPACITY" not in left
    assert not ports.borrowers.load("B-1").email_consent
    acts = [each.act for each in ports.audit.of_person("B-1")]
    assert acts[-2:] == [Act.NOTE_ERASED, Act.REQUEST_ANSWERED]


def test_a_legal_hold_keeps_the_evidence_of_own_loans_too(call, ports, lent) -> None:
    call("notes_api.place_legal_hold")
    assert ports.evidence.expiring == {"L-1": False}
    call("notes_api.end_legal_hold")
    assert ports.evidence.expiring == {"L-1": True}


def test_a_legal_hold_keeps_everything_until_its_end(call, ports, clock) -> None:
    tell(ports)
    call("notes_api.add_note")
    code, hold = call("notes_api.place_legal_hold")
    assert (code, hold["placed_on"], hold["ended_on"]) == (200, "2026-02-02", None)
    assert call("notes_api.place_legal_hold") == (200, hold)
    assert call("notes_api.place_legal_hold", reason="another")[0] == 409
    _, answer = call("notes_api.erasure")
    assert answer["answer"]["erased"] == []
    [kept] = answer["answer"]["kept"]
    assert (kept["what"], "suit to come" in kept["why"]) == ("everything", True)
    clock.at = NOW + timedelta(days=400)
    [note] = ports.notes.marks_of("B-1")
    assert note.expires_on is None
    code, ended = call("notes_api.end_legal_hold")
    assert (code, ended["ended_on"]) == (200, "2027-03-09")
    assert call("notes_api.end_legal_hold") == (200, ended)
    assert ports.notes.marks_of("B-1") == []  # its time was over meanwhile
    assert len(call("notes_api.erasure", request_id="R-6")[1]["answer"]["erased"]) == 5
    acts = [each.act for each in ports.audit.of_person("B-1")]
    assert acts.count(Act.LEGAL_HOLD_PLACED) == acts.count(Act.LEGAL_HOLD_ENDED) == 1


def test_a_failure_half_way_is_finished_by_the_repeat(call, ports, monkeypatch) -> None:
    tell(ports)
    with monkeypatch.context() as patch:
        patch.setattr(ports.rights, "erase_messages", lambda person_id: 1 / 0)
        assert call("notes_api.erasure")[0] == 500
    assert ports.rights.requests_of("B-1") == []
    code, answer = call("notes_api.erasure")
    assert (code, len(answer["answer"]["erased"])) == (201, 5)
    assert ports.borrowers.contact("B-1", MESSAGE) is None


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        (
            Role.ADVISOR,
            {
                "notes_api.access",
                "notes_api.erasure",
                "notes_api.place_legal_hold",
                "notes_api.end_legal_hold",
            },
        ),
        (Role.TRAINED, {"notes_api.place_legal_hold", "notes_api.end_legal_hold"}),
        (Role.LEGAL, set()),
        *(
            (
                role,
                {
                    *(
                        "notes_api.access",
                        "notes_api.erasure",
                        "notes_api.correction",
                        "notes_api.objection",
                        "notes_api.restriction",
                    ),
                    *("notes_api.place_legal_hold", "notes_api.end_legal_hold"),
                },
            )
            for role in (Role.SERVICE, Role.AUDITOR)
        ),
    ],
)
def test_who_may_answer_what(call, wiring, role, refused) -> None:
    as_(wiring, role)
    names = (
        "notes_api.access",
        "notes_api.correction",
        "notes_api.objection",
        "notes_api.restriction",
        "notes_api.place_legal_hold",
    )
    for name in (*names, "notes_api.end_legal_hold", "notes_api.erasure"):
        assert (call(name)[0] == 403) == (name in refused), name


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "portability"}, "kind"),
        ({"request_id": "a b"}, "request_id"),
        ({"details": {}}, "details"),
        ({"details": {"phone": "call me"}}, "details.phone"),
        ({"details": {"name": None}}, "details.name"),
        ({"details": {"salary": 3}}, "details.salary"),
        ({"kind": "access"}, "details"),
    ],
)
def test_a_request_that_cannot_be_answered_says_why(call, ports, changes, field) -> None:
    code, problem = call("notes_api.correction", **changes)
    assert (code, [each["field"] for each in problem["errors"]]) == (422, [field])
    assert ports.rights.requests_of("B-1") == []


def test_an_unknown_person_has_no_rights_here(call) -> None:
    path = "/institutions/umoja/persons/B-404/"
    assert call("notes_api.access", path=f"{path}requests")[0] == 404
    assert call("notes_api.place_legal_hold", path=f"{path}legal-holds")[0] == 404
    assert call("notes_api.end_legal_hold")[0] == 404
