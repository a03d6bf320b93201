"""S02: no day late, but drifting: the officer is asked to call a week before, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.cases.stages import Stage
from recovery.domain.monitoring.early_warning import WarningPolicy
from recovery.domain.policy import DEFAULT_POLICY
from tests.builders import a_schedule, months_after
from tests.life import Life

FIRST = date(2026, 2, 2)
SELLER = (0, 0, 1, 1, 2, 3, 3, 4, 4)
TENTH = months_after(FIRST, 9)
TREATED = months_after(FIRST, 8) + timedelta(days=1)
WARNED = TENTH - timedelta(days=7)


@pytest.fixture
def life(wiring) -> Life:
    """A market seller who drifts and a neighbour who is punctual; the grace is five days, and from
    after the ninth due date on, the institution acts on warnings."""
    grace = replace(
        DEFAULT_POLICY.monitoring,
        grace_days=5,
        risk=replace(DEFAULT_POLICY.monitoring.risk, late_from_days=5),
    )
    treats = replace(grace, warning=WarningPolicy(treated=("possible", "likely")))
    for version, (monitoring, since) in enumerate(((grace, FIRST), (treats, TREATED)), start=1):
        policy = replace(
            DEFAULT_POLICY, version=version, effective_from=since, monitoring=monitoring
        )
        wiring.institutions.save_policy("umoja", policy)
    life = Life(wiring, date(2026, 1, 15))
    for loan_id, person_id in (("L-1", "B-1"), ("L-2", "B-2")):
        life.lend(loan_id, person_id, schedule=a_schedule(12, Components(10_000), FIRST))
    return life


def pay_nine(life: Life) -> None:
    for number, late in enumerate(SELLER):
        due = months_after(FIRST, number)
        life.until(due)
        life.pay("L-2", 10_000)
        life.until(due + timedelta(days=late))
        life.pay("L-1", 10_000)


def calls(life: Life):
    return [each for each in life.tasks("call") if ".warning." in each.task_id]


def test_the_officer_gets_one_task_that_names_the_pattern_and_the_neighbour_none(life) -> None:
    pay_nine(life)
    life.until(WARNED - timedelta(days=1))
    assert calls(life) == []
    life.until(WARNED)
    life.settle()
    [call] = calls(life)
    assert (call.loan_id, call.officer, call.do_by) == ("L-1", "Peter Otieno", TENTH)
    assert "drifting later: instalments 1, 2, 3, 4, 5, 6, 7, 8, 9" in call.reason


def test_the_case_opens_in_prevention_and_nothing_counts_as_late(life) -> None:
    pay_nine(life)
    life.until(WARNED)
    state = life.ports.loans.load("L-1").state
    assert state.case is not None and state.case.target_stage is Stage.PREVENTION
    assert state.case.opened_on == WARNED
    standing = life.standing()
    assert (standing["days_past_due"], standing["bucket"]) == (0, "current")
    assert life.ports.loans.load("L-2").state.case is None


def test_the_same_day_reviewed_twice_adds_nothing(life) -> None:
    pay_nine(life)
    life.until(WARNED)
    before = life.ports.loans.load("L-1").state
    life.ports.loans.needs_review.add("L-1")
    life.settle()
    assert len(calls(life)) == 1
    assert life.ports.loans.load("L-1").state.case == before.case


@pytest.mark.parametrize("late", [-5, 0, 3])
def test_once_the_instalment_is_paid_nobody_calls_any_more(life, late: int) -> None:
    pay_nine(life)
    life.until(WARNED + timedelta(days=1))
    assert len(calls(life)) == 1
    life.until(TENTH + timedelta(days=late))
    life.pay("L-1", 10_000)
    assert calls(life) == []


def test_without_a_treatment_nothing_is_asked_for_nor_reviewed_more_often(life, wiring) -> None:
    known = wiring.institutions.policy("umoja", TREATED)
    untreated = replace(known.monitoring, warning=WarningPolicy())
    wiring.institutions.save_policy("umoja", replace(known, version=3, monitoring=untreated))
    pay_nine(life)
    life.until(WARNED - timedelta(days=1))
    assert life.ports.loans.load("L-1").state.next_review_on > WARNED
    life.until(TENTH)
    assert calls(life) == []
