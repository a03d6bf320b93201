"""One call for each warning, on its day; none while calls are held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.warning_calls import warning_calls, warning_id, warnings_ended
from recovery.domain.monitoring.behaviour import RiskSignal, Warned
from recovery.domain.monitoring.early_warning import WarningPolicy
from recovery.domain.monitoring.policy import MonitoringPolicy
from tests.builders import FIRST_DUE, a_loan

ON = FIRST_DUE - timedelta(days=7)
WARNING = Warned(ON, FIRST_DUE, (RiskSignal("drifting later", "instalments 1, 2"),))
TREATED = MonitoringPolicy(warning=WarningPolicy(treated=("likely",)))


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


def test_it_ends_when_the_instalment_is_paid() -> None:
    loan = a_loan()
    due_minor = loan.schedule[0].due.total
    paid = allocate(loan.schedule, [Payment("P-1", ON, due_minor)], AllocationPolicy())
    ended = list(warnings_ended(TREATED, loan, paid, ON))
    assert ended == [warning_id("L-1", FIRST_DUE)]
    part = allocate(loan.schedule, [Payment("P-1", ON, due_minor - 1)], AllocationPolicy())
    assert list(warnings_ended(TREATED, loan, part, ON)) == []
    assert list(warnings_ended(replace(TREATED, warning=WarningPolicy()), loan, paid, ON)) == []
