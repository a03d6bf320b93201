"""Problems are in our words, name the field, and suggest what may have been meant."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from recovery.documents.shared.problems import InvalidDocumentError, ProblemList, validated
from recovery.domain.shared.errors import Problem


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)
    amount: Decimal = Decimal(0)


class _Whole(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    grace_days: Annotated[int, Field(ge=0, le=30)] = 0
    share: Annotated[Decimal, Field(gt=0, lt=1)] = Decimal("0.5")
    name: Annotated[str, Field(min_length=2, max_length=5)] = "name"
    kind: Literal["fee", "penalty"] = "fee"
    on: date | None = None
    at: time | None = None
    parts: Annotated[list[_Part], Field(min_length=1, max_length=2)] = [_Part()]
    part: _Part | str | None = None
    open: bool = True


def problem_of(values: Any) -> Problem:
    with pytest.raises(InvalidDocumentError) as error:
        validated(_Whole, values)
    return error.value.problems[0]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"grace_days": "1"}, "is not a whole number"),
        ({"grace_days": -1}, "must be 0 or more"),
        ({"grace_days": 31}, "must be 30 or less"),
        ({"share": Decimal(0)}, "must be above 0"),
        ({"share": Decimal(1)}, "must be below 1"),
        ({"name": "n"}, "is shorter than 2 characters"),
        ({"name": "a long name"}, "is longer than 5 characters"),
        ({"name": 3}, "is not a text in quotation marks"),
        ({"kind": "fees"}, "is not one of 'fee' or 'penalty'"),
        ({"parts": "x"}, "is not a list"),
        ({"parts": []}, "has fewer than 1 entries"),
        ({"parts": [_Part()] * 3}, "has more than 2 entries"),
        ({"parts": [{"amount": "x"}]}, "is not a number"),
        ({"parts": ["x"]}, "is not an object in braces"),
        ({"open": "yes"}, "is neither true nor false"),
        ([], "is not a JSON object"),
    ],
)
def test_reasons_are_ours(values: Any, reason: str) -> None:
    problem = problem_of(values)
    assert problem.reason == reason
    assert not re.search(r"\^|\\|pydantic|[Ii]nput should", f"{problem.reason} {problem.remedy}")


@pytest.mark.parametrize(
    ("values", "field", "remedy"),
    [
        ({"grce_days": 1}, "grce_days", 'Did you mean "grace_days"? Else leave it out'),
        ({"parts": [{"amuont": 1}]}, "parts.0.amuont", 'Did you mean "amount"? Else leave it out'),
        ({"completely_else": 1}, "completely_else", "Leave it out"),
    ],
)
def test_the_nearest_known_field_is_suggested(values: Any, field: str, remedy: str) -> None:
    problem = problem_of(values)
    assert (problem.field, problem.remedy) == (field, remedy)
    assert problem.code == "unknown_field"


@pytest.mark.parametrize(
    ("currency", "text", "remedy"),
    [
        ("EUR", "1.234", "Send an amount such as 125.00, at most 2 decimals for EUR"),
        ("UGX", "1.5", "Send an amount such as 125, without decimals for UGX"),
        ("TND", "1.2345", "Send an amount such as 125.000, at most 3 decimals for TND"),
    ],
)
def test_an_amount_is_asked_for_in_the_digits_of_its_currency(currency, text, remedy) -> None:
    found = ProblemList(currency)
    assert found.amount_minor(text, "amount") == 0
    assert [each.remedy for each in found.problems] == [remedy]
