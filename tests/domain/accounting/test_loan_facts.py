"""What a review needs of a loan's facts."""

from __future__ import annotations

from datetime import date

from recovery.domain.accounting.allocation import take_up
from recovery.domain.accounting.history import History, ScheduleVersion, WriteOff
from recovery.domain.accounting.loan_facts import FROM_CORE, NO_FACTS, with_history
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
