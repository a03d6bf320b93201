"""What a task may be, who may do it and what may come of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.cases.tasks import (
    Result,
    Task,
    TaskKind,
    TaskOutcome,
    Try,
    is_task_id,
    linked,
    outcomes_of,
    role_for,
    roles_that_do,
    task_problems,
)
from recovery.domain.shared.actor import Role
from tests.builders import a_task, an_actor, fields

TODAY = date(2026, 3, 2)


def test_a_task_to_be_opened_has_nothing_wrong() -> None:
    assert list(task_problems(a_task())) == []
    for kind in TaskKind:
        assert list(task_problems(a_task(kind=kind, role=role_for(kind)))) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("task_id", {"task_id": "L-1/call"}),
        ("task_id", {"task_id": ""}),
        ("task_id", {"task_id": "a" * 161}),
        ("kind", {"kind": "dunning"}),
        ("role", {"role": "auditor"}),
        ("role", {"kind": TaskKind.HARDSHIP, "role": Role.ADVISOR}),
        ("person_id", {"person_id": " "}),
        ("reason", {"reason": ""}),
        ("reason", {"reason": "a\nb"}),
        ("do_by", {"do_by": TODAY - timedelta(days=1)}),
        ("tries_wanted", {"tries_wanted": 0}),
        ("tries_wanted", {"tries_wanted": 6}),
        ("ended_on", {"ended_on": TODAY}),
        ("ended_on", {"taken_by": an_actor()}),
    ],
)
def test_what_is_wrong_with_a_task_is_said_by_field(field, changes) -> None:
    assert fields(task_problems(a_task(**changes))) == {field}


def test_trained_people_talk_about_hardship_and_to_the_vulnerable() -> None:
    assert role_for(TaskKind.CALL) is Role.ADVISOR
    for role in (role_for(TaskKind.HARDSHIP), role_for(TaskKind.CALL, vulnerable=True)):
        assert role is Role.TRAINED
    assert roles_that_do(a_task(kind=TaskKind.HARDSHIP, role=Role.ADVISOR)) == (Role.TRAINED,)
    assert Role.TRAINED in roles_that_do(a_task())
    assert roles_that_do(a_task(role=Role.LEGAL)) == (Role.LEGAL,)
    assert roles_that_do(a_task(role="astronaut")) == ()


def test_only_who_is_met_can_promise_and_only_a_number_called_is_wrong() -> None:
    assert TaskOutcome.PROMISE in outcomes_of(TaskKind.CALL) & outcomes_of(TaskKind.VISIT)
    assert TaskOutcome.WRONG_NUMBER not in outcomes_of(TaskKind.VISIT)
    assert TaskOutcome.VISIT_DONE not in outcomes_of(TaskKind.CALL)
    for kind in (TaskKind.INVESTIGATE, TaskKind.COURT, "a kind of a later version"):
        assert outcomes_of(kind) == {TaskOutcome.DONE}
    assert {each for kind in TaskKind for each in outcomes_of(kind)} == set(TaskOutcome)


@pytest.mark.parametrize("text", ["", "a/b", "a b", "L-1\n", "a" * 161])
def test_no_task_has_another_form_of_id(text) -> None:
    assert is_task_id("L-1.call.2026-03-01#2")
    assert not is_task_id(text)


def test_it_is_late_after_its_deadline_and_never_once_it_has_ended() -> None:
    task = a_task(do_by=TODAY)
    assert [task.is_late(TODAY), task.is_late(TODAY + timedelta(days=1))] == [False, True]
    ended = replace(task, ended_on=TODAY, result=Result(code="done"))
    assert (ended.is_late(date.max), ended.outcome, task.outcome) == (False, "done", None)


def test_an_escalated_task_is_on_the_supervisors_list_too() -> None:
    assert a_task().waits_for == {"advisor"}
    assert a_task(escalated_on=TODAY).waits_for == {"advisor", "supervisor"}


def test_a_task_survives_being_stored_with_its_course() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    task: Task = a_task(
        taken_by=an_actor(),
        taken_at=at,
        tries=(Try(at=at, by=an_actor()),),
        result=Result(code="promise", amount_minor=500, on=TODAY),
        ended_on=TODAY,
        not_by=("Peter Otieno",),
    )
    assert from_plain(Task, to_plain(task)) == task


def test_claims_of_fraud_about_loans_of_one_officer_are_linked() -> None:
    def claim(task_id: str, *not_by: str, **changes: object) -> Task:
        about = {"kind": TaskKind.FRAUD, "role": Role.SUPERVISOR, "not_by": not_by}
        return a_task(task_id, **about, **changes)

    mine = claim("A", "Peter Otieno")
    sooner = claim("B", "Luz Mendoza", "peter  otieno", do_by=TODAY)
    others = [
        claim("C", "Peter Otieno"),
        sooner,
        claim("D", "Luz Mendoza"),
        claim("E", "Peter Otieno", ended_on=TODAY),
        a_task("F", kind=TaskKind.INVESTIGATE, not_by=("Peter Otieno",)),
        mine,
    ]
    assert [each.task_id for each in linked(others, mine)] == ["B", "C"]
    assert linked(others, claim("G")) == ()
    assert linked(others, a_task("H", not_by=("Peter Otieno",))) == ()
