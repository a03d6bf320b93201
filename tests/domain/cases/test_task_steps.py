"""Who takes a task, how often it is tried, how it ends, and when a supervisor hears of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.task_steps import (
    begin_again,
    escalate,
    finish,
    hours_tried,
    lapse,
    may_do,
    take,
    try_once,
)
from recovery.domain.cases.tasks import LAPSED, MOST_TRIES, Result, TaskKind, TaskOutcome, Try
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import RefusedError
from tests.builders import a_task, an_actor, fields

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)  # a Monday, on which the task was opened; due on the 4th
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = TaskPolicy()
PETER = an_actor("Peter Otieno", Role.ADVISOR)
ANA = an_actor("Ana Torres", Role.ADVISOR)
RUTH = an_actor("Ruth Wafula", Role.SUPERVISOR)
TRUDY = an_actor("Trudy Kamau", Role.TRAINED)
SERVICE = Actor(id="core", name="core", roles=frozenset({Role.SERVICE}))
PROMISE = Result(code=TaskOutcome.PROMISE, amount_minor=5_000, on=TODAY + DAY)
NO_ANSWER = Result(code=TaskOutcome.NO_ANSWER)


def taken(by=PETER, **changes):
    return take(a_task(**changes), by, NINE, TODAY)


def done(task, result, by=PETER, as_of=TODAY):
    return finish(task, by, NINE, as_of, result, POLICY)


def refused(step, *arguments) -> set[str]:
    with pytest.raises(RefusedError) as error:
        step(*arguments)
    return fields(error.value.problems)


def test_the_known_officer_comes_first_while_there_is_time() -> None:
    people = (PETER, ANA)
    assert refused(take, a_task(), ANA, NINE, TODAY, people) == {"task_id"}
    assert take(a_task(), PETER, NINE, TODAY, people).taken_by == PETER
    for free in (
        take(a_task(), ANA, NINE, TODAY, (ANA,)),  # the officer is not on record
        take(a_task(officer=None), ANA, NINE, TODAY, people),
        take(a_task(not_by=("Peter Otieno",)), ANA, NINE, TODAY, people),
        take(a_task(), ANA, NINE, a_task().do_by + DAY, people),
        take(a_task(escalated_on=TODAY), ANA, NINE, TODAY, people),
    ):
        assert (free.taken_by, free.taken_at) == (ANA, NINE)
    assert take(a_task(), RUTH, NINE, TODAY, people).taken_by == RUTH


def test_an_officer_without_the_right_comes_not_first() -> None:
    task = a_task(kind=TaskKind.HARDSHIP, role=Role.TRAINED)
    assert take(task, TRUDY, NINE, TODAY, (PETER, TRUDY)).taken_by == TRUDY


def test_what_somebody_has_stays_theirs_until_it_is_late_or_a_supervisor_takes_over() -> None:
    task = taken()
    assert take(task, PETER, NINE + DAY, TODAY) is task
    assert refused(take, task, ANA, NINE, TODAY) == {"task_id"}
    assert take(task, ANA, NINE, task.do_by + DAY).taken_by == ANA
    assert take(task, RUTH, NINE, TODAY).taken_by == RUTH


@pytest.mark.parametrize(
    ("by", "changes"),
    [
        (an_actor("Lena", Role.LEGAL), {}),
        (an_actor("Otto", Role.AUDITOR), {}),
        (SERVICE, {}),
        (PETER, {"not_by": ("peter otieno",)}),
        (PETER, {"kind": TaskKind.DEATH, "role": Role.TRAINED}),
        (RUTH, {"kind": TaskKind.HARDSHIP, "role": Role.TRAINED}),
        (PETER, {"kind": TaskKind.HARDSHIP, "role": Role.ADVISOR}),
        (PETER, {"role": Role.LEGAL}),
        (PETER, {"role": "astronaut"}),
        (replace(PETER, name=""), {}),
    ],
)
def test_nobody_does_a_task_that_is_not_for_them(by, changes) -> None:
    task = a_task(officer=None, **changes)
    assert not may_do(task, by)
    assert {each.partition(".")[0] for each in refused(take, task, by, NINE, TODAY)} == {"by"}
    held = replace(task, taken_by=by, taken_at=NINE)  # and lost the right since
    assert {each.partition(".")[0] for each in refused(try_once, held, by, NINE)} >= {"by"}


def test_trained_people_take_tasks_of_advisors_too() -> None:
    assert may_do(a_task(), TRUDY)
    assert may_do(a_task(kind=TaskKind.DEATH, role=Role.TRAINED), TRUDY)


def test_no_answer_needs_tries_at_different_hours() -> None:
    once = try_once(taken(), PETER, NINE)
    assert try_once(once, PETER, NINE) is once
    assert refused(done, once, NO_ANSWER) == {"outcome"}
    same_hour = try_once(once, PETER, NINE + DAY + timedelta(hours=1))
    assert (len(same_hour.tries), hours_tried(same_hour, POLICY)) == (2, 1)
    assert refused(done, same_hour, NO_ANSWER) == {"outcome"}
    later = try_once(same_hour, PETER, NINE + timedelta(hours=4))
    assert hours_tried(later, POLICY) == 2
    ended = done(later, NO_ANSWER)
    assert (ended.outcome, ended.ended_on, ended.ended_by, ended.is_pending) == (
        "no_answer", TODAY, PETER, False,
    )  # fmt: skip


@given(st.lists(st.integers(0, 24 * 60 - 1), max_size=8), st.integers(1, 12))
def test_as_many_hours_count_as_can_be_chosen_apart(minutes, hours) -> None:
    tries = tuple(Try(at=NINE.replace(hour=m // 60, minute=m % 60), by=PETER) for m in minutes)
    counted = hours_tried(a_task(tries=tries), TaskPolicy(hours_between_tries=hours))

    def fits(chosen) -> bool:
        return all(b - a >= hours * 60 for a, b in pairwise(chosen))

    ordered = sorted(minutes)
    subsets = (
        [m for at, m in enumerate(ordered) if mask >> at & 1] for mask in range(1 << len(ordered))
    )
    assert counted == max(len(each) for each in subsets if fits(each))


def test_a_try_needs_a_moment_since_the_task_was_opened_and_whoever_has_the_task() -> None:
    assert refused(try_once, taken(), PETER, NINE - DAY) == {"at"}
    assert refused(try_once, taken(), PETER, NINE.replace(tzinfo=None)) == {"at"}
    assert refused(try_once, taken(), RUTH, NINE) == {"task_id"}
    assert refused(try_once, a_task(), PETER, NINE) == {"task_id"}
    complaint = taken(kind=TaskKind.ANSWER_COMPLAINT)
    assert refused(try_once, complaint, PETER, NINE) == {"task_id"}


def test_nobody_is_tried_without_end() -> None:
    task = taken()
    for number in range(MOST_TRIES):
        task = try_once(task, PETER, NINE + number * DAY)
    assert refused(try_once, task, PETER, NINE + MOST_TRIES * DAY) == {"task_id"}


def test_done_is_done_and_only_the_same_answer_again_is_no_conflict() -> None:
    ended = done(taken(), PROMISE)
    assert ended.result == PROMISE
    assert done(ended, PROMISE) is ended
    assert done(ended, PROMISE, RUTH) is ended
    for other in (NO_ANSWER, replace(PROMISE, amount_minor=1), Result(code="reached")):
        assert "task_id" in refused(done, ended, other)
    assert refused(try_once, ended, PETER, NINE) == {"task_id"}
    assert refused(take, ended, RUTH, NINE, TODAY) == {"task_id"}


@pytest.mark.parametrize(
    ("result", "field"),
    [
        (Result(code="done"), "outcome"),
        (Result(code="lapsed"), "outcome"),
        (Result(code="visit_done"), "outcome"),
        (Result(code="promise", on=TODAY), "amount"),
        (Result(code="promise", amount_minor=5), "on"),
        (Result(code="promise", amount_minor=0, on=TODAY), "amount"),
        (Result(code="promise", amount_minor=10**16, on=TODAY), "amount"),
        (Result(code="promise", amount_minor=5, on=TODAY - DAY), "on"),
        (Result(code="reached", amount_minor=5), "amount"),
        (Result(code="reached", on=TODAY), "on"),
        (Result(code="dispute", cause="she said: not mine"), "cause"),
        (Result(code="dispute"), "cause"),
        (Result(code="dispute", cause="income_fell"), "cause"),
        (Result(code="dispute", cause="charges", amount_minor=0), "amount"),
        (Result(code="complaint"), "cause"),
        (Result(code="cannot_now", cause="she is ill"), "cause"),
        (Result(code="refused", cause="charges"), "cause"),
        (Result(code="cannot_now", on=TODAY), "on"),
    ],
)
def test_an_outcome_that_does_not_fit_is_refused_by_field(result, field) -> None:
    assert refused(done, taken(), result) == {field}


@pytest.mark.parametrize(
    "result",
    [
        Result(code="dispute", cause="charges", amount_minor=500),
        Result(code="dispute", cause="not_mine"),
        Result(code="complaint", cause="conduct"),
        Result(code="cannot_now"),
        Result(code="cannot_now", cause="income_fell", amount_minor=2_000),
        Result(code="deceased_reported"),
        Result(code="refused"),
    ],
)
def test_an_outcome_needs_no_more_than_is_asked(result) -> None:
    assert done(taken(), result).result == result


@pytest.mark.parametrize("result", [PROMISE, Result(code="dispute", cause="charges")])
def test_a_promise_or_dispute_is_about_a_loan(result) -> None:
    assert refused(done, taken(loan_id=None), result) == {"outcome"}


def test_only_whoever_has_it_finishes_it() -> None:
    assert refused(done, a_task(), PROMISE) == {"task_id"}
    assert refused(done, taken(), PROMISE, RUTH) == {"task_id"}
    other = replace(PETER, roles=frozenset({Role.AUDITOR}))
    assert refused(done, taken(), PROMISE, other) == {"by"}


def test_a_task_lapses_once_and_never_undoes_an_answer() -> None:
    lapsed = lapse(taken(), TODAY + DAY)
    assert (lapsed.outcome, lapsed.ended_on, lapsed.ended_by) == (LAPSED, TODAY + DAY, None)
    assert lapse(lapsed, TODAY + 2 * DAY) is lapsed
    ended = done(taken(), PROMISE)
    assert lapse(ended, TODAY) is ended
    assert lapse(a_task(), TODAY - DAY).ended_on == TODAY


def test_who_was_at_a_task_when_it_lapsed_still_says_what_came_of_it() -> None:
    lapsed = lapse(taken(), TODAY)
    assert done(lapsed, PROMISE).result == PROMISE
    assert refused(done, lapse(a_task(), TODAY), PROMISE) == {"task_id"}
    assert refused(try_once, lapsed, PETER, NINE) == {"task_id"}
    assert refused(take, lapsed, RUTH, NINE, TODAY) == {"task_id"}


def test_a_lapsed_task_is_open_again_on_a_later_day_with_what_was_tried() -> None:
    lapsed = lapse(try_once(taken(), PETER, NINE), TODAY)
    later = a_task(opened_on=TODAY + DAY, do_by=TODAY + 5 * DAY)
    again = begin_again(lapsed, later)
    assert again == replace(later, tries=lapsed.tries)
    assert begin_again(lapsed, a_task()) is lapsed
    done_ = done(taken(), PROMISE)
    assert begin_again(done_, later) is done_
    pending = taken()
    assert begin_again(pending, later) is pending


def test_an_undone_answer_brings_its_task_back_once_on_the_same_day_though_it_was_done() -> None:
    back = a_task(brought_back_by="U-1")
    for ended in (lapse(try_once(taken(), PETER, NINE), TODAY), done(taken(), PROMISE)):
        again = begin_again(ended, back)
        assert again == replace(back, tries=ended.tries)
        assert again.is_pending
        ended_again = lapse(again, TODAY)
        assert begin_again(ended_again, back) is ended_again  # a repeat of the same undoing
        assert begin_again(ended_again, a_task(brought_back_by="U-2")).is_pending


def test_a_supervisor_hears_of_what_is_late_or_nobodys_and_once() -> None:
    unowned = a_task()
    assert escalate(unowned, POLICY, TODAY + DAY) is unowned
    told = escalate(unowned, POLICY, TODAY + 2 * DAY)
    assert told.escalated_on == TODAY + 2 * DAY
    assert escalate(told, POLICY, TODAY + 9 * DAY) is told
    owned = taken()
    assert escalate(owned, POLICY, owned.do_by) is owned
    assert escalate(owned, POLICY, owned.do_by + DAY).escalated_on == owned.do_by + DAY
    ended = done(owned, PROMISE)
    assert escalate(ended, POLICY, TODAY + 99 * DAY) is ended


def test_days_without_an_owner_are_counted_as_the_institution_counts() -> None:
    friday = a_task(opened_on=TODAY - 3 * DAY, do_by=TODAY + 9 * DAY)
    between = BusinessCalendar().business_days_between
    assert escalate(friday, POLICY, TODAY, between) is friday
    assert escalate(friday, POLICY, TODAY + DAY, between).escalated_on == TODAY + DAY
