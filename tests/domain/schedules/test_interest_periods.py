"""When instalments are due, and what period their interest covers."""

from datetime import date
from typing import Any

import pytest

from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import RefusedError
from tests.loan_terms import THOUSANDTH_A_DAY, terms

# 11 and 18 January 2026 are Sundays; 1 January is a Thursday.
SUNDAYS: dict[str, Any] = {
    **THOUSANDTH_A_DAY,
    "instalments": 2,
    "frequency": Frequency(1, "weeks"),
    "first_due_date": date(2026, 1, 11),
    "roll": "following",
}


def test_daily_interest_runs_to_the_rolled_due_date() -> None:
    # 11 and 7 days.
    daily = build_schedule(terms(**SUNDAYS, interest_period="daily"), BusinessCalendar())
    assert [i.due_date.day for i in daily] == [12, 19]
    assert [i.due.interest for i in daily] == [1_100, 350]


def test_interest_by_period_ignores_rolling() -> None:
    # 10 days to Sunday, as the first period is not a week; then 500 x 36 % / 52 = 3.46.
    period = build_schedule(terms(**SUNDAYS), BusinessCalendar())
    assert [i.due_date.day for i in period] == [12, 19]
    assert [i.due.interest for i in period] == [1_000, 346]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ["2026-02-01", "2026-03-01", "2026-04-01"], id="from disbursement"),
        pytest.param(
            {"disbursed_on": date(2026, 1, 31)},
            ["2026-02-28", "2026-03-31", "2026-04-30"],
            id="no drift from a short first month",
        ),
        pytest.param(
            {"disbursed_on": date(2026, 4, 30), "end_of_month": True},
            ["2026-05-31", "2026-06-30", "2026-07-31"],
            id="end of month",
        ),
        pytest.param(
            {"first_due_date": date(2026, 1, 30)},
            ["2026-01-30", "2026-02-28", "2026-03-30"],
            id="from the first due date",
        ),
        pytest.param(
            {"first_due_date": date(2026, 4, 30), "end_of_month": True},
            ["2026-04-30", "2026-05-31", "2026-06-30"],
            id="end of month from the first due date",
        ),
        # 1 March 2026 is a Sunday, 31 January a Saturday.
        pytest.param(
            {"due_dates": (date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 4))},
            ["2026-01-31", "2026-03-01", "2026-03-04"],
            id="as given",
        ),
        pytest.param(
            {
                "due_dates": (date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 4)),
                "roll": "modified_following",
            },
            ["2026-01-30", "2026-03-02", "2026-03-04"],
            id="as given, rolled",
        ),
    ],
)
def test_due_dates_follow_the_terms(changes, expected) -> None:
    schedule = build_schedule(terms(**{"instalments": 3} | changes), BusinessCalendar())
    assert [i.due_date.isoformat() for i in schedule] == expected
    assert [i.number for i in schedule] == [1, 2, 3]


def test_due_dates_that_collide_after_rolling_are_refused() -> None:
    # Saturday 3 and Sunday 4 January roll forward to the same Monday, or back before disbursement.
    saturday = {"disbursed_on": date(2026, 1, 2), "frequency": Frequency(1, "days")}
    for roll in ("following", "preceding"):
        with pytest.raises(RefusedError) as refused:
            build_schedule(terms(**saturday, roll=roll), BusinessCalendar())
        assert refused.value.problems[0].field == "due_dates"
    with pytest.raises(RefusedError, match="disbursed_on"):
        build_schedule(terms(**saturday, instalments=1, roll="preceding"), BusinessCalendar())
