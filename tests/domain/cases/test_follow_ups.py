"""What follows from what came of a task."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.cases.follow_ups import follow_ups
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.tasks import Result, TaskKind, TaskOutcome, task_problems
from tests.builders import a_task

TODAY = date(2026, 3, 4)
POLICY = TaskPolicy(visit_by_days=8, follow_up_within_days=4)


def after(code, **changes):
    ended = a_task(result=Result(code=code), ended_on=TODAY, **changes)
    return list(follow_ups(ended, POLICY, (), TODAY))


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        (TaskOutcome.PLAN_WANTED, [TaskKind.PLAN]),
        (TaskOutcome.WRONG_NUMBER, [TaskKind.VISIT, TaskKind.MISSING_DETAILS]),
        (TaskOutcome.MOVED_AWAY, [TaskKind.MISSING_DETAILS]),
        (TaskOutcome.NO_ANSWER, [TaskKind.VISIT]),
        (TaskOutcome.REACHED, []),
        (TaskOutcome.PROMISE, []),
        (TaskOutcome.REFUSED, []),
        ("lapsed", []),
        ("an outcome of a later version", []),
    ],
)
def test_nobody_who_waits_is_forgotten(code, kinds) -> None:
    found = after(code)
    assert [each.kind for each in found] == kinds
    assert [problem for each in found for problem in task_problems(each)] == []


def test_what_follows_is_for_whom_the_task_was_and_has_an_id_of_its_own() -> None:
    [plan] = after(TaskOutcome.PLAN_WANTED, not_by=("Ruth Wafula",))
    assert plan.task_id == "L-1.call.2026-03-01.plan"
    assert (plan.person_id, plan.loan_id, plan.officer) == ("B-1", "L-1", "Peter Otieno")
    assert (plan.not_by, plan.about) == (("Ruth Wafula",), "L-1.call.2026-03-01")
    assert (plan.opened_on, plan.do_by) == (TODAY, TODAY + timedelta(days=4))
    again = replace(plan, result=Result(code="plan_wanted"), ended_on=TODAY)
    [other] = follow_ups(again, POLICY, (), TODAY)
    assert other.task_id != plan.task_id
