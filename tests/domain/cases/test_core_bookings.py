"""The task about a schedule that the core banking system has not confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.cases.core_bookings import bookings_due
from recovery.domain.cases.tasks import task_problems
from tests.builders import a_loan

DAY, SINCE = timedelta(days=1), date(2026, 4, 10)
LOAN = replace(a_loan(), schedule_version=3)


def due(as_of: date, reviewed_on: date | None, *, since=SINCE, days=1, has_news=False):
    return list(bookings_due(LOAN, since, days, None, reviewed_on, as_of, has_news=has_news))


def test_it_comes_once_the_day_after_and_not_later_for_a_missed_day() -> None:
    assert due(SINCE, SINCE - DAY) == []
    [task] = due(SINCE + DAY, SINCE)
    assert list(task_problems(task)) == [] and task.task_id == "L-1.book.3"
    assert due(SINCE + 9 * DAY, SINCE)[0].task_id == task.task_id
    assert due(SINCE + 2 * DAY, SINCE + DAY) == []
    assert due(SINCE + 2 * DAY, SINCE + DAY, has_news=True)
    assert due(SINCE + DAY, None)


def test_nobody_is_asked_where_no_core_has_to_book() -> None:
    assert due(SINCE + DAY, SINCE, since=None) == due(SINCE + DAY, SINCE, days=None) == []
