"""A breach brings one call by a person, who offers to refit the plan."""

from __future__ import annotations

from datetime import date

from recovery.domain.accounting.agreed import PlanState, Turn
from recovery.domain.agreements.payment_plan import PlanStatus
from recovery.domain.agreements.restraints import EVERYTHING, Block, Kind, Restraint
from recovery.domain.cases.plan_calls import breach_calls_ended, calls_after_breach
from tests.builders import a_loan

SATURDAY, MONDAY = date(2026, 3, 14), date(2026, 3, 16)
PLAN = PlanState("AG", date(2026, 3, 2), (Turn(SATURDAY, "breached"),))
BREACHED = [(PLAN, PlanStatus.BREACHED)]


def test_a_breach_brings_one_call_the_next_working_morning() -> None:
    [call] = calls_after_breach(BREACHED, a_loan(), (), None, SATURDAY)
    assert (call.task_id, call.do_by, call.about) == ("L-1.plan.AG", MONDAY, "AG")
    assert "refit" in call.reason and call.role == "advisor"
    assert not list(calls_after_breach([(PLAN, PlanStatus.CURED)], a_loan(), (), None, SATURDAY))


def test_trained_people_call_in_hardship_and_nobody_while_calls_are_held() -> None:
    hardship = Restraint(Kind.HARDSHIP, SATURDAY, None, frozenset({Block.ARREARS}), "x")
    [call] = calls_after_breach(BREACHED, a_loan(), (hardship,), None, SATURDAY)
    assert call.role == "trained"
    stop = Restraint(Kind.STOP, SATURDAY, None, EVERYTHING, "x")
    assert list(calls_after_breach(BREACHED, a_loan(), (stop,), None, SATURDAY)) == []


def test_the_call_lapses_once_the_plan_is_cured_or_refitted() -> None:
    for status in (PlanStatus.CURED, PlanStatus.ENDED, PlanStatus.COMPLETED, PlanStatus.KEPT):
        assert list(breach_calls_ended([(PLAN, status)], a_loan())) == ["L-1.plan.AG"]
    assert list(breach_calls_ended(BREACHED, a_loan())) == []
