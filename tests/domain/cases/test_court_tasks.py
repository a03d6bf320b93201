"""What people do for a court."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.cases.court_tasks import (
    claim_to_file,
    day_of_court,
    filing_ended,
    money_to_tell,
    question_to_answer,
)
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.tasks import is_answer_due, task_problems
from tests.builders import a_loan
from tests.domain.cases.test_stage import case

ON = date(2026, 6, 1)
LOAN = a_loan()


def test_a_day_of_the_court_is_a_task_with_that_deadline() -> None:
    task = day_of_court(LOAN, "H-1", "hearing", ON + timedelta(days=9), "lawyer", ON)
    assert (task.role, task.do_by, task.about) == ("legal", ON + timedelta(days=9), "H-1")
    assert not list(task_problems(task))
    assert is_answer_due(task, ON + timedelta(days=8), lambda a, b: (b - a).days)
    assert not is_answer_due(task, ON, lambda a, b: (b - a).days)


def test_a_day_that_is_past_waits_at_once() -> None:
    task = day_of_court(LOAN, "H-1", "deadline", ON - timedelta(days=9), "advisor", ON)
    assert (task.do_by, task.role) == (ON, "advisor")


def test_money_during_proceedings_is_told_the_same_day_with_what_is_left() -> None:
    (task,) = money_to_tell(LOAN, "pending", 0, 50_000, 70_000, ON)
    assert task.do_by == ON and not list(task_problems(task))
    assert "500.00 EUR was paid" in task.reason and "700.00 EUR is left" in task.reason


def test_money_that_satisfies_the_claim_has_the_court_close_it() -> None:
    (task,) = money_to_tell(LOAN, "title", 0, 120_000, 0, ON)
    assert "nothing may be enforced" in task.reason


def test_money_that_went_back_is_told_too() -> None:
    (task,) = money_to_tell(LOAN, "pending", 50_000, 0, 120_000, ON)
    assert "went back" in task.reason


def test_outside_court_nothing_is_told_to_one() -> None:
    assert not list(money_to_tell(LOAN, "", 0, 50_000, 70_000, ON))
    assert not list(money_to_tell(LOAN, "pending", None, 50_000, 70_000, ON))
    assert not list(money_to_tell(LOAN, "pending", 50_000, 50_000, 70_000, ON))


def test_what_was_approved_is_filed_by_a_person_after_one_more_offer() -> None:
    task = claim_to_file(LOAN, "L-1-C1", ON)
    assert not list(task_problems(task)) and task.reason.startswith("approved: offer an agreement")
    assert filing_ended(case(Stage.FILING), True) == ("L1-C1.file",)
    assert filing_ended(case(Stage.FILING), False) == ()
    assert filing_ended(case(Stage.IN_PROCEEDINGS), True) == ()


def test_a_question_waits_for_the_officer() -> None:
    task = question_to_answer(LOAN, "L-1-C1#4-judicial_approval", ON)
    assert (task.officer, task.role) == (LOAN.advisor_name, "advisor")
    assert not list(task_problems(task))
