"""Whatever people try, in whatever order: only who may does a task, and what is done stays done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

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
from recovery.domain.cases.tasks import LAPSED, Result, Task, TaskKind, TaskOutcome
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import RefusedError
from tests.builders import a_task, an_actor

POLICY = TaskPolicy()
OPENED = date(2026, 3, 2)
PEOPLE = (
    an_actor("Peter Otieno", Role.ADVISOR),
    an_actor("Ana Torres", Role.ADVISOR),
    an_actor("Ruth Wafula", Role.SUPERVISOR),
    an_actor("Trudy Kamau", Role.TRAINED),
    an_actor("Otto Pape", Role.AUDITOR),
    Actor(id="core", name="core", roles=frozenset({Role.SERVICE})),
)
TASKS = st.builds(
    a_task,
    kind=st.sampled_from([TaskKind.CALL, TaskKind.HARDSHIP, TaskKind.INVESTIGATE]),
    role=st.sampled_from([Role.ADVISOR, Role.TRAINED, Role.SUPERVISOR]),
    officer=st.sampled_from(["Peter Otieno", None]),
    not_by=st.sampled_from([(), ("Ana Torres",), ("Ruth Wafula",)]),
)
STEPS = st.tuples(
    st.sampled_from(["take", "try", "finish", "lapse", "escalate", "begin_again"]),
    st.sampled_from(PEOPLE),
    st.integers(0, 6 * 24),  # hours after the task was opened
    st.sampled_from(["reached", "no_answer", "done", "cannot_now"]),
)


def stepped(task: Task, step: str, by: Actor, hours: int, code: str) -> Task:
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours)
    match step:
        case "take":
            return take(task, by, at, at.date(), PEOPLE)
        case "try":
            return try_once(task, by, at)
        case "finish":
            return finish(task, by, at, at.date(), Result(code=code), POLICY)
        case "lapse":
            return lapse(task, at.date())
        case "begin_again":
            return begin_again(
                task, replace(BACK, kind=task.kind, role=task.role, not_by=task.not_by)
            )
        case _:
            return escalate(task, POLICY, at.date())


BACK = a_task(opened_on=OPENED + timedelta(days=5), do_by=OPENED + timedelta(days=9))


@given(TASKS, st.lists(STEPS, max_size=25))
def test_any_course_of_a_task_keeps_the_rules(task: Task, steps) -> None:
    for step in steps:
        try:
            after = stepped(task, *step)
        except RefusedError as refused:
            assert refused.problems
            continue
        assert after is task or after != task
        for by in filter(None, (after.taken_by, after.ended_by, *(e.by for e in after.tries))):
            assert may_do(task, by)
        if task.ended_by:  # a person's answer
            assert after == task
        if not after.is_pending and after.outcome != LAPSED:
            assert after.ended_by == after.taken_by
        if after.outcome == TaskOutcome.NO_ANSWER:
            assert hours_tried(after, POLICY) >= after.tries_wanted
        if task.escalated_on and step[0] != "begin_again":
            assert after.escalated_on == task.escalated_on
        assert len(after.tries) >= len(task.tries)
        again = stepped(after, *step) if step[0] != "try" else after
        assert again == after
        task = after
