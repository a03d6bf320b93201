from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.household import steady
from recovery.domain.agreements.realism import realism_notes
from tests.domain.agreements.test_promise import MADE, PROMISE, situation
from tests.households import a_capacity

DAY = timedelta(days=1)


def known(free_minor: int, **changes) -> CapacityInForce:
    return replace(
        CapacityInForce(
            assessment_id="A-1",
            person_id="B-1",
            assessed_on=MADE - DAY,
            valid_until=MADE + DAY,
            policy_version=1,
            capacity=a_capacity(free_minor),
        ),
        **changes,
    )


def said(capacity, own=steady(0)) -> str:  # noqa: B008  a tuple of numbers
    weighed = replace(situation(), capacity=capacity, own=own)
    return " | ".join(realism_notes(PROMISE, weighed))


def test_a_promise_above_what_the_household_can_pay_says_so() -> None:
    note = said(known(PROMISE.amount_minor - 1))
    assert "the household can pay 99.99 EUR in that month" in note
    assert f"by the assessment of {MADE - DAY}" in note
    assert "household" not in said(known(PROMISE.amount_minor))
    assert "can pay 99.99 EUR" in said(known(PROMISE.amount_minor), steady(1))


@pytest.mark.parametrize(
    "capacity",
    [
        None,
        known(0, valid_until=MADE - DAY),
        known(0, assessed_on=MADE + DAY),
        known(0, capacity=replace(a_capacity(0), currency="USD")),
    ],
)
def test_a_capacity_that_does_not_hold_says_nothing(capacity) -> None:
    assert "household" not in said(capacity)
