"""Questions about capacity: what they take, and above all what they have no place for."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from recovery.documents.agreements.assessment_request import (
    AssessmentBody,
    DecisionBody,
    OptionsBody,
)
from recovery.documents.questions.assessment_question import (
    AssessmentQuestion,
    assessment_schema,
    read_assessment_question,
)
from recovery.documents.questions.options_question import OptionsQuestion
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.agreements.household import Household, steady
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.scorecard import ScoreFact

EXAMPLE = Path(__file__).parents[3] / "infra" / "command_line" / "examples" / "assess.json"
# Regulation (EU) 2016/679 art. 9 and Directive (EU) 2023/2225 art. 18(3) and 6, and the like.
FORBIDDEN = re.compile(
    r"sex\b|sexual|gender|relig|faith|belief|church|health|illness|sick|disab|medic|diagnos|pregnan"
    r"|ethni|race\b|racial|caste|tribe|nationalit|birth|origin\b|politic|party|union|marital|married"
    r"|spouse|orient|biometr|genetic|(?<![a-z])age(?![a-z])|skin|colou?r|surname|photo|social_media|phone|contacts"
)


def models_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    """Walk every model that a body can hold."""
    found, waiting = set(), [model]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found.add(each)
        for field in each.model_fields.values():
            waiting += [part for part in parts_of(field.annotation) if is_model(part)]
    return found


def parts_of(annotation: Any) -> list[Any]:
    return [annotation, *(part for each in get_args(annotation) for part in parts_of(each))]


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


TOP = (AssessmentQuestion, AssessmentBody, OptionsBody, DecisionBody, OptionsQuestion)
BODIES = sorted(set().union(*map(models_of, TOP)), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", BODIES, ids=lambda model: model.__name__)
def test_no_field_that_may_not_be_used_can_enter(model) -> None:
    assert model.model_config["extra"] == "forbid"
    for name, field in model.model_fields.items():
        assert not FORBIDDEN.search(name), name
        for part in parts_of(field.annotation):
            for choice in get_args(part):
                if isinstance(choice, str):
                    assert not FORBIDDEN.search(choice), choice


def test_the_walk_sees_the_households_and_the_pattern_what_is_forbidden() -> None:
    names = {model.__name__ for model in BODIES}
    assert {"HouseholdBody", "IncomeBody", "BusinessBody", "MoneyBody", "TermsBody"} <= names
    for word in ("religion", "sex", "health_status", "ethnicity", "marital_status", "caste", "age"):
        assert FORBIDDEN.search(word)


def test_neither_the_domain_nor_the_scorecard_nor_a_reason_has_a_place_for_it() -> None:
    kinds, waiting = set(), [Household]
    while waiting:
        kind = waiting.pop()
        kinds.add(kind)
        for hint in get_type_hints(kind).values():
            waiting += [part for part in parts_of(hint) if is_dataclass(part)]
    names = {each.name for kind in kinds for each in fields(kind)}
    assert {"by_month", "evidence"} <= names
    for name in (*names, *get_args(ScoreFact), *Difficulty):
        assert not FORBIDDEN.search(name), name


def test_households_hold_no_free_text() -> None:
    schema = json.loads(assessment_schema())
    texts = [
        (title, name)
        for title, model in schema["$defs"].items()
        if title.endswith("Body") and title in HOUSEHOLD_MODELS
        for name, field in model["properties"].items()
        if field.get("type") == "string" and "pattern" not in field and "enum" not in field
    ]
    assert texts == []


HOUSEHOLD_MODELS = {
    "HouseholdBody",
    "IncomeBody",
    "BusinessBody",
    "DebtBody",
    "BureauBody",
    "GuaranteeBody",
    "MoneyBody",
    "OwnLoanBody",
}


def asked(**changes: Any) -> dict[str, Any]:
    return {**json.loads(EXAMPLE.read_text(encoding="utf-8")), **changes}


def test_an_amount_each_week_comes_in_rounded_down_and_goes_out_rounded_up() -> None:
    weekly = {"amount": "10.00", "per": "week"}
    household = {
        "incomes": [{"source": "casual", "amount": weekly, "evidence": "declared"}],
        "expenses": weekly,
        "debts": [{"instalments": {"amount": "100.00", "per": "year"}}],
    }
    found = read_assessment_question(asked(household=household)).household
    assert found.incomes[0].by_month == steady(4_333)
    assert found.expenses_by_month == steady(4_334)
    assert found.debts[0].by_month == steady(834)


def test_twelve_amounts_are_a_year_and_leaving_expenses_out_is_not_zero() -> None:
    season = [str(month) for month in range(12)]
    household = {
        "incomes": [{"source": "farm", "amount": {"by_month": season}, "evidence": "observed"}]
    }
    found = read_assessment_question(asked(household=household)).household
    assert found.incomes[0].by_month == tuple(month * 100 for month in range(12))
    assert found.expenses_by_month is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"household": {"expenses": {}}}, "household.expenses"),
        (
            {"household": {"expenses": {"amount": "1", "by_month": ["1"] * 12}}},
            "household.expenses",
        ),
        ({"household": {"expenses": {"by_month": ["1"] * 11}}}, "household.expenses.by_month"),
        ({"household": {"expenses": "1.234"}}, "household.expenses"),
        ({"household": {"adults": 0}}, "household.adults"),
        ({"asked": {}}, "asked"),
        ({"asked": {"instalment": "0"}}, "asked.instalment"),
        ({"asked": {"loan": {"currency": "EUR", "instalments": []}}}, "asked.loan.instalments"),
        ({"asked": {"loan": {"currency": "INR"}}}, "asked.loan"),
        ({"country": "XX"}, "country"),
        ({"policy": {"agreements": {"capacity": {"margin_percent": 100}}}}, None),
        ({"language": "english please"}, "language"),
        ({"as_of": "tomorrow"}, "as_of"),
    ],
)
def test_what_cannot_be_read_is_named(changes, field) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        read_assessment_question(asked(**changes))
    named = [each.field for each in caught.value.problems]
    assert named == [field or "policy.agreements.capacity.margin_percent"]
