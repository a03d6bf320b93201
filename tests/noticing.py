"""Deliver the notices that people have to deliver."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from recovery.domain.cases.tasks import Result, TaskKind, TaskOutcome
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.do_tasks import finish_task, take_task
from tests.builders import an_actor

ADVISOR = an_actor("Ana Torres", Role.SUPERVISOR, Role.ADVISOR)


def deliver_notices(
    institution_id: str,
    today: date,
    ports: Any,
    code: str = TaskOutcome.RECEIVED,
    medium: str = "by_hand",
) -> int:
    """Deliver every notice that waits, today; return how many. One that lapses is left alone."""
    waiting = [each for each in ports.tasks.open_tasks() if each.kind == TaskKind.DELIVER_NOTICE]
    delivered = 0
    for task in waiting:
        result = Result(code=code, medium=medium, sent_on=today, on=today, proof="SCAN-17")
        with suppress(RefusedError):
            take_task(institution_id, task.task_id, ADVISOR, ports.now(), ports)
            finish_task(institution_id, task.task_id, ADVISOR, result, ports.now(), ports)
            delivered += 1
    return delivered
