"""A question in, an answer out; each mistake is told with field, reason and remedy."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.documents.evaluation import answer_evaluation, evaluation_schema
from recovery.documents.fields import InvalidDocumentError, exact_json

QUESTION: dict[str, Any] = {
    "id": "L-1",
    "loan": {
        "currency": "EUR",
        "principal": "200.00",
        "disbursed_on": "2026-01-01",
        "annual_rate_pct": "24",
        "instalments": [
            {
                "number": number,
                "due_date": f"2026-0{number + 1}-01",
                "principal": "100.00",
                "interest": "4.00",
                "fee": "1.00",
                "penalty": "0",
            }
            for number in (1, 2)
        ],
    },
    "payments": [{"id": "P-1", "value_date": "2026-01-20", "amount": "60.00"}],
    "pauses": [{"from": "2026-02-05", "to": "2026-02-15"}],
    "policy": {
        "grace_days": 3,
        "allocation": {"order": ["penalty", "fee", "interest", "principal"], "by": "instalment"},
        "buckets": [{"name": "1-30", "min_days": 1, "max_days": 30}],
    },
    "as_of": "2026-03-01",
}


def ask(**changes: Any) -> dict[str, Any]:
    return answer_evaluation({**copy.deepcopy(QUESTION), **changes})


EVERY_WEEKDAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def loan(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(QUESTION["loan"]), **changes}


def fields_of(**changes: Any) -> list[str]:
    with pytest.raises(InvalidDocumentError) as refused:
        ask(**changes)
    assert all(e["reason"] and e["remedy"] for e in refused.value.errors)
    return [e["field"] for e in refused.value.errors]


def test_the_answer_has_just_what_was_promised() -> None:
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


def test_without_policy_the_default_counts_and_without_id_there_is_none() -> None:
    found = ask(policy=None, id=None, pauses=[])
    assert (found["days_delinquent"], found["bucket"]) == (28, "1-30")
    assert "id" not in found
    assert ask(id=17)["id"] == 17


def test_numbers_are_taken_by_their_digits_and_never_as_floats() -> None:
    text = json.dumps(QUESTION).replace('"60.00"', "60.10").replace('"24"', "24.5")
    assert answer_evaluation(exact_json(text))["overdue"]["total"] == "44.90"
    assert answer_evaluation(exact_json(text.replace("60.10", "60")))["credit"] == "0.00"


def test_facts_after_the_date_are_not_known_yet() -> None:
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
def test_every_kind_of_fact_can_be_told(changes, overdue) -> None:
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
def test_how_days_are_counted_is_policy(policy, days) -> None:
    text = json.dumps({**QUESTION, "policy": policy, "pauses": []})
    assert answer_evaluation(exact_json(text))["days_past_due"] == days


def test_the_loans_of_a_borrower_are_asked_for_together_so_that_contagion_is_told() -> None:
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


def test_a_loan_may_be_given_by_its_terms() -> None:
    given = {**loan(terms={"instalments": 2, "amortisation": "equal_principal"})}
    del given["instalments"]
    found = ask(loan=given, payments=[], policy=None)
    assert [each["due"] for each in found["instalments"]] == ["104.00", "102.00"]
    wrong = {**given, "principal": None, "terms": {"instalments": 2}}
    assert fields_of(loan=wrong, payments=[]) == ["loan.principal"]


@pytest.mark.parametrize(
    ("terms", "changes", "field"),
    [
        ({"grace_principal": 2}, {}, "terms.grace_principal"),
        ({"business_days": {"country": "XX"}}, {}, "terms.business_days.country"),
        ({"business_days": {"weekend": EVERY_WEEKDAY}}, {}, "terms.business_days.weekend"),
        ({"balloon": "200.01"}, {}, "terms.balloon"),
        ({"principal_shares": [], "amortisation": "equal_principal"}, {}, "terms.principal_shares"),
        ({}, {"principal": "0"}, "principal"),
        ({}, {"annual_rate_pct": "1001"}, "annual_rate_pct"),
        ({"instalments": 900}, {}, "terms.instalments"),  # past 2100, which no document may name
    ],
)
def test_terms_that_make_no_sense_are_told_by_the_field_of_the_question(
    terms, changes, field
) -> None:
    wrong = loan(terms={"instalments": 2, **terms}, **changes)
    del wrong["instalments"]
    assert fields_of(loan=wrong, payments=[]) == [f"loan.{field}"]


def test_the_remedy_is_that_of_the_field() -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        ask(loan=loan(currency="eur", principal="1e3"), policy={"business_days": {"country": "ke"}})
    currency, amount, country = (each["remedy"] for each in refused.value.errors)
    assert '"EUR"' in currency
    assert '"125.00"' in amount
    assert '"KE"' in country


def row(**changes: Any) -> dict[str, Any]:
    return {**QUESTION["loan"]["instalments"][0], **changes}


def version(number: int, on: str) -> dict[str, Any]:
    return {"version": number, "on": on, "kind": "reage", "instalments": [row()]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": "2026-02-01T00:00:00"}, "as_of"),
        ({"as_of": 20260201}, "as_of"),
        ({"extra": 1}, "extra"),
        ({"loan": loan(currency="eur")}, "loan.currency"),
        ({"loan": loan(instalments=[])}, "loan.instalments"),
        ({"loan": loan(instalments=None)}, "loan"),
        ({"loan": loan(instalments=[row(), row()])}, "loan.instalments.1.number"),
        ({"loan": loan(instalments=[row(fee="-1")])}, "loan.instalments.0.fee"),
        ({"loan": loan(instalments=[row(fee="1.005")])}, "loan.instalments.0.fee"),
        ({"loan": loan(annual_rate_pct="-1")}, "loan.annual_rate_pct"),
        ({"loan": loan(versions=[version(3, "2026-02-02"), version(4, "2026-02-01")])},
         "loan.versions.1.on"),
        ({"loan": loan(versions=[version(2, "2026-02-01"), version(2, "2026-02-02")])},
         "loan.versions.1.version"),
        ({"payments": [{"value_date": "2026-02-01", "amount": "0.00"}]}, "payments.0.amount"),
        ({"payments": [{"value_date": "2026-02-01", "amount": "1e2"}]}, "payments.0.amount"),
        ({"payments": [{"value_date": "2026-02-01", "amount": True}]}, "payments.0.amount"),
        ({"payments": QUESTION["payments"] * 2}, "payments.1.id"),
        (
            {"payments": [{"value_date": "2026-02-01", "amount": "1", "instalment": 9}]},
            "payments.0.instalment",
        ),
        ({"pauses": [{"from": "2026-02-05", "to": "2026-02-04"}]}, "pauses.0.to"),
        ({"pauses": [{"from": "2026-02-05", "resumed_on": "2026-02-04"}]}, "pauses.0.resumed_on"),
        ({"charges": [{"on": "2026-02-05", "component": "fee", "amount": 0}]}, "charges.0.amount"),
        (
            {"chargebacks": [{"payment": "P-2", "on": "2026-02-05", "amount": "1"}]},
            "chargebacks.0.payment",
        ),
        (
            {"chargebacks": [{"payment": "P-1", "on": "2026-02-05", "amount": "61"}]},
            "chargebacks.0.amount",
        ),
        (
            {"chargebacks": [{"payment": "P-1", "on": "2026-01-05", "amount": "1"}]},
            "chargebacks.0.on",
        ),
        ({"policy": {"grace_days": -1}}, "policy.grace_days"),
        ({"policy": {"allocation": {"order": ["fee"]}}}, "policy.allocation.order"),
        ({"policy": {"tolerance": "1.005"}}, "policy.tolerance.amount"),
        ({"policy": {"tolerance": {"percent_of_principal": "101"}}},
         "policy.tolerance.percent_of_principal"),
        ({"policy": {"buckets": []}}, "policy.buckets"),
        ({"policy": {"late_charges": [{}]}}, "policy.late_charges.0"),
        ({"policy": {"business_days": {"weekend": EVERY_WEEKDAY}}},
         "policy.business_days.weekend"),
        ({"policy": {"business_days": {"country": "XX"}}}, "policy.business_days.country"),
        (
            {"policy": {"buckets": [
                {"name": "a", "min_days": 1, "max_days": 9}, {"name": "b", "min_days": 9}]}},
            "policy.buckets.1.min_days",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_field(changes, field) -> None:
    assert fields_of(**changes) == [field]


def test_all_mistakes_are_told_at_once() -> None:
    rows = [row(fee="1.005"), row(number=2, interest="2.005")]
    told = fields_of(loan=loan(instalments=rows, principal="1.005"))
    assert told == ["loan.principal", "loan.instalments.0.fee", "loan.instalments.1.interest"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("2026-02-01"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [at] if at else []
    for name, each in inner:
        found += _places(each, (*at, name)) if isinstance(each, dict | list) else [(*at, name)]
    return found


@given(st.sampled_from(_places(QUESTION)), ANY_JSON)
@settings(max_examples=150)
def test_whatever_is_asked_is_answered_or_told_what_is_wrong(place, value) -> None:
    asked = copy.deepcopy(QUESTION)
    inner = asked
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    try:
        assert json.dumps(answer_evaluation(asked))
    except InvalidDocumentError as refused:
        assert all(e["field"] and e["reason"] and e["remedy"] for e in refused.errors)


def test_the_schema_names_every_field_of_the_question() -> None:
    schema = json.loads(evaluation_schema())
    assert QUESTION.keys() <= schema["properties"].keys()
    assert set(schema["required"]) == {"loan", "as_of"}
    assert "from" in schema["$defs"]["PauseBody"]["properties"]
