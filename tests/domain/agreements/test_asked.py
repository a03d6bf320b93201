from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.agreements.asked import (
    asked_by_instalment,
    asked_by_schedule,
    asked_by_terms,
)
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.due_dates import MONTHLY, Frequency
from tests.households import ON
from tests.loan_terms import terms


def test_terms_ask_what_their_schedule_does() -> None:
    asked = asked_by_terms(terms())
    assert [amount for _, amount in asked.payments] == [
        each.due.total for each in build_schedule(terms())
    ]
    assert (asked.on, asked.frequency) == (date(2026, 1, 1), MONTHLY)


def test_a_schedule_without_terms_tells_its_own_step() -> None:
    weekly = terms(frequency=Frequency(2, "weeks"), annual_rate_pct=Decimal(0))
    asked = asked_by_schedule(build_schedule(weekly), None, weekly.disbursed_on)
    assert (asked.frequency, asked.terms) == (Frequency(2, "weeks"), None)


@pytest.mark.parametrize(
    ("frequency", "count"),
    [(MONTHLY, 12), (Frequency(1, "weeks"), 52), (Frequency(24, "months"), 1)],
)
def test_an_instalment_alone_is_taken_to_last_a_year(frequency, count) -> None:
    asked = asked_by_instalment(14_000, frequency, ON)
    assert len(asked.payments) == count
    assert asked.instalment_minor == 14_000
    assert all(day > ON for day in asked.dates)
