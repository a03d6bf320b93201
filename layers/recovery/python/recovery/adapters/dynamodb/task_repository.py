"""Store tasks in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.condition import Condition

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.expiry import expires_at
from recovery.adapters.dynamodb.items import ListsIndex, TaskItem, TaskOfPersonItem
from recovery.adapters.dynamodb.writes import (
    failed_conditions,
    stale_if_refused,
    transaction,
    update,
)
from recovery.domain.cases.tasks import Task
from recovery.ports.shared import StaleWriteError


class DynamoDbTaskRepository:
    """TaskRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def find(self, task_id: str) -> Task | None:
        try:
            return _task(TaskItem.get(*self._key(task_id), consistent_read=True))
        except DoesNotExist:
            return None

    def open_tasks(self, role: str | None = None) -> list[Task]:
        """List what is open, or only what waits for this role; the nearest deadline first.

        One query: the list's keys name the roles, so only tasks that are asked for are read.
        """
        return self._open(None, role)

    def late_tasks(self, before: date) -> list[Task]:
        """List the open tasks with a deadline before this date, the oldest first."""
        return self._open(ListsIndex.listed_by < before.isoformat(), None)

    def of_person(self, person_id: str) -> list[Task]:
        """List every task about this person, ended ones too, by id."""
        found = TaskOfPersonItem.query(
            self._pk(person_id),
            TaskOfPersonItem.sk.startswith(keys.key(keys.TASK, "")),
            consistent_read=True,
        )
        tasks = self._read(keys.identifier(item.sk) for item in found)
        return sorted(tasks, key=lambda each: each.task_id)

    def add(self, task: Task) -> bool:
        """Put a new task on record; return False if its id is there already."""
        new = TaskItem.pk.does_not_exist()
        link = TaskOfPersonItem(self._pk(task.person_id), keys.key(keys.TASK, task.task_id))
        try:
            with transaction() as together:
                together.save(self._item(task), condition=new)
                together.save(link)
        except TransactWriteError as error:
            if failed_conditions(error):
                return False
            raise StaleWriteError(f"task {task.task_id} is being added") from error
        return True

    def save(self, task: Task) -> None:
        """Save the next step one version higher. Raises StaleWriteError if changed since."""
        with stale_if_refused(f"task {task.task_id}"):
            self._item(task).save(condition=TaskItem.version == task.version)

    def acknowledge(self, task_id: str) -> None:
        """Record that the end of the task was announced. Idempotent."""
        gone = (TaskItem.listed_in, TaskItem.listed_by, TaskItem.resends)
        with suppress(StaleWriteError), stale_if_refused("the task"):
            update(*self._key(task_id), [each.remove() for each in gone], _UNTOLD)

    def keep_until(self, task: Task, last_day: date | None) -> None:
        """Let an ended task, and the link to it, expire after this day; None: not at all."""
        ends, at = TaskItem.expires_at, expires_at(last_day)
        change = [ends.remove() if at is None else ends.set(at)]
        link = self._pk(task.person_id), keys.key(keys.TASK, task.task_id)
        with suppress(StaleWriteError), stale_if_refused("the task"):
            update(*self._key(task.task_id), change, TaskItem.version == task.version)
            update(*link, change, TaskOfPersonItem.pk.exists())

    def waiting_ids(self, before: date) -> list[str]:
        """Find tasks that ended before this date, whose end is not announced yet."""
        ended = keys.list_key(keys.TASKS, self._institution_id, keys.ENDED)
        listed = TaskItem.lists.query(ended, ListsIndex.listed_by < before.isoformat())
        return [keys.parts(item.pk)[1] for item in listed]

    def send_again(self, task_id: str) -> None:
        """Let the stream deliver the ended task once more, if it is not announced yet."""
        with suppress(StaleWriteError), stale_if_refused("the task"):
            update(*self._key(task_id), [TaskItem.resends.add(1)], _UNTOLD)

    def _open(self, until: Condition | None, role: str | None) -> list[Task]:
        still_open = keys.list_key(keys.TASKS, self._institution_id, keys.OPEN)
        listed: Iterator[Any] = TaskItem.lists.query(still_open, until)
        wanted = (
            task_id
            for _, roles, task_id in (item.listed_by.split("#", 2) for item in listed)
            if role is None or role in roles.split("+")
        )
        tasks = (task for task in self._read(wanted) if task.is_pending)  # the index lags behind
        return sorted(tasks, key=lambda each: (each.do_by, each.task_id))

    def _read(self, task_ids: Iterable[str]) -> list[Task]:
        found = TaskItem.batch_get(map(self._key, task_ids), consistent_read=True)
        return [*map(_task, found)]

    def _pk(self, identifier: str) -> str:
        return keys.partition(keys.TASK, self._institution_id, identifier)

    def _key(self, task_id: str) -> tuple[str, str]:
        return self._pk(task_id), keys.TASK

    def _item(self, task: Task) -> TaskItem:
        item = TaskItem(
            *self._key(task.task_id),
            version=task.version + 1,
            document=codec.document_to_json(replace(task, version=0)),
        )
        if task.ended_on:
            item.ended, part, by = True, keys.ENDED, f"{task.ended_on}"
        else:
            part, by = keys.OPEN, f"{task.do_by}#{'+'.join(sorted(task.waits_for))}"
        item.listed_in = keys.list_key(keys.TASKS, self._institution_id, part)
        item.listed_by = f"{by}#{task.task_id}"
        return item


_UNTOLD = TaskItem.ended.exists() & TaskItem.listed_by.exists()


def _task(item: TaskItem) -> Task:
    return replace(codec.document_from_json(Task, item.document), version=int(item.version))
