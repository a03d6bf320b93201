"""Rounding, multiples and remainders; properties of every schedule."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.loan import sum_components
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.day_count import DayCount
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.schedules.interest_periods import interest_periods
from recovery.domain.schedules.terms import Terms
from recovery.domain.shared.business_calendar import EVERY_DAY
from tests.loan_terms import EQUAL_INSTALMENT, EQUAL_PRINCIPAL, FLAT, QUARTER_A_MONTH, rows, terms


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # 694.44 to whole units; 556.00 is left, plus a quarter of it.
        pytest.param(
            {**QUARTER_A_MONTH, "instalments": 2, "multiple_minor": 100},
            [(44_400, 25_000), (55_600, 13_900)],
            id="equal instalment",
        ),
        # 83.33 + 20.00 is 103 in whole units; eleven of 83.00 leave 87.00.
        pytest.param(
            {**FLAT, "principal_minor": 100_000, "instalments": 12, "multiple_minor": 100},
            [(8_300, 2_000)] * 11 + [(8_700, 2_000)],
            id="flat",
        ),
        # 333.33 + 20.00 rounds to 353; then 2 % of 667.00 is 13.34, and 346.67 rounds to 347.
        pytest.param(
            {"principal_minor": 100_000, "instalments": 3, "multiple_minor": 100},
            [(33_300, 2_000), (33_366, 1_334), (33_334, 667)],
            id="equal principal",
        ),
        # Shares of 60 plus interest of 5, 3 and 1 round to 100: principal of 95, 97, then 48 left.
        pytest.param(
            {"principal_minor": 240, "multiple_minor": 100},
            [(95, 5), (97, 3), (48, 1), (0, 0)],
            id="no more than is left",
        ),
        # 12 + 1 rounds to 0, which would make the principal negative.
        pytest.param(
            {"principal_minor": 50, "multiple_minor": 1_000},
            [(0, 1)] * 3 + [(50, 1)],
            id="never negative",
        ),
        pytest.param(
            {**EQUAL_INSTALMENT, "principal_minor": 50, "multiple_minor": 1_000},
            [(0, 1)] * 3 + [(50, 1)],
            id="never negative, equal instalment",
        ),
        pytest.param(
            {"principal_minor": 5, "instalments": 10, "annual_rate_pct": Decimal(0)},
            [(0, 0)] * 9 + [(5, 0)],
            id="half a minor unit each",
        ),
        pytest.param(
            {
                **EQUAL_INSTALMENT,
                "principal_minor": 6,
                "instalments": 10,
                "annual_rate_pct": Decimal(0),
            },
            [(1, 0)] * 6 + [(0, 0)] * 4,
            id="more than half a minor unit each",
        ),
        # Exactly 2.5 each: rounds to the even 2, or up to 3.
        pytest.param(
            {
                **EQUAL_INSTALMENT,
                "principal_minor": 5,
                "instalments": 2,
                "annual_rate_pct": Decimal(0),
            },
            [(2, 0), (3, 0)],
            id="a tie",
        ),
        pytest.param(
            {
                **EQUAL_INSTALMENT,
                "principal_minor": 5,
                "instalments": 2,
                "annual_rate_pct": Decimal(0),
                "rounding": "half_up",
            },
            [(3, 0), (2, 0)],
            id="a tie, half up",
        ),
    ],
)
def test_rounding_and_multiples(changes, expected) -> None:
    assert rows(terms(**changes)) == expected


def test_a_level_payment_tie_survives_a_recurring_discount() -> None:
    # At 1 % a month 1/1.01 + 1/1.0201 = 2.01/1.0201, and 5,025,000 x 1.0201 / 2.01 is 2,550,250:
    # as far from 2,550,000, the even multiple of 500, as from 2,550,500.
    level = {
        **EQUAL_INSTALMENT,
        "principal_minor": 5_025_000,
        "annual_rate_pct": Decimal(12),
        "instalments": 2,
        "multiple_minor": 500,
    }
    assert sum(rows(terms(**level))[0]) == 2_550_000
    assert sum(rows(terms(**level, rounding="half_up"))[0]) == 2_550_500


kinds = st.sampled_from(
    [
        FLAT,
        {**FLAT, "amortisation": "equal_principal"},
        {**FLAT, "amortisation": "interest_only"},
        EQUAL_PRINCIPAL,
        EQUAL_INSTALMENT,
        {"amortisation": "interest_only"},
    ]
)
rates = st.decimals(0, 1000, places=4)
frequencies = st.builds(Frequency, st.integers(1, 6), st.sampled_from(["weeks", "months"]))


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    """Draw any valid terms, starting from a single minor unit."""
    kind = draw(kinds)
    instalments = draw(st.integers(1, 40))
    principal_minor = draw(st.integers(1, 10**9))
    seasonal = kind.get("amortisation") == "equal_principal" and draw(st.booleans())
    shares = st.lists(st.integers(0, 9), min_size=instalments, max_size=instalments).filter(any)
    balloons = st.one_of(st.just(0), st.integers(0, principal_minor))
    disbursed_on = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    first = st.none() | st.integers(1, 200).map(lambda days: disbursed_on + timedelta(days=days))
    return terms(
        **kind,
        principal_minor=principal_minor,
        annual_rate_pct=draw(rates),
        disbursed_on=disbursed_on,
        first_due_date=draw(first),
        instalments=instalments,
        frequency=draw(
            st.builds(Frequency, st.integers(1, 6), st.sampled_from(["weeks", "months"]))
        ),
        end_of_month=draw(st.booleans()),
        balloon_minor=0 if kind["amortisation"] == "interest_only" else draw(balloons),
        principal_shares=tuple(draw(shares)) if seasonal else None,
        day_count=draw(st.sampled_from(get_args(DayCount))),
        interest_period=draw(st.sampled_from(["period", "daily"])),
        grace_principal=0 if seasonal else draw(st.integers(0, instalments - 1)),
        grace_interest=draw(st.integers(0, instalments - 1)),
        interest_free=draw(st.integers(0, instalments)),
        fee_minor=draw(st.integers(0, 100)),
        rounding=draw(st.sampled_from(["half_even", "half_up"])),
        multiple_minor=draw(st.sampled_from([1, 5, 100, 10_000])),
    )


@given(any_terms())
def test_sums_are_exact_and_nothing_is_negative_for_any_terms(loan_terms) -> None:
    schedule = build_schedule(loan_terms)
    total = sum_components(i.due for i in schedule)
    assert total.principal == loan_terms.principal_minor
    assert total.fee == loan_terms.fee_minor * loan_terms.instalments
    assert total.penalty == 0
    assert all(type(part) is int and part >= 0 for i in schedule for part in i.due)
    assert [i.number for i in schedule] == list(range(1, loan_terms.instalments + 1))
    days = [loan_terms.disbursed_on, *(i.due_date for i in schedule)]
    assert all(before < after for before, after in pairwise(days))
    assert not any(i.due.interest for i in schedule[: loan_terms.interest_free])
    assert not any(i.due.interest for i in schedule[: loan_terms.grace_interest])
    assert not any(i.due.principal for i in schedule[: loan_terms.grace_principal])


@given(any_terms())
def test_interest_grace_only_moves_interest(loan_terms) -> None:
    moved, plain = rows(loan_terms), rows(replace(loan_terms, grace_interest=0))
    until = loan_terms.grace_interest
    assert [principal for principal, _ in moved] == [principal for principal, _ in plain]
    assert moved[until + 1 :] == plain[until + 1 :]
    assert moved[until][1] == sum(interest for _, interest in plain[: until + 1])


@given(any_terms())
def test_declining_balance_interest_is_charged_on_the_balance(loan_terms) -> None:
    plain = replace(
        loan_terms, interest_method="declining_balance", grace_interest=0, interest_free=0
    )
    balance = plain.principal_minor
    periods = interest_periods(plain, EVERY_DAY)
    for (_, years), (principal, interest) in zip(periods, rows(plain), strict=True):
        exact = balance * Fraction(plain.annual_rate_pct) / 100 * years
        assert abs(interest - exact) <= Fraction(1, 2)
        balance -= principal
    assert balance == 0


@given(st.integers(10_000, 10**12), st.integers(1, 60), st.decimals("0.01", 120, places=2))
def test_equal_instalments_match_the_textbook_annuity_and_the_last_absorbs_little(
    principal_minor, instalments, rate_pct
) -> None:
    plain = terms(
        **EQUAL_INSTALMENT,
        principal_minor=principal_minor,
        annual_rate_pct=rate_pct,
        instalments=instalments,
    )
    totals = [sum(row) for row in rows(plain)]
    a_month = Fraction(rate_pct) / 1200
    grown = (1 + a_month) ** instalments
    exact = principal_minor * a_month * grown / (grown - 1)
    assert all(abs(total - exact) <= Fraction(1, 2) for total in totals[:-1])
    # Half a minor unit each of payment and interest per period, compounded to the end.
    assert abs(totals[-1] - exact) <= (grown - 1) / a_month
