"""Each institution's review starts at its own hour, and lateness is counted."""

from datetime import UTC, date, datetime, time

import pytest

from functions import start_due_reviews as function
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.monitoring.start_due_reviews import find_due_reviews
from tests.builders import an_institution
from tests.conftest import Context
from tests.fakes import FakeInstitutionRepository

LIMA = an_institution("andes", time_zone="America/Lima", review_at=time(8))  # UTC-5
YESTERDAY, TODAY = date(2026, 2, 1), date(2026, 2, 2)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, 2, hour, minute, tzinfo=UTC)


@pytest.fixture
def institutions() -> FakeInstitutionRepository:
    """Umoja is reviewed at 06:30 UTC, Andes at 13:00 UTC; both reviewed through yesterday."""
    institutions = FakeInstitutionRepository(an_institution(), LIMA)
    for each in institutions.list_ids():
        institutions.days[each] = InstitutionDay(YESTERDAY, YESTERDAY)
    return institutions


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(6, 29), {}),
        (at(6, 30), {"umoja": TODAY}),
        (at(12, 59), {"umoja": TODAY}),
        (at(13), {"umoja": TODAY, "andes": TODAY}),
        (at(23, 59), {"umoja": date(2026, 2, 2), "andes": TODAY}),
    ],
)
def test_each_is_due_at_its_hour_in_its_zone(institutions, now, due) -> None:
    assert find_due_reviews(now, institutions).due == due


def test_the_day_before_is_caught_up_before_todays_hour(institutions) -> None:
    institutions.days["umoja"] = InstitutionDay(date(2026, 1, 30), date(2026, 1, 30))
    found = find_due_reviews(at(5), institutions)
    assert (found.due, found.late) == ({"umoja": YESTERDAY}, ["umoja"])


def test_one_is_late_after_three_hours(institutions) -> None:
    assert find_due_reviews(at(9, 29), institutions).late == []
    assert find_due_reviews(at(9, 30), institutions).late == ["umoja"]


def test_one_reviewed_today_or_on_the_replay_clock_is_left_alone(institutions) -> None:
    institutions.days["umoja"] = InstitutionDay(TODAY, TODAY)
    institutions.days["andes"] = InstitutionDay(YESTERDAY, YESTERDAY, "replay")
    found = find_due_reviews(at(23), institutions)
    assert (found.due, found.late) == ({}, [])


def test_a_new_institution_waits_for_its_next_hour(institutions) -> None:
    institutions.save(an_institution("new", time_zone="UTC", review_at=time(12)))
    assert "new" not in find_due_reviews(at(11, 59), institutions).due
    assert find_due_reviews(at(12), institutions).due["new"] == TODAY


def test_the_function_starts_what_is_due_and_says_who_is_late(wiring, load_event) -> None:
    wiring.clock.at = at(10)
    wiring.institutions.days["umoja"] = InstitutionDay(YESTERDAY, YESTERDAY)
    answer = function.handler(load_event("start_due_reviews"), Context(), wiring)
    assert answer == {"due": ["umoja"], "late": ["umoja"]}
    assert wiring.daily_reviews.started == [("umoja", TODAY)]
