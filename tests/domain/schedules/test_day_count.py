"""Year fractions, exactly as in published examples."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.schedules.day_count import year_fraction

CONVENTIONS = ["30/360", "actual/365", "actual/360", "actual/actual"]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        # Dates from the ISDA 30/360 comparison of 2006 (bond basis); the last two by hand.
        pytest.param("2006-08-20", "2007-02-20", 180, id="half a year"),
        pytest.param("2006-02-28", "2006-08-31", 183, id="31st after the 28th stays"),
        pytest.param("2006-08-31", "2007-02-28", 178, id="31st to the end of February"),
        pytest.param("2008-02-29", "2008-08-31", 182, id="31st after the 29th stays"),
        pytest.param("2006-01-31", "2006-02-28", 28, id="a 31st counts as the 30th"),
        pytest.param("2006-01-30", "2006-02-28", 28, id="30 January to 28 February"),
        pytest.param("2006-02-28", "2006-03-03", 5, id="across the end of February"),
        pytest.param("2006-09-30", "2006-10-31", 30, id="30th to 31st"),
        pytest.param("2006-10-31", "2006-11-28", 28, id="31st to 28th"),
        pytest.param("2007-08-31", "2008-02-28", 178, id="31 August to 28 February"),
        pytest.param("2008-02-28", "2008-08-30", 182, id="28th to 30th"),
        pytest.param("2008-02-28", "2008-08-31", 183, id="28th to 31st"),
        pytest.param("2007-02-26", "2008-02-29", 363, id="a year and three days"),
        pytest.param("2008-01-31", "2008-05-31", 120, id="31st to 31st"),
    ],
)
def test_30_360_counts_thirty_day_months(start, end, days) -> None:
    found = year_fraction(date.fromisoformat(start), date.fromisoformat(end), "30/360")
    assert found == Fraction(days, 360)


@pytest.mark.parametrize(
    ("start", "end", "in_common_years", "in_leap_years", "published"),
    [
        # ISDA memorandum "EMU and market conventions: recent developments" (1998), actual/actual
        # (ISDA) results to eight or nine digits; days per calendar year by hand.
        pytest.param("2003-11-01", "2004-05-01", 61, 121, "0.49772438", id="half a year"),
        pytest.param("1999-02-01", "1999-07-01", 150, 0, "0.41095890", id="short first"),
        pytest.param("1999-07-01", "2000-07-01", 184, 182, "1.00137735", id="a year"),
        pytest.param("2002-08-15", "2003-07-15", 334, 0, "0.91506849", id="long first"),
        pytest.param("2003-07-15", "2004-01-15", 170, 14, "0.50400479", id="into a leap year"),
        pytest.param("1999-07-30", "2000-01-30", 155, 29, "0.50389251", id="a 30th"),
        pytest.param("2000-01-30", "2000-06-30", 0, 152, "0.41530055", id="short last"),
        pytest.param("1999-11-30", "2000-04-30", 32, 120, "0.415540085", id="end of month"),
    ],
)
def test_actual_actual_splits_leap_years_from_others(
    start, end, in_common_years, in_leap_years, published
) -> None:
    found = year_fraction(date.fromisoformat(start), date.fromisoformat(end), "actual/actual")
    assert found == Fraction(in_common_years, 365) + Fraction(in_leap_years, 366)
    assert abs(found - Fraction(published)) <= Fraction(1, 2 * 10**8)


def test_full_calendar_years_count_as_one_each() -> None:
    found = year_fraction(date(1999, 12, 31), date(2003, 1, 3), "actual/actual")
    assert found == Fraction(1, 365) + 3 + Fraction(2, 365)


@pytest.mark.parametrize(
    ("start", "end", "convention", "years"),
    [
        pytest.param("2008-02-20", "2008-08-20", "actual/365", Fraction(182, 365), id="365"),
        pytest.param("2006-08-20", "2007-02-20", "actual/360", Fraction(184, 360), id="360"),
        pytest.param("2024-01-01", "2025-01-01", "actual/365", Fraction(366, 365), id="365 fixed"),
        pytest.param(
            "2024-01-01", "2025-01-01", "actual/360", Fraction(366, 360), id="over a year"
        ),
    ],
)
def test_actual_days_over_a_fixed_year(start, end, convention, years) -> None:
    found = year_fraction(date.fromisoformat(start), date.fromisoformat(end), convention)
    assert found == years


def test_an_end_before_the_start_and_an_unknown_convention_are_refused() -> None:
    with pytest.raises(ValueError, match="is before"):
        year_fraction(date(2026, 2, 1), date(2026, 1, 31), "30/360")
    with pytest.raises(ValueError, match="not a day count"):
        year_fraction(date(2026, 1, 1), date(2026, 2, 1), "30/365")


days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(days, st.integers(0, 4000), st.sampled_from(CONVENTIONS))
def test_every_convention_is_close_to_actual_years(start, length_days, convention) -> None:
    found = year_fraction(start, start + timedelta(days=length_days), convention)
    assert isinstance(found, Fraction)
    assert abs(found - Fraction(length_days, 365)) <= Fraction(length_days, 365) / 60 + Fraction(
        5, 365
    )


@given(days, st.integers(0, 1500), st.integers(0, 1500), st.sampled_from(CONVENTIONS[1:]))
def test_consecutive_periods_add_up(start, first_days, then_days, convention) -> None:
    middle = start + timedelta(days=first_days)
    end = middle + timedelta(days=then_days)
    parts = year_fraction(start, middle, convention) + year_fraction(middle, end, convention)
    assert parts == year_fraction(start, end, convention)
