"""What is announced of a task, to other systems and on the loan's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.cases.tasks import LAPSED, Task
from recovery.domain.outbox import DomainEvent, TimelineEntry


def opened_event(task: Task) -> DomainEvent:
    """Announce a task that waits for a person."""
    detail = {
        **_whose(task),
        "role": task.role,
        "opened_on": task.opened_on.isoformat(),
        "do_by": task.do_by.isoformat(),
    }
    return DomainEvent("TaskOpened", detail)


def ended_event(task: Task) -> DomainEvent:
    """Announce what came of a task, by its code alone."""
    detail = {
        **_whose(task),
        "outcome": task.outcome,
        "ended_on": f"{task.ended_on}",
        "tries": len(task.tries),
    }
    return DomainEvent("TaskDone", detail)


def opened_entries(task: Task) -> Iterator[TimelineEntry]:
    """Keep for people to read that a task about the loan was opened."""
    if task.loan_id:
        text = f"task {_in_words(task.kind)} until {task.do_by}: {task.reason}"
        yield TimelineEntry(task.opened_on, "task", text, key=task.task_id)


def ended_entries(task: Task) -> Iterator[TimelineEntry]:
    """Keep what came of it, after how many tries and by whom."""
    if not (task.loan_id and task.ended_on and task.outcome):
        return
    who = f" by {task.ended_by.in_words()}" if task.ended_by else ""
    tried = f" after {len(task.tries)} tries" if task.tries else ""
    came = "lapsed, its reason is gone" if task.outcome == LAPSED else _in_words(task.outcome)
    text = f"task {_in_words(task.kind)}{who}{tried}: {came}"
    yield TimelineEntry(task.ended_on, "task", text, key=f"{task.task_id}#ended")


def _whose(task: Task) -> dict[str, object]:
    about = {"task_id": task.task_id, "kind": task.kind, "person_id": task.person_id}
    return {**about, "loan_id": task.loan_id} if task.loan_id else {**about}


def _in_words(code: str) -> str:
    return code.replace("_", " ")
