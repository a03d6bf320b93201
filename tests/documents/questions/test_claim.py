"""Questions about the amount of a claim and their answers."""

import copy
import json
from decimal import Decimal

import pytest

from recovery.documents.questions.claim import (
    BECAUSE_TEXTS,
    GAP_TEXTS,
    NOT_CLAIMED_TEXTS,
    answer_claim,
    claim_schema,
)
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.judicial.collection_costs import Fault
from recovery.domain.judicial.lawful_rates import Because, NoRate
from tests.builders import fields

QUESTION = {
    "id": 7,
    "as_of": "2026-11-27",
    "law": "ES",
    "currency": "EUR",
    "capacity": "consumer",
    "ordinary_rate_pct": "18",
    "late_rate_pct": "25",
    "parts": [
        {"part": 1, "due_date": "2025-12-31", "principal": "100.00", "interest": "12.00"},
        {"part": 2, "due_date": "2026-01-31", "principal": "100.00", "disputed": "40"},
    ],
    "payments": [{"id": "P-1", "value_date": "2026-03-01", "amount": "50.00"}],
}
HISTORY = {
    "region": "ES-M",
    "parties": [{"id": "A"}, {"id": "G", "role": "guarantor"}],
    "acts": [{"act": "demand", "on": "2021-03-05", "persons": ["A"], "proof": "proven"}],
}


def ask(**changes) -> dict:
    return answer_claim({**copy.deepcopy(QUESTION), **changes})


def refused(**changes) -> set[str]:
    with pytest.raises(InvalidDocumentError) as error:
        ask(**changes)
    return fields(error.value.problems)


def test_the_statement_has_a_line_for_everything_and_adds_up() -> None:
    found = ask()
    assert found["id"] == 7 and found["may_be_filed"]
    assert sum(Decimal(each["amount"]) for each in found["lines"]) == Decimal(found["total"])
    assert next(each for each in found["lines"] if "days" in each) == {
        "kind": "ordinary_interest",
        "part": "1",
        "from": "2026-01-01",
        "to": "2026-03-01",
        "days": 60,
        "base": "100.00",
        "annual_pct": "18",
        "year_days": 365,
        "because": BECAUSE_TEXTS["surcharge_falls_away"],
        "amount": "2.96",
        "rules": ["es.claim.late_rates.consumer"],
    }
    [payment] = [each for each in found["lines"] if each["kind"] == "payment"]
    assert payment["spread"] == {"costs": "0.00", "interest": "15.82", "principal": "34.18"}
    assert found["not_claimed"] == [
        {
            "part": "2",
            "amount": "40.00",
            "why": "disputed",
            "meaning": "it is disputed",
            "rules": [],
        }
    ]


def test_each_rate_shows_its_age_and_when_it_must_be_looked_at() -> None:
    found = ask(law="NL", late_rate_pct=None, ordinary_rate_pct=None)
    [rate] = [each for each in found["rules"] if each["id"] == "nl.claim.rates.statutory"]
    assert (rate["annual_pct"], rate["age_days"]) == ("4", 330)
    assert (rate["review_by"], rate["expired"], rate["confidence"]) == ("2027-01-31", False, "M")


def test_nobody_files_on_a_stale_rate_or_an_unknown_law() -> None:
    stale = ask(law="NL", late_rate_pct=None, ordinary_rate_pct=None, as_of="2027-02-01")
    assert not stale["may_be_filed"] and "nl.claim.rates.statutory" in stale["expired_rules"]
    assert stale["without_interest"][0]["from"] == "2027-01-01"
    unknown = ask(law=None)
    assert not unknown["may_be_filed"] and unknown["ask"][0]["fact"] == "law"
    assert all("annual_pct" not in each for each in unknown["lines"])


def test_what_is_missing_is_asked_for_by_name() -> None:
    assert ask()["ask"] == []
    assert [e["fact"] for e in ask(ordinary_rate_pct=None)["ask"]] == ["ordinary_rate_pct"]
    assert [e["fact"] for e in ask(late_rate_pct=None)["ask"]] == ["demanded_on"]
    assert [e["fact"] for e in ask(capacity="unknown")["ask"]] == ["capacity"]


def test_parts_that_are_too_old_are_left_out_and_the_clocks_shown() -> None:
    old = {"part": "old", "due_date": "2021-01-10", "principal": "300.00"}
    found = ask(parts=[old, *QUESTION["parts"]], history=HISTORY)
    assert found["not_claimed"][0]["why"] == "time_barred"
    assert found["total"] == ask()["total"]
    assert found["may_be_filed"] and found["limitation"]["against"] == "A"
    assert found["limitation"]["persons"][0]["barred_parts"] == ["old"]
    alone = ask(parts=[old], history=HISTORY)
    assert (alone["total"], alone["may_be_filed"]) == ("0.00", False)


def test_the_claim_against_a_guarantor_has_the_guarantors_clock() -> None:
    demand = {"act": "demand", "on": "2024-01-10", "persons": ["A"], "proof": "proven"}
    old = {"part": "old", "due_date": "2021-01-10", "principal": "300.00"}
    history = {**HISTORY, "acts": [demand]}
    debtor = ask(parts=[old], history=history)
    guarantor = ask(parts=[old], history=history, against="G")
    assert Decimal(debtor["total"]) > 300 and debtor["may_be_filed"]
    assert guarantor["total"] == "0.00" and not guarantor["may_be_filed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currency": "euro"}, "currency"),
        ({"law": "XX"}, "law"),
        ({"parts": []}, "parts"),
        ({"parts": [{**QUESTION["parts"][0], "principal": "1.005"}]}, "parts.0.principal"),
        ({"parts": [{**QUESTION["parts"][0], "disputed": "200"}]}, "parts.0.disputed"),
        (
            {"parts": [{**QUESTION["parts"][0], "ordinary_from": "2025-12-31"}]},
            "parts.0.ordinary_from",
        ),
        ({"payments": [{"value_date": "2026-01-01", "amount": "0"}]}, "payments.0.amount"),
        ({"payments": [{"value_date": "2026-01-01", "amount": "5", "part": 9}]}, "payments.0.part"),
        ({"judged_on": "2026-11-28"}, "judged_on"),
        ({"commercial": True}, "commercial"),
        ({"against": "A"}, "against"),
        ({"against": "Z", "history": HISTORY}, "against"),
        ({"history": {**HISTORY, "acts": [{"act": "demand", "on": "2021-03-05", "persons": ["Z"],
          "proof": "proven"}]}}, "history.acts.0.persons"),
        ({"awarded_costs": [{"on": "2026-01-01", "amount": "0", "basis": "x"}]},
         "awarded_costs.0.amount"),
        ({"late_rate": "25"}, "late_rate"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_remedy(changes, field) -> None:
    assert refused(**changes) == {field}


def test_every_code_has_words() -> None:
    assert set(BECAUSE_TEXTS) == set(Because.__args__)
    assert set(GAP_TEXTS) == set(NoRate.__args__)
    assert set(NOT_CLAIMED_TEXTS) >= set(Fault.__args__)


def test_the_schema_is_json_and_the_answer_too() -> None:
    assert json.loads(claim_schema())["properties"].keys() >= {"parts", "payments", "history"}
    assert json.loads(json.dumps(ask(history=HISTORY)))
