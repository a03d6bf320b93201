"""Rolling to business days, and counting them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.shared.business_calendar import EVERY_DAY, BusinessCalendar
from recovery.domain.shared.errors import RefusedError

# 1 August 2026 is a Saturday, 31 October too; Monday 3 August is a holiday here.
PLAIN = BusinessCalendar(holidays=frozenset({date(2026, 8, 3)}))


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        pytest.param(date(2026, 7, 31), True, id="friday"),
        pytest.param(date(2026, 8, 1), False, id="saturday"),
        pytest.param(date(2026, 8, 2), False, id="sunday"),
        pytest.param(date(2026, 8, 3), False, id="holiday"),
        pytest.param(date(2026, 8, 4), True, id="tuesday"),
    ],
)
def test_weekends_and_holidays_are_not_business_days(day, is_one) -> None:
    assert PLAIN.is_business_day(day) is is_one
    assert EVERY_DAY.is_business_day(day)


@pytest.mark.parametrize(
    ("day", "rule", "rolled"),
    [
        pytest.param(date(2026, 8, 4), "following", date(2026, 8, 4), id="a business day stays"),
        pytest.param(date(2026, 8, 1), "none", date(2026, 8, 1), id="none leaves the day"),
        pytest.param(date(2026, 8, 1), "following", date(2026, 8, 4), id="following past holiday"),
        pytest.param(date(2026, 8, 3), "preceding", date(2026, 7, 31), id="preceding"),
        pytest.param(
            date(2026, 8, 1), "modified_following", date(2026, 8, 4), id="modified in its month"
        ),
        pytest.param(
            date(2026, 10, 31), "following", date(2026, 11, 2), id="following into next month"
        ),
        pytest.param(
            date(2026, 10, 31), "modified_following", date(2026, 10, 30), id="modified goes back"
        ),
    ],
)
def test_each_rule_rolls_to_the_expected_day(day, rule, rolled) -> None:
    assert PLAIN.roll(day, rule) == rolled


def test_any_weekdays_can_be_the_weekend() -> None:
    friday_and_saturday = BusinessCalendar(weekend=frozenset({4, 5}))
    assert friday_and_saturday.roll(date(2026, 7, 31), "following") == date(2026, 8, 2)


@pytest.mark.parametrize("rule", ["following", "preceding", "modified_following"])
def test_rolling_is_refused_when_the_calendar_has_no_business_day(rule) -> None:
    never = BusinessCalendar(weekend=frozenset(range(7)))
    with pytest.raises(RefusedError) as refused:
        never.roll(date(2026, 8, 1), rule)
    assert refused.value.problems[0].field == "weekend"
    assert never.roll(date(2026, 8, 1), "none") == date(2026, 8, 1)


@pytest.mark.parametrize(("day", "rule"), [(date.max, "following"), (date.min, "preceding")])
def test_rolling_past_the_supported_dates_is_refused(day, rule) -> None:
    with pytest.raises(RefusedError) as refused:
        BusinessCalendar(weekend=frozenset({day.weekday()})).roll(day, rule)
    assert refused.value.problems[0].field == "holidays"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param(date(2026, 7, 31), date(2026, 7, 31), 0, id="the start does not count"),
        pytest.param(date(2026, 7, 30), date(2026, 7, 31), 1, id="the end counts"),
        pytest.param(date(2026, 7, 31), date(2026, 8, 3), 0, id="weekend and holiday"),
        pytest.param(date(2026, 7, 31), date(2026, 8, 7), 4, id="a week with a holiday"),
        pytest.param(date(2026, 8, 3), date(2026, 8, 10), 5, id="a holiday as the start"),
        pytest.param(date(2026, 8, 7), date(2026, 7, 31), 0, id="the wrong way round"),
        # 365 days are 52 weeks and 31 December 2026, a Thursday: 52 x 5 + 1 - the holiday.
        pytest.param(date(2025, 12, 31), date(2026, 12, 31), 260, id="a year"),
    ],
)
def test_business_days_between(start, end, days) -> None:
    assert PLAIN.business_days_between(start, end) == days


days_of_a_year = st.integers(0, 365).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
calendars = st.builds(
    BusinessCalendar,
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
    holidays=st.frozensets(days_of_a_year, max_size=10),
)


@given(calendars, days_of_a_year, st.integers(0, 60))
def test_counting_agrees_with_checking_every_day(calendar, start, days) -> None:
    looked_at = (start + timedelta(days=n) for n in range(1, days + 1))
    assert calendar.business_days_between(start, start + timedelta(days=days)) == sum(
        map(calendar.is_business_day, looked_at)
    )


@given(calendars, days_of_a_year)
def test_a_day_rolls_to_the_nearest_business_day_for_its_rule(calendar, day) -> None:
    following, preceding = calendar.roll(day, "following"), calendar.roll(day, "preceding")
    assert preceding <= day <= following
    for rolled in (following, preceding, calendar.roll(day, "modified_following")):
        assert calendar.is_business_day(rolled)
    between = calendar.business_days_between(preceding, following)
    assert between == (0 if preceding == following else 1)
