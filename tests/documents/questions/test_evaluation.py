"""Evaluation questions and their answers."""

import json

import pytest

from recovery.documents.questions.evaluation import answer_evaluation, evaluation_schema
from recovery.documents.shared.json_text import read_json
from recovery.documents.shared.problems import InvalidDocumentError
from tests.questions import QUESTION, ask, fields_of, loan


def test_the_answer_has_exactly_the_documented_fields() -> None:
    parts = {"principal": "45.00", "interest": "0.00", "fee": "0.00", "penalty": "0.00"}
    assert ask() == {
        "id": "L-1",
        "days_past_due": 28,
        "days_delinquent": 15,
        "delinquent_since": "2026-02-04",
        "bucket": "1-30",
        "overdue": {**parts, "total": "45.00"},
        "outstanding": {
            **parts, "principal": "145.00", "interest": "4.00", "fee": "1.00", "total": "150.00",
        },
        "credit": "0.00",
        "instalments": [
            {
                "number": 1, "due": "105.00", "paid": "60.00", "paid_in_advance": "60.00",
                "paid_late": "0.00", "outstanding": "45.00", "paid_off_on": None,
                "days_past_due": 28, "bucket": "1-30",
            },
            {
                "number": 2, "due": "105.00", "paid": "0.00", "paid_in_advance": "0.00",
                "paid_late": "0.00", "outstanding": "105.00", "paid_off_on": None,
                "days_past_due": 0, "bucket": None,
            },
        ],
    }  # fmt: skip


def test_runaway_late_charges_on_late_charges_are_refused() -> None:
    doubling = {"per": "day", "percent": "100", "of": ["principal", "penalty"]}
    assert fields_of(policy={"late_charges": [doubling]}, as_of="2100-12-31") == [
        "policy.late_charges.0"
    ]
    capped = {**doubling, "cap": "5"}
    found = ask(policy={"late_charges": [capped]}, as_of="2027-12-31")
    assert found["outstanding"]["penalty"] == "10.00"


def test_policy_defaults_and_the_id_is_optional() -> None:
    found = ask(policy=None, id=None, pauses=[])
    assert (found["days_delinquent"], found["bucket"]) == (28, "1-30")
    assert "id" not in found
    assert ask(id=17)["id"] == 17


def test_numbers_keep_their_digits_and_never_become_floats() -> None:
    text = json.dumps(QUESTION).replace('"60.00"', "60.10").replace('"24"', "24.5")
    assert answer_evaluation(read_json(text, digits_of="fractions"))["overdue"]["total"] == "44.90"
    assert (
        answer_evaluation(read_json(text.replace("60.10", "60"), digits_of="fractions"))["credit"]
        == "0.00"
    )


def test_facts_after_the_date_are_ignored() -> None:
    paid = [*QUESTION["payments"], {"value_date": "2026-03-02", "amount": "500.00"}]
    assert ask(payments=paid) == ask()
    assert ask(payments=paid, as_of="2026-03-02")["credit"] == "350.00"


@pytest.mark.parametrize(
    ("changes", "overdue"),
    [
        ({"payments": []}, "105.00"),
        ({"payments": [{**QUESTION["payments"][0], "reversed_on": "2026-02-20"}]}, "105.00"),
        ({"charges": [{"on": "2026-02-01", "component": "fee", "amount": "5"}]}, "50.00"),
        ({"waivers": [{"on": "2026-02-01", "component": "principal", "amount": "5"}]}, "40.00"),
        ({"waivers": [{"on": "2026-02-01", "component": "principal", "instalment": 1}]}, "0.00"),
        ({"chargebacks": [{"payment": "P-1", "on": "2026-01-25", "amount": "10"}]}, "55.00"),
        ({"payments": [{"value_date": "2026-01-20", "amount": "60", "instalment": 2}]}, "105.00"),
        ({"policy": {"late_charges": [{"amount": "2.50"}]}}, "47.50"),
        ({"policy": {"late_charges": [{"percent": "10", "per": "day", "cap": "3"}]}}, "48.00"),
    ],
)
def test_every_kind_of_fact_counts(changes, overdue) -> None:
    assert ask(**changes)["overdue"]["total"] == overdue


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        ({"tolerance": "45.00"}, 0),
        ({"tolerance": {"amount": "44.99"}}, 28),
        ({"tolerance": {"percent_of_instalment": "43"}}, 0),
        ({"tolerance": {"percent_of_principal": 22.4}}, 28),
        ({"business_days": {}}, 20),
        ({"business_days": {"holidays": ["2026-02-02"], "weekend": ["sun"]}}, 23),
        ({"business_days": {"country": "KE", "working_days": []}}, 20),
        ({}, 28),
    ],
)
def test_the_policy_decides_how_days_are_counted(policy, days) -> None:
    text = json.dumps({**QUESTION, "policy": policy, "pauses": []})
    assert answer_evaluation(read_json(text, digits_of="fractions"))["days_past_due"] == days


def test_contagion_applies_across_a_borrowers_loans() -> None:
    paid = {"value_date": "2026-02-01", "amount": "105.00"}
    loans = [
        {"id": "late", "loan": loan()},
        {"id": "sound", "loan": loan(), "payments": [paid]},
    ]
    asked = {
        "id": "B-1",
        "loans": loans,
        "policy": {"contagion": {"from_days": 28}},
        "as_of": "2026-03-01",
    }
    found = answer_evaluation(asked)
    assert (found["id"], [each["id"] for each in found["loans"]]) == ("B-1", ["late", "sound"])
    assert [each["bucket"] for each in found["loans"]] == ["1-30", "1-30"]
    assert [each.get("own_bucket") for each in found["loans"]] == [None, "current"]
    asked["policy"] = {"contagion": {"from_days": 29}}
    assert [e["bucket"] for e in answer_evaluation(asked)["loans"]] == ["1-30", "current"]
    asked["loans"][1]["loan"]["currency"] = "USD"
    with pytest.raises(InvalidDocumentError, match="EUR and USD"):
        answer_evaluation(asked)


def test_a_loan_can_be_given_by_its_terms() -> None:
    given = {**loan(terms={"instalments": 2, "amortisation": "equal_principal"})}
    del given["instalments"]
    found = ask(loan=given, payments=[], policy=None)
    assert [each["due"] for each in found["instalments"]] == ["104.00", "102.00"]
    wrong = {**given, "principal": None, "terms": {"instalments": 2}}
    assert fields_of(loan=wrong, payments=[]) == ["loan.principal"]


def test_the_schema_names_every_field_of_the_question() -> None:
    schema = json.loads(evaluation_schema())
    assert QUESTION.keys() <= schema["properties"].keys()
    assert set(schema["required"]) == {"loan", "as_of"}
    assert "from" in schema["$defs"]["PauseBody"]["properties"]
