"""The task repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.adapters.dynamodb.task_repository import DynamoDbTaskRepository
from recovery.domain.cases.task_steps import lapse
from recovery.domain.cases.tasks import Result, Task, TaskKind, Try
from recovery.domain.shared.actor import Role
from recovery.ports.cases import TaskRepository
from recovery.ports.shared import StaleWriteError
from tests.builders import a_task, an_actor
from tests.fakes import FakeTaskRepository

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(params=["fake", "dynamodb"])
def tasks(request: pytest.FixtureRequest) -> TaskRepository:
    if request.param == "fake":
        return FakeTaskRepository()
    request.getfixturevalue("table")
    return DynamoDbTaskRepository("umoja")


def stored(tasks: TaskRepository, task_id: str) -> Task:
    task = tasks.find(task_id)
    assert task
    return task


def ids(tasks: list[Task]) -> list[str]:
    return [each.task_id for each in tasks]


def test_a_task_is_put_on_record_once(tasks: TaskRepository) -> None:
    assert tasks.find("L-1.call") is None
    assert tasks.add(a_task("L-1.call")) is True
    assert tasks.add(a_task("L-1.call", reason="another reason")) is False
    assert tasks.find("L-1.call") == a_task("L-1.call", version=1)


def test_a_step_is_saved_one_version_higher_and_whole(tasks: TaskRepository) -> None:
    tasks.add(a_task("T-1"))
    tried = replace(
        stored(tasks, "T-1"),
        taken_by=an_actor(),
        taken_at=AT,
        tries=(Try(at=AT, by=an_actor()),),
        escalated_on=TODAY,
    )
    tasks.save(tried)
    assert stored(tasks, "T-1") == replace(tried, version=2)


@pytest.mark.parametrize("version", [0, 2])
def test_a_stale_step_changes_nothing(tasks: TaskRepository, version: int) -> None:
    tasks.add(a_task("T-1"))
    with pytest.raises(StaleWriteError, match="T-1"):
        tasks.save(a_task("T-1", taken_by=an_actor(), version=version))
    assert stored(tasks, "T-1").taken_by is None


def test_a_step_of_a_task_that_is_not_on_record_is_refused(tasks: TaskRepository) -> None:
    with pytest.raises(StaleWriteError):
        tasks.save(a_task("T-1", version=1))


def test_open_tasks_are_listed_by_deadline_and_by_whom_they_wait_for(tasks: TaskRepository) -> None:
    tasks.add(a_task("later", do_by=TODAY + 3 * DAY))
    tasks.add(a_task("sooner", do_by=TODAY + DAY, role=Role.TRAINED))
    tasks.add(a_task("legal#1", do_by=TODAY + 2 * DAY, role=Role.LEGAL, kind=TaskKind.COURT))
    tasks.add(a_task("ended"))
    tasks.save(lapse(stored(tasks, "ended"), TODAY))
    tasks.save(replace(stored(tasks, "later"), escalated_on=TODAY))
    assert ids(tasks.open_tasks()) == ["sooner", "legal#1", "later"]
    assert ids(tasks.open_tasks(Role.ADVISOR)) == ["later"]
    assert ids(tasks.open_tasks(Role.SUPERVISOR)) == ["later"]
    assert ids(tasks.open_tasks(Role.LEGAL)) == ["legal#1"]
    assert tasks.open_tasks(Role.AUDITOR) == []


def test_late_tasks_had_a_deadline_before_the_day(tasks: TaskRepository) -> None:
    tasks.add(a_task("today", do_by=TODAY))
    tasks.add(a_task("before", do_by=TODAY - DAY, opened_on=TODAY - DAY))
    tasks.add(a_task("long-ago", do_by=TODAY - 9 * DAY, opened_on=TODAY - 9 * DAY))
    assert ids(tasks.late_tasks(TODAY)) == ["long-ago", "before"]


def test_the_tasks_about_a_person_are_found_ended_ones_too(tasks: TaskRepository) -> None:
    tasks.add(a_task("T-2"))
    tasks.add(a_task("T-1", loan_id=None))
    tasks.add(a_task("T-3", person_id="B-2"))
    tasks.save(lapse(stored(tasks, "T-1"), TODAY))
    assert ids(tasks.of_person("B-1")) == ["T-1", "T-2"]
    assert ids(tasks.of_person("B-9")) == []


def test_an_end_waits_until_it_is_announced(tasks: TaskRepository) -> None:
    tasks.add(a_task("T-1"))
    assert tasks.waiting_ids(TODAY + DAY) == []
    done = replace(
        stored(tasks, "T-1"),
        result=Result(code="promise", amount_minor=5_000, on=TODAY + DAY),
        ended_on=TODAY,
        ended_by=an_actor(),
        ended_at=AT,
    )
    tasks.save(done)
    assert tasks.waiting_ids(TODAY) == []
    assert tasks.waiting_ids(TODAY + DAY) == ["T-1"]
    tasks.send_again("T-1")
    tasks.acknowledge("T-1")
    tasks.acknowledge("T-1")
    assert tasks.waiting_ids(TODAY + DAY) == []
    assert tasks.find("T-1") == replace(done, version=2)


def test_an_open_task_is_not_acknowledged_off_its_list(tasks: TaskRepository) -> None:
    tasks.add(a_task("T-1"))
    tasks.acknowledge("T-1")
    tasks.send_again("T-1")
    assert ids(tasks.open_tasks()) == ["T-1"]


def test_institutions_have_their_own_tasks(table: str) -> None:
    umoja, casa = DynamoDbTaskRepository("umoja"), DynamoDbTaskRepository("casa")
    assert umoja.add(a_task("T-1"))
    assert casa.find("T-1") is None
    assert casa.open_tasks() == casa.of_person("B-1") == []
    assert casa.add(a_task("T-1"))


def test_a_role_that_waits_for_little_reads_little(table: str) -> None:
    """One query of the index, and only the tasks asked for are read."""
    tasks = DynamoDbTaskRepository("umoja")
    for number in range(5):
        tasks.add(a_task(f"T-{number}"))
    tasks.add(a_task("T-9", role=Role.LEGAL, kind=TaskKind.COURT))
    calls: list[tuple[str, int]] = []
    events = table_connection(Item).connection.client.meta.events

    def record(model, params, **_: object) -> None:
        calls.append((model.name, params["body"].decode().count('"pk"')))

    events.register("before-call.dynamodb", record)
    try:
        assert ids(tasks.open_tasks(Role.LEGAL)) == ["T-9"]
    finally:
        events.unregister("before-call.dynamodb", record)
    assert [name for name, _ in calls] == ["Query", "BatchGetItem"]
    assert calls[1][1] == 1
