"""Questions about limitation and their answers."""

import copy
import json

import pytest

from recovery.documents.questions.limitation import (
    OLD_DEBT,
    STATUS_TEXTS,
    WHY_TEXTS,
    answer_limitation,
    limitation_schema,
)
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.judicial.limitation import Status
from recovery.domain.judicial.limitation_acts import Why
from tests.builders import fields

S15 = {
    "id": "S15",
    "as_of": "2026-12-01",
    "law": "ES",
    "region": "ES-M",
    "parts": [{"part": 60, "due_date": "2021-01-10"}],
    "parties": [{"id": "A"}, {"id": "G", "role": "guarantor"}],
    "acts": [
        {"act": "demand", "on": "2021-03-05", "persons": ["A"], "proof": "proven"},
        {"id": "call", "act": "demand", "on": "2025-02-02", "persons": ["A"], "proof": "none"},
        {"id": "burofax", "act": "demand", "on": "2023-05-02", "persons": ["A"],
         "proof": "returned"},
    ],
}  # fmt: skip


def ask(**changes) -> dict:
    return answer_limitation({**copy.deepcopy(S15), **changes})


def refused(**changes) -> set[str]:
    with pytest.raises(InvalidDocumentError) as error:
        ask(**changes)
    return fields(error.value.problems)


def test_an_old_debt_is_shown_with_what_counted_and_what_did_not() -> None:
    found = ask()
    borrower, guarantor = found["clocks"]
    assert (found["id"], borrower["status"]) == ("S15", "time_barred")
    assert (borrower["prescribes_on"], guarantor["prescribes_on"]) == ("2026-03-05", "2026-01-10")
    assert [each["id"] for each in borrower["counted"]] == ["1"]
    assert [(each["id"], each["why"]) for each in borrower["not_counted"]] == [
        ("burofax", "proof_fails"),
        ("call", "proof_fails"),
    ]
    assert guarantor["not_counted"][0]["why"] == "does_not_reach"
    assert guarantor["not_counted"][0]["stands_to_them_as"] == "guarantor"
    assert "es.claim.reach.guarantor_extrajudicial" in guarantor["not_counted"][0]["rules"]
    assert {each["id"] for each in found["rules"]} >= {"es.claim.limitation.contract"}


def test_alarms_had_come_at_their_distances() -> None:
    mine = [each for each in ask(alarm_days=[90, 30])["past_dates"] if each["person"] == "A"]
    assert [(each["on"], each["kind"]) for each in mine] == [
        ("2025-12-05", "alarm"),
        ("2026-02-03", "alarm"),
        ("2026-03-05", "last_day"),
        ("2026-03-06", "time_barred"),
    ]
    before = ask(alarm_days=[90, 30], as_of="2025-12-05")
    assert next(e["on"] for e in before["next_dates"] if e["person"] == "A") == "2026-02-03"


def test_once_it_is_too_old_nobody_sues_threatens_or_asks() -> None:
    person = ask()["persons"][0]
    assert person["barred_from"] == "2026-03-06" and person["barred_parts"] == ["60"]
    assert not (person["sue"] or person["threaten"] or person["ask_for_payment"])
    assert person["take_voluntary_payment"] and person["a_person_confirms"]
    assert person["tell"] == OLD_DEBT
    for word in ("court", "sue", "legal action", "must", "please"):
        assert word not in OLD_DEBT.lower()


def test_a_payment_after_the_last_day_is_taken_and_revives_nothing() -> None:
    token = {"act": "payment", "on": "2026-11-30", "persons": ["A"], "proof": "proven"}
    borrower = ask(acts=[*S15["acts"], token])["clocks"][0]
    assert borrower["status"] == "time_barred"
    assert borrower["not_counted"][-1]["why"] == "too_late"


def test_what_nobody_said_is_asked_for_by_name() -> None:
    no_law = ask(law=None)
    assert no_law["ask"][0]["fact"] == "law"
    assert {each["status"] for each in no_law["clocks"]} == {"unsettled"}
    dutch = ask(law="NL", as_of="2026-01-01")
    assert [each["fact"] for each in dutch["ask"]] == ["acts.0.written"]
    assert ask(region=None)["ask"] == [], "twelve days would not save it"
    soon = ask(region=None, as_of="2026-03-10")
    assert [each["fact"] for each in soon["ask"]] == ["region"]
    assert soon["clocks"][0]["status"] == "unsettled"


def test_one_debtor_need_not_be_named() -> None:
    acts = [{key: each[key] for key in each if key != "persons"} for each in S15["acts"]]
    found = ask(parties=[], acts=acts)
    assert [each["person"] for each in found["clocks"]] == ["debtor"]
    assert found["clocks"][0]["prescribes_on"] == "2026-03-05"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"as_of": None}, "as_of"),
        ({"law": "es"}, "law"),
        ({"law": "XX"}, "law"),
        ({"region": "Valencia"}, "region"),
        ({"parts": []}, "parts"),
        ({"parts": S15["parts"] * 2}, "parts"),
        ({"parties": [{"id": "A"}, {"id": "A"}]}, "parties.1.id"),
        ({"parties": [{"id": "A", "role": "guarantor"}]}, "parties"),
        ({"acts": [{**S15["acts"][0], "persons": ["Z"]}]}, "acts.0.persons"),
        ({"acts": [{**S15["acts"][0], "persons": []}]}, "acts.0.persons"),
        ({"acts": [{**S15["acts"][0], "act": "wish"}]}, "acts.0.act"),
        ({"acts": [{**S15["acts"][0], "ended_on": "2021-04-01"}]}, "acts.0.ended_on"),
        ({"alarm_days": [0]}, "alarm_days.0"),
        ({"today": "2026-12-01"}, "today"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(changes, field) -> None:
    assert refused(**changes) == {field}


def test_every_code_has_words() -> None:
    assert set(STATUS_TEXTS) == set(Status.__args__)
    assert set(WHY_TEXTS) == set(Why.__args__)


def test_the_schema_is_json_and_the_answer_too() -> None:
    assert json.loads(limitation_schema())["properties"].keys() >= {"parts", "acts", "law"}
    assert json.loads(json.dumps(ask())) == ask()
