"""Tasks that were decided on are opened once, lapse when their reason goes, and are announced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions import route_changes
from recovery.domain.agreements.person_request import HoldReported, PersonFactRequest
from recovery.domain.agreements.restraints import Kind
from recovery.domain.cases.task_steps import take
from recovery.domain.cases.tasks import LAPSED, Result, TaskKind
from recovery.domain.outbox import Outbox
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.route_tasks import end_tasks, open_tasks, route_task
from recovery.use_cases.people.record_person_fact import record_person_fact
from recovery.use_cases.people.route_person import route_person
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_loan, a_state, a_task, an_actor
from tests.conftest import Context

TASK = a_task()
TODAY = date(2026, 3, 3)


def names(wiring) -> list[str]:
    return [each.name for each in wiring.bus.events]


def texts(wiring) -> list[str]:
    return [each.text for each in wiring.timeline.entries("L-1")]


def decide(wiring, **effects) -> None:
    """Let the loan's state have an outbox with these effects."""
    wiring.loans.waiting["L-1"] = {"00000007": Outbox("00000007", TODAY, **effects)}


@pytest.fixture(autouse=True)
def lent(wiring) -> None:
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan, version=7)), [])


def test_an_outbox_with_tasks_is_not_empty() -> None:
    assert Outbox("1", TODAY).is_empty
    assert not Outbox("1", TODAY, tasks=(TASK,)).is_empty
    assert not Outbox("1", TODAY, ends_tasks=("T-1",)).is_empty


def test_a_task_that_was_decided_on_is_opened_once(wiring) -> None:
    for _ in range(2):
        decide(wiring, tasks=(TASK,))
        route_loan("umoja", "L-1", wiring)
    assert [each.task_id for each in wiring.tasks.open_tasks()] == [TASK.task_id]
    assert set(names(wiring)) == {"TaskOpened"}
    assert texts(wiring) == [f"task call until 2026-03-04: {TASK.reason}"]


def test_a_task_whose_reason_is_gone_lapses_whoever_has_it(wiring) -> None:
    open_tasks([TASK], wiring)
    task = wiring.tasks.find(TASK.task_id)
    wiring.tasks.save(take(task, an_actor(), wiring.now(), TODAY))
    decide(wiring, ends_tasks=(TASK.task_id, "no such task"))
    route_loan("umoja", "L-1", wiring)
    lapsed = wiring.tasks.find(TASK.task_id)
    assert (lapsed.outcome, lapsed.ended_on) == (LAPSED, TODAY)
    end_tasks([TASK.task_id], TODAY + timedelta(days=1), wiring)
    assert wiring.tasks.find(TASK.task_id) == lapsed


def test_an_end_that_meets_another_step_is_tried_again(wiring, monkeypatch) -> None:
    open_tasks([TASK], wiring)
    save, calls = wiring.tasks.save, []

    def refuse_once(task) -> None:
        calls.append(task)
        if len(calls) == 1:
            raise StaleWriteError("changed")
        save(task)

    monkeypatch.setattr(wiring.tasks, "save", refuse_once)
    end_tasks([TASK.task_id], TODAY, wiring)
    assert len(calls) == 2
    assert not wiring.tasks.find(TASK.task_id).is_pending


def test_what_came_of_a_task_is_announced_and_then_done_with(wiring, load_event) -> None:
    open_tasks([TASK], wiring)
    end_tasks([TASK.task_id], TODAY, wiring)
    assert wiring.tasks.untold == {TASK.task_id}
    route_changes.handler(load_event("route_changes.task_ended"), Context(), wiring)
    assert wiring.tasks.untold == set()
    assert names(wiring) == ["TaskOpened", "TaskDone"]
    assert wiring.bus.events[1].detail["outcome"] == LAPSED
    assert texts(wiring)[-1] == "task call: lapsed, its reason is gone"


def test_a_task_that_has_ended_is_not_opened_by_a_repeat(wiring) -> None:
    open_tasks([TASK], wiring)
    end_tasks([TASK.task_id], TODAY, wiring)
    open_tasks([TASK], wiring)
    assert wiring.tasks.open_tasks() == []
    assert names(wiring) == ["TaskOpened"]


def test_a_task_that_lapsed_is_opened_again_once_its_reason_is_back(wiring) -> None:
    open_tasks([TASK], wiring)
    end_tasks([TASK.task_id], TODAY, wiring)
    later = TODAY + timedelta(days=9)
    back = replace(TASK, opened_on=later, do_by=later, reason="a hold has ended")
    for _ in range(2):
        open_tasks([back], wiring)
    [task] = wiring.tasks.open_tasks()
    assert (task.reason, task.do_by) == (back.reason, later)
    done = replace(task, result=Result(code="reached"), ended_on=later)
    wiring.tasks.save(done)
    after = later + timedelta(days=1)
    open_tasks([replace(back, opened_on=after, do_by=after)], wiring)
    assert wiring.tasks.open_tasks() == []


def test_a_task_that_nobody_could_do_is_refused_when_all_else_is_done(wiring) -> None:
    decide(wiring, tasks=(replace(TASK, role="astronaut"),), wakes="B-1")
    with pytest.raises(RefusedError, match="astronaut"):
        route_loan("umoja", "L-1", wiring)
    assert wiring.queue.wakes
    assert wiring.tasks.open_tasks() == []


def test_nobody_seeks_contact_with_the_dead(wiring) -> None:
    """Whatever was to be done besides goes on."""
    kinds = (TaskKind.CALL, TaskKind.VISIT, TaskKind.PLAN, TaskKind.MISSING_DETAILS)
    open_tasks([a_task(f"T-{kind}", kind=kind) for kind in kinds], wiring)
    open_tasks([a_task("T-1", kind=TaskKind.HARDSHIP, role=Role.TRAINED)], wiring)
    open_tasks([a_task("T-2", kind=TaskKind.ANSWER_COMPLAINT)], wiring)
    open_tasks([a_task("T-3", person_id="B-2")], wiring)
    wiring.borrowers.loans["B-1"] = ["L-1"]
    told = PersonFactRequest(
        fact_id="F-1",
        person_id="B-1",
        fact=HoldReported(Kind.DEATH, wiring.now().date()),
        reason="told by her son",
        said="{}",
    )
    record_person_fact("umoja", told, an_actor(), wiring.now(), wiring)
    route_person("B-1", wiring)
    left = {each.task_id for each in wiring.tasks.open_tasks()}
    assert left == {"T-2", "T-3", "B-1.F-1"}


@pytest.mark.parametrize("task_id", ["no such task", TASK.task_id])
def test_an_open_or_unknown_task_is_not_announced_as_done(wiring, task_id) -> None:
    open_tasks([TASK], wiring)
    route_task("umoja", task_id, wiring)
    assert names(wiring) == ["TaskOpened"]


def test_a_task_about_a_person_is_on_no_loans_timeline(wiring) -> None:
    about = a_task("B-1.data", kind=TaskKind.DATA_REQUEST, loan_id=None)
    open_tasks([about], wiring)
    end_tasks(["B-1.data"], TODAY, wiring)
    route_task("umoja", "B-1.data", wiring)
    assert names(wiring) == ["TaskOpened", "TaskDone"]
    assert "loan_id" not in wiring.bus.events[0].detail
    assert texts(wiring) == []
