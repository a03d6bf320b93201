"""When a lesson is due, and when a goal is remembered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.position import unpaid_position
from recovery.domain.cases.stage import CaseState, Stage
from recovery.domain.contact.education import Hour, education_dates, education_due
from recovery.domain.contact.plan import Wish
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.monitoring.policy import MonitoringPolicy
from tests.builders import a_schedule

TODAY, DAY = date(2026, 3, 4), timedelta(days=1)


def hour(days_to_due: int = 20, mark: str = "l", **changes) -> Hour:
    """A loan whose next instalment, or the oldest unpaid one, is due in so many days."""
    schedule = a_schedule(1, first_due=TODAY + days_to_due * DAY)
    standing = standing_at(schedule, unpaid_position(schedule), MonitoringPolicy(), TODAY)
    usual = Hour(policy=ContactPolicy(), standing=standing, mark=mark, asked={}, retry_on={})
    return replace(usual, **changes)


def test_a_lesson_is_due_at_once_and_then_every_four_weeks() -> None:
    wish = education_due(hour())
    assert wish == Wish("lesson", "lesson", TODAY, TODAY + 6 * DAY)
    assert education_due(hour(mark="")) is None
    assert education_due(hour(asked={"lesson": TODAY - 27 * DAY})) is None
    assert education_due(hour(asked={"lesson": TODAY - 28 * DAY})) is not None
    assert education_due(hour(retry_on={"lesson": TODAY + DAY})) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"restrained": True},
        {"demanded_on": TODAY - 6 * DAY},
        {"case": CaseState("C", TODAY, Stage.INTERMEDIATE_RECOVERY, TODAY)},
        {"case": CaseState("C", TODAY, Stage.JUDICIAL_RECOVERY, TODAY)},
        {"case": replace(CaseState("C", TODAY, Stage.EARLY_MANAGEMENT, TODAY), notice_on=TODAY)},
    ],
)
def test_not_in_a_bad_hour(changes) -> None:
    assert education_due(hour(**changes)) is None


@pytest.mark.parametrize("late", range(28, 42))
def test_not_in_the_week_before_or_after_the_meeting_is_offered(late: int) -> None:
    assert education_due(hour(-late)) is None
    assert (education_due(hour(-27)), education_due(hour(-42))) != (None, None)


def test_the_goal_is_remembered_once_some_days_before_the_due_day() -> None:
    due = TODAY + 10 * DAY
    wish = education_due(hour(10, "ls"))
    assert wish == Wish("saving_reminder", "saving_reminder", due, due - 4 * DAY)
    assert education_due(hour(11, "s")) is None
    assert education_due(hour(10, "s", asked={"saving_reminder": due})) is None
    assert education_due(hour(3, "s")) is None  # the reminder of the instalment comes then
    assert education_due(hour(6, "s", gap_days=7)) is None  # half way: too near, so never
    assert education_due(hour(7, "s", gap_days=14)) is not None
    never = replace(ContactPolicy().education, save_days_before=None)
    assert education_due(hour(10, "s", policy=ContactPolicy(education=never))) is None


@given(
    st.integers(-80, 40), st.sampled_from(["", "l", "s", "ls"]), st.integers(-40, 40),
    st.booleans(), st.integers(1, 60),
)  # fmt: skip
def test_nothing_happens_on_a_day_that_was_not_announced(
    to_due: int, mark: str, asked: int, demanded: bool, later: int
) -> None:
    now = hour(
        to_due,
        mark,
        asked={"lesson": TODAY + asked * DAY} if asked <= 0 else {},
        demanded_on=TODAY - 2 * DAY if demanded else None,
    )
    if education_due(now) is not None:
        return
    announced = [on for on in education_dates(now) if on > TODAY]
    first = min(announced, default=None)
    day = TODAY + later * DAY
    if first is not None and day >= first:
        return
    then = replace(now, standing=replace(now.standing, as_of=day))
    if now.standing.next_due_date and day > now.standing.next_due_date:
        return  # another review comes on the due day
    assert education_due(then) is None
