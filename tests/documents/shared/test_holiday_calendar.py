"""A country's public holidays, with the days the institution adds and removes."""

from datetime import date

import pytest

from recovery.documents.shared.holiday_calendar import business_calendar
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import RefusedError

NEW_YEAR, MADARAKA = date(2026, 1, 1), date(2026, 6, 1)
OWN = date(2026, 6, 15)


def test_a_country_gives_its_public_holidays_and_weekend() -> None:
    calendar = business_calendar("KE", None, [2026])
    assert {NEW_YEAR, MADARAKA} <= calendar.holidays
    assert {day.year for day in calendar.holidays} == {2026}
    assert calendar.weekend == {5, 6}
    assert business_calendar("BD", None, [2026]).weekend == {4, 5}


def test_own_days_are_added_and_days_worked_removed() -> None:
    calendar = business_calendar("KE", None, [2026], own_days=[OWN], working_days=[MADARAKA])
    assert {NEW_YEAR, OWN} <= calendar.holidays
    assert MADARAKA not in calendar.holidays


def test_an_own_weekend_replaces_the_countrys() -> None:
    assert business_calendar("BD", None, [2026], weekend=[6]).weekend == {6}
    assert business_calendar("KE", None, [2026], weekend=[]).weekend == frozenset()


def test_a_subdivision_adds_its_holidays() -> None:
    day_of_andalusia = date(2025, 2, 28)
    assert day_of_andalusia in business_calendar("ES", "AN", [2025]).holidays
    assert day_of_andalusia not in business_calendar("ES", None, [2025]).holidays


def test_without_a_country_only_the_institutions_days_count() -> None:
    assert business_calendar(None, None, [2026], own_days=[OWN]) == BusinessCalendar(
        holidays=frozenset({OWN})
    )


@pytest.mark.parametrize(
    ("country", "subdivision", "field"),
    [
        ("XX", None, "country"),
        ("ke", None, "country"),
        ("HolidayBase", None, "country"),
        ("KE", "ZZ", "subdivision"),
        (None, "AN", "subdivision"),
    ],
)
def test_a_place_without_known_holidays_is_refused(country, subdivision, field) -> None:
    with pytest.raises(RefusedError) as refused:
        business_calendar(country, subdivision, [2026])
    assert refused.value.problems[0].field == field
