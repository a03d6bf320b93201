"""Of a month's income, what the law leaves to the debtor is never attached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.fact import Recorded
from recovery.domain.agreements.capacity_rules import AttachableRule
from recovery.domain.judicial.attaching import attached_problems
from tests.builders import fields
from tests.domain.judicial.test_proceedings import FILED, on_record, step

RULE = AttachableRule(
    id="xx.attachable", source="a law", confidence="H", valid_from=date(2020, 1, 1),
    review_by=date(2030, 1, 1), currency="EUR", free_minor=100_000, step_percents=(30, 50),
)  # fmt: skip
TAKEN = step("attached", amount_minor=30_000, income_minor=200_000)


def problems(fact, *before, rule=RULE):
    records = tuple(on_record(each, f"F-{n}") for n, each in enumerate(before))
    return list(attached_problems(fact, Recorded((), records), rule, "EUR"))


def test_up_to_the_attachable_part_it_may_be_taken() -> None:
    assert problems(TAKEN) == []
    [problem] = problems(replace(TAKEN, amount_minor=30_001))
    assert problem.field == "amount"
    assert "300.00 EUR" in problem.reason and "2000.00 EUR" in problem.reason
    assert "xx.attachable: a law" in problem.reason


def test_what_was_taken_of_the_same_month_counts() -> None:
    half = replace(TAKEN, amount_minor=15_000)
    assert problems(half, half) == []
    assert fields(problems(TAKEN, half)) == {"amount"}
    a_month_before = replace(TAKEN, on=FILED - timedelta(days=31))
    assert problems(TAKEN, a_month_before, step("cost", amount_minor=30_000)) == []


def test_an_income_that_nobody_knows_is_asked_for() -> None:
    assert fields(problems(replace(TAKEN, income_minor=None))) == {"income"}


def test_where_no_rule_is_known_the_order_is_named() -> None:
    assert fields(problems(TAKEN, rule=None)) == {"reference"}
    assert problems(replace(TAKEN, reference="order-9"), rule=None) == []


@pytest.mark.parametrize("kind", ["cost", "refund", "judgment"])
def test_other_steps_take_nothing_of_an_income(kind: str) -> None:
    assert problems(replace(TAKEN, step=kind, income_minor=None)) == []


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_nobody_is_left_with_less_than_the_free_part(income_minor: int, amount_minor: int) -> None:
    taken = replace(TAKEN, amount_minor=amount_minor, income_minor=income_minor)
    if not problems(taken):
        assert income_minor - amount_minor >= min(income_minor, RULE.free_minor)
