"""What a review needs of a loan's facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import take_up
from recovery.domain.accounting.history import History, ScheduleVersion, WriteOff
from recovery.domain.accounting.loan_facts import (
    COLLECTIVE_RELIEF,
    FROM_CORE,
    NO_FACTS,
    with_history,
)
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.policy import AllocationPolicy
from tests.builders import a_schedule

SCHEDULE = a_schedule(3)
ON = date(2026, 3, 1)


def facts_of(history: History):
    return with_history(NO_FACTS, history, take_up(SCHEDULE, history, AllocationPolicy()))


def test_days_past_due_freeze_at_the_last_restructuring_not_at_a_change_by_the_core() -> None:
    made_here = ScheduleVersion(2, ON, "reage", SCHEDULE, days_past_due=28)
    from_core = ScheduleVersion(3, date(2026, 3, 9), FROM_CORE, SCHEDULE, days_past_due=36)
    found = facts_of(History(versions=(from_core, made_here)))
    assert (found.restructured_on, found.frozen_days_past_due) == (ON, 28)
    assert facts_of(History(versions=(from_core,))).restructured_on is None


def test_pauses_and_losses_are_kept_and_make_news() -> None:
    pause = Pause(ON, None)
    found = facts_of(History(pauses=(pause,), write_offs=(WriteOff(ON),)))
    assert found.has_news and found.pauses == (pause,)
    assert found.loss and found.loss.on == ON


KINDS = st.sampled_from(["reage", "payment_holiday", FROM_CORE, COLLECTIVE_RELIEF])


@given(st.lists(st.tuples(KINDS, st.integers(0, 2)), max_size=5))
def test_arrears_roll_with_each_restructuring_but_not_by_a_collective_relief(made) -> None:
    versions = tuple(
        ScheduleVersion(2 + at, ON + timedelta(days=at), kind, SCHEDULE, days_past_due=30 * days)
        for at, (kind, days) in enumerate(made)
    )
    rolls = sum(days > 0 for kind, days in made if kind not in (FROM_CORE, COLLECTIVE_RELIEF))
    assert facts_of(History(versions=versions)).rolled == rolls


def test_a_relief_after_a_flood_says_nothing_of_whom_it_hit() -> None:
    relief = ScheduleVersion(2, ON, COLLECTIVE_RELIEF, SCHEDULE, days_past_due=45)
    found = facts_of(History(versions=(relief,)))
    assert (found.frozen_days_past_due, found.rolled) == (45, 0)
    stored_before = replace(found, rolls=None)  # until the loan's next fact
    assert stored_before.rolled == 1
