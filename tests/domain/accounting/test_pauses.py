from datetime import date, timedelta

import pytest

from recovery.domain.accounting.pauses import Pause, paused_days
from recovery.domain.shared.business_calendar import calendar_days

DUE = date(2026, 3, 10)


def day(number: int) -> date:
    return DUE + timedelta(days=number)


def paused(*pauses: Pause, as_of: int = 50) -> int:
    return paused_days(pauses, DUE, day(as_of), calendar_days)


@pytest.mark.parametrize(
    ("pause", "days"),
    [
        (Pause(day(5), day(15)), 10),
        (Pause(day(-20), day(15)), 15),  # days before the due date do not count
        (Pause(day(-20), day(-1)), 0),
        (Pause(day(45), day(60)), 5),  # still in force
        (Pause(day(60), day(70)), 0),
        (Pause(day(5)), 45),  # until further notice
        (Pause(day(5), day(15), resumed_on=day(9)), 4),
        (Pause(day(5), None, resumed_on=day(9)), 4),
        (Pause(day(5), day(8), resumed_on=day(9)), 3),
        (Pause(day(5), day(5)), 0),
    ],
)
def test_a_pause_counts_from_its_start_or_the_due_date_to_its_end_or_today(pause, days) -> None:
    assert paused(pause) == days


def test_a_day_in_two_pauses_counts_once() -> None:
    assert paused(Pause(day(5), day(15)), Pause(day(10), day(20))) == 15
    assert paused(Pause(day(10), day(12)), Pause(day(5), day(15))) == 10
    assert paused(Pause(day(5), day(10)), Pause(day(10), day(12)), Pause(day(20), day(22))) == 9


def test_days_can_be_counted_other_than_by_calendar() -> None:
    weeks = paused_days([Pause(day(0), day(21))], DUE, day(50), lambda a, b: (b - a).days // 7)
    assert weeks == 3


def test_paused_days_run_from_the_day_after_the_first_through_the_last() -> None:
    pause = [Pause(day(5), day(7))]
    days = [paused_days(pause, day(n - 1), day(n), calendar_days) for n in range(10)]
    assert [n for n in range(10) if days[n]] == [6, 7]
