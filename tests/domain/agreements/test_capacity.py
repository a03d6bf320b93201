from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.agreements.capacity import (
    average,
    by_month_of,
    capacity_of,
    most_level,
    shortage,
)
from recovery.domain.agreements.capacity_rules import Cap
from recovery.domain.agreements.cash_flow import cash_flow
from recovery.domain.agreements.household import DeclaredDebt, steady
from recovery.domain.schedules.due_dates import Frequency, due_dates_after
from tests.households import ON, a_capacity, a_household, capacity_terms

LEAN = (0, 0, *(60_000,) * 10)
DATES = due_dates_after(ON, Frequency(1, "months"), 12)


def level(amount_minor: int):
    return [(day, amount_minor) for day in DATES]


def test_the_margin_and_the_other_loans_are_taken_first_and_nothing_is_below_zero() -> None:
    assert a_capacity(60_000, margin_percent=30).usable() == steady(42_000)
    assert a_capacity(60_000, margin_percent=30).usable(steady(10_000)) == steady(35_000)
    assert a_capacity(-1).usable() == steady(0)


@pytest.mark.parametrize(("amount_minor", "fits"), [(60_000, True), (60_001, False)])
def test_a_payment_fits_to_the_cent(amount_minor, fits) -> None:
    assert (shortage(a_capacity(), level(amount_minor), ON) is None) is fits


def test_the_worst_month_is_named_and_what_is_overdue_falls_into_this_one() -> None:
    short = shortage(a_capacity(free_by_month=LEAN), level(10_000), ON)
    assert short and (short.month, short.by_minor) == (1, 10_000)
    late = shortage(a_capacity(), [(date(2026, 3, 1), 50_000), (ON, 20_000)], ON)
    assert late and (late.month, late.by_minor) == (11, 10_000)
    assert by_month_of([(date(2026, 3, 1), 1)], ON) == {(2026, 11): 1}


def test_a_cap_holds_on_average_beside_our_other_loans() -> None:
    capped = a_capacity(ceiling_minor=30_000)
    assert shortage(capped, level(24_000), ON, steady(6_000)) is None
    short = shortage(capped, level(24_001), ON, steady(6_000))
    assert short and (short.month, short.by_minor) == (None, 1)


@pytest.mark.parametrize(
    ("every", "unit", "count", "months"),
    [(1, "months", 6, 6), (1, "weeks", 52, 12), (3, "months", 4, 12), (6, "months", 1, 6)],
)
def test_the_average_spreads_over_the_time_that_it_takes(every, unit, count, months) -> None:
    dates = due_dates_after(ON, Frequency(every, unit), count)
    assert average([(day, 1_200) for day in dates], ON) == -(-1_200 * count // months)
    assert average([], ON) == 0


def test_a_cap_on_what_is_left_after_living_is_stricter() -> None:
    flow = cash_flow(a_household(debts=(DeclaredDebt(by_month=steady(10_000)),)), capacity_terms())
    of_income = Cap(percent=50, of="household_income", source="a")
    of_rest = Cap(percent=50, of="net_disposable_income", source="b")
    for caps, ceiling_minor in (
        ((of_income,), 40_000),
        ((of_rest,), 20_000),
        ((of_income, of_rest), 20_000),
        ((), None),
    ):
        found = capacity_of(flow, capacity_terms(caps=caps), "EUR", proven=True)
        assert found.ceiling_minor == ceiling_minor


@given(
    free=st.tuples(*[st.integers(-1_000, 100_000)] * 12),
    ceiling=st.none() | st.integers(0, 80_000),
    margin=st.integers(0, 99),
    own=st.tuples(*[st.integers(0, 20_000)] * 12),
    every=st.sampled_from([Frequency(1, "months"), Frequency(2, "weeks"), Frequency(1, "weeks")]),
    count=st.integers(1, 40),
)
def test_the_largest_level_payment_fits_and_one_more_does_not(
    free, ceiling, margin, own, every, count
) -> None:
    capacity = a_capacity(free_by_month=free, ceiling_minor=ceiling, margin_percent=margin)
    dates = due_dates_after(ON, every, count)
    most = most_level(capacity, dates, ON, own)
    if most:
        assert shortage(capacity, [(day, most) for day in dates], ON, own) is None
    assert shortage(capacity, [(day, most + 1) for day in dates], ON, own) is not None
