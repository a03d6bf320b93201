"""Every mistake in a question is reported with field, reason and remedy, all at once."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.documents.questions.evaluation import answer_evaluation
from recovery.documents.shared.problems import InvalidDocumentError
from tests.questions import QUESTION, ask, fields_of, loan

EVERY_WEEKDAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


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
def test_invalid_terms_are_reported_under_the_questions_field(terms, changes, field) -> None:
    wrong = loan(terms={"instalments": 2, **terms}, **changes)
    del wrong["instalments"]
    assert fields_of(loan=wrong, payments=[]) == [f"loan.{field}"]


def test_the_remedy_fits_the_field() -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        ask(loan=loan(currency="eur", principal="1e3"), policy={"business_days": {"country": "ke"}})
    currency, amount, country = (each.remedy for each in refused.value.problems)
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
def test_a_mistake_is_reported_under_its_field(changes, field) -> None:
    assert fields_of(**changes) == [field]


def test_all_mistakes_are_reported_at_once() -> None:
    rows = [row(fee="1.005"), row(number=2, interest="2.005")]
    fields = fields_of(loan=loan(instalments=rows, principal="1.005"))
    assert fields == ["loan.principal", "loan.instalments.0.fee", "loan.instalments.1.interest"]


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
def test_any_question_is_answered_or_refused_with_problems(place, value) -> None:
    asked = copy.deepcopy(QUESTION)
    inner = asked
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    try:
        assert json.dumps(answer_evaluation(asked))
    except InvalidDocumentError as refused:
        assert all(e.field and e.reason and e.remedy for e in refused.problems)
