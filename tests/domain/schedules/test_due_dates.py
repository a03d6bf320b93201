"""Due dates never drift after a short month or a holiday."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.schedules.due_dates import MONTHLY, Frequency, due_dates, due_dates_after, step
from recovery.domain.shared.business_calendar import EVERY_DAY, BusinessCalendar
from recovery.domain.shared.errors import RefusedError

WEEKDAYS_ONLY = BusinessCalendar()


def days(*texts: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))


@pytest.mark.parametrize(
    ("first", "frequency", "end_of_month", "dates"),
    [
        pytest.param(
            "2026-01-05", Frequency(1, "days"), False, ["2026-01-06", "2026-01-07"], id="daily"
        ),
        pytest.param(
            "2026-01-05", Frequency(10, "days"), False, ["2026-01-15", "2026-01-25"], id="ten days"
        ),
        pytest.param(
            "2026-01-05", Frequency(1, "weeks"), False, ["2026-01-12", "2026-01-19"], id="weekly"
        ),
        pytest.param(
            "2026-01-05", Frequency(2, "weeks"), False, ["2026-01-19", "2026-02-02"], id="fortnight"
        ),
        pytest.param(
            "2026-01-05", Frequency(4, "weeks"), False, ["2026-02-02", "2026-03-02"], id="4 weeks"
        ),
        pytest.param(
            "2026-11-15",
            MONTHLY,
            False,
            ["2026-12-15", "2027-01-15"],
            id="monthly, into a new year",
        ),
        pytest.param(
            "2026-01-31",
            MONTHLY,
            False,
            ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"],
            id="a short month clamps once",
        ),
        pytest.param(
            "2028-01-30", MONTHLY, False, ["2028-02-29", "2028-03-30"], id="the 30th in a leap year"
        ),
        pytest.param(
            "2026-01-31",
            Frequency(3, "months"),
            False,
            ["2026-04-30", "2026-07-31", "2026-10-31"],
            id="quarterly",
        ),
        pytest.param(
            "2026-02-28", MONTHLY, False, ["2026-03-28", "2026-04-28"], id="28 February is a 28th"
        ),
        pytest.param(
            "2026-02-28",
            MONTHLY,
            True,
            ["2026-03-31", "2026-04-30"],
            id="28 February is a last day",
        ),
        pytest.param(
            "2026-04-30", MONTHLY, True, ["2026-05-31", "2026-06-30"], id="30 April is a last day"
        ),
        pytest.param(
            "2028-02-28", MONTHLY, True, ["2028-03-28", "2028-04-28"], id="not in a leap year"
        ),
        pytest.param(
            "2026-04-30",
            Frequency(4, "weeks"),
            True,
            ["2026-05-28", "2026-06-25"],
            id="weeks ignore end of month",
        ),
    ],
)
def test_every_date_is_counted_from_the_first(first, frequency, end_of_month, dates) -> None:
    found = due_dates(
        date.fromisoformat(first), frequency, len(dates) + 1, end_of_month=end_of_month
    )
    assert found == days(first, *dates)


def test_dates_counted_from_the_start_keep_its_day() -> None:
    found = due_dates_after(date(2026, 1, 31), MONTHLY, 3)
    assert found == days("2026-02-28", "2026-03-31", "2026-04-30")
    assert due_dates_after(date(2026, 4, 30), MONTHLY, 2, end_of_month=True) == days(
        "2026-05-31", "2026-06-30"
    )


@pytest.mark.parametrize(
    ("roll", "dates"),
    [
        # 31 January and 28 February 2026 are Saturdays, 31 March is a Tuesday.
        pytest.param("none", ["2026-01-31", "2026-02-28", "2026-03-31"], id="none"),
        pytest.param("following", ["2026-02-02", "2026-03-02", "2026-03-31"], id="following"),
        pytest.param("preceding", ["2026-01-30", "2026-02-27", "2026-03-31"], id="preceding"),
        pytest.param(
            "modified_following", ["2026-01-30", "2026-02-27", "2026-03-31"], id="modified"
        ),
    ],
)
def test_rolling_one_date_does_not_move_later_ones(roll, dates) -> None:
    first = date(2026, 1, 31)
    assert due_dates(first, MONTHLY, 3, calendar=WEEKDAYS_ONLY, roll=roll) == days(*dates)
    after = due_dates_after(date(2025, 12, 31), MONTHLY, 3, calendar=WEEKDAYS_ONLY, roll=roll)
    assert after == days(*dates)


def test_two_instalments_on_one_day_are_refused() -> None:
    saturday = date(2026, 1, 3)
    with pytest.raises(RefusedError) as refused:
        due_dates(saturday, Frequency(1, "days"), 2, calendar=WEEKDAYS_ONLY, roll="following")
    assert refused.value.problems[0].field == "due_dates"
    assert "has 2026-01-05 after 2026-01-05" in refused.value.problems[0].reason


def test_a_step_back_undoes_a_step_forward() -> None:
    assert step(date(2026, 3, 31), MONTHLY, -1) == date(2026, 2, 28)
    assert step(date(2026, 1, 15), Frequency(2, "months"), -1) == date(2025, 11, 15)
    assert step(date(2026, 1, 15), Frequency(2, "weeks"), -1) == date(2026, 1, 1)


def test_month_ends_are_kept_only_with_end_of_month() -> None:
    assert step(date(2026, 4, 30), MONTHLY, 1) == date(2026, 5, 30)
    assert due_dates(date(2026, 4, 30), MONTHLY, 2) == days("2026-04-30", "2026-05-30")
    assert due_dates_after(date(2026, 4, 30), MONTHLY, 1) == days("2026-05-30")


def test_the_first_and_last_supported_months_are_reachable() -> None:
    assert step(date(9999, 11, 30), MONTHLY, 1) == date(9999, 12, 30)
    assert step(date(1, 2, 28), MONTHLY, -1) == date(1, 1, 28)


@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
def test_dates_past_the_last_supported_date_are_refused(unit) -> None:
    with pytest.raises(RefusedError) as refused:
        due_dates(date(9999, 12, 1), Frequency(31, unit), 3)
    assert refused.value.problems[0].field == "frequency"


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    st.builds(Frequency, st.integers(1, 12), st.sampled_from(["weeks", "months"])),
    st.integers(1, 40),
    st.booleans(),
    st.sampled_from(["none", "following", "preceding", "modified_following"]),
)
def test_dates_ascend_and_roll_by_no_more_than_a_weekend(
    first, frequency, count, end_of_month, roll
) -> None:
    plain = due_dates(first, frequency, count, end_of_month=end_of_month)
    found = due_dates(
        first, frequency, count, end_of_month=end_of_month, calendar=WEEKDAYS_ONLY, roll=roll
    )
    assert len(found) == count
    assert plain[0] == first
    assert all(before < after for before, after in pairwise(found))
    assert all(
        abs(day - moved) <= timedelta(days=2) for day, moved in zip(plain, found, strict=True)
    )
    everyday = due_dates(
        first, frequency, count, end_of_month=end_of_month, calendar=EVERY_DAY, roll=roll
    )
    assert everyday == plain
