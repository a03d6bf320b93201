"""One call for each warning, on its day; none while calls are held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.warning_calls import (
    called_for,
    warning_calls,
    warning_id,
    warnings_ended,
)
from recovery.domain.monitoring.behaviour import RiskSignal, Warned
from tests.builders import FIRST_DUE, a_loan

ON = FIRST_DUE - timedelta(days=7)
WARNING = Warned(
    on=ON, due_date=FIRST_DUE, signals=(RiskSignal("drifting later", "instalments 1, 2"),)
)


@pytest.mark.parametrize(
    ("last_review_on", "as_of", "calls"),
    [
        (ON - timedelta(days=1), ON, 1),
        (ON - timedelta(days=9), ON + timedelta(days=2), 1),  # a missed day is caught up
        (ON, ON, 0),
        (ON, ON + timedelta(days=1), 0),
        (ON - timedelta(days=2), ON - timedelta(days=1), 0),
        (None, ON, 0),
    ],
)
def test_it_is_asked_for_once_when_its_day_comes(
    last_review_on: date | None, as_of: date, calls: int
) -> None:
    tasks = list(warning_calls(WARNING, a_loan(), (), last_review_on, as_of))
    assert [each.task_id for each in tasks] == [warning_id("L-1", FIRST_DUE)] * calls
    assert all("drifting later: instalments 1, 2" in each.reason for each in tasks)


def test_nobody_is_called_without_a_warning_or_while_calls_are_held() -> None:
    before = ON - timedelta(days=1)
    assert list(warning_calls(None, a_loan(), (), before, ON)) == []
    held = Restraint(Kind.STOP, before, None, frozenset({Block.CALLS}), "said_so")
    assert list(warning_calls(WARNING, a_loan(), (held,), before, ON)) == []


def test_it_ends_when_the_instalment_is_paid_or_has_another_day() -> None:
    loan = a_loan()
    due_minor = loan.schedule[0].due.total
    paid = allocate(loan.schedule, [Payment("P-1", ON, due_minor)], AllocationPolicy())
    ended = [warning_id("L-1", FIRST_DUE)]
    assert list(warnings_ended(FIRST_DUE, loan, paid)) == ended
    part = allocate(loan.schedule, [Payment("P-1", ON, due_minor - 1)], AllocationPolicy())
    assert list(warnings_ended(FIRST_DUE, loan, part)) == []
    assert list(warnings_ended(None, loan, paid)) == []
    assert list(warnings_ended(ON, loan, part)) == [warning_id("L-1", ON)]


def test_a_treatment_without_a_call_asks_nobody_to_call() -> None:
    by_message = replace(WARNING, acts=("reminder",))
    before = ON - timedelta(days=1)
    assert list(warning_calls(by_message, a_loan(), (), before, ON)) == []
    assert called_for(by_message, ()) is None


def test_the_call_says_by_how_many_days_another_due_day_would_suit() -> None:
    before = ON - timedelta(days=1)
    later = replace(WARNING, later_days=4)
    [call] = warning_calls(later, a_loan(), (), before, ON)
    assert call.reason.endswith("ask if a due day 4 days later would suit better")
    assert called_for(later, (call,)) == FIRST_DUE
