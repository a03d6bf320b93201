"""Let supervisors hear of tasks that are late, or that nobody took: once a day, by one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.cases.task_steps import escalate
from recovery.domain.cases.tasks import is_answer_due
from recovery.domain.policy import Policy
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.ports.needs import HasTasks
from recovery.ports.shared import StaleWriteError


@dataclass(frozen=True, slots=True)
class Escalated:
    """How many tasks were escalated today, and how many days the oldest one that nobody has is past
    its deadline; 0 if there is none. ``answers_due`` are disputes and complaints whose deadline is
    two working days away at most, or past."""

    tasks: int
    oldest_unowned_days: int
    answers_due: int = 0


def escalate_tasks(policy: Policy, as_of: date, ports: HasTasks) -> Escalated:
    """Escalate what is to be escalated at ``as_of``; a repeat escalates nothing."""
    escalated, oldest_days, answers_due = 0, 0, 0
    working = policy.monitoring.business_days or BusinessCalendar()
    for task in ports.tasks.open_tasks():
        answers_due += is_answer_due(task, as_of, working.business_days_between)
        if task.is_late(as_of) and task.taken_by is None:
            oldest_days = max(oldest_days, (as_of - task.do_by).days)
        told = escalate(task, policy.cases.tasks, as_of, policy.monitoring.days_between)
        if told is task:
            continue
        try:
            ports.tasks.save(told)
        except StaleWriteError:
            continue  # somebody is at it just now; tomorrow it is looked at again
        escalated += 1
    return Escalated(escalated, oldest_days, answers_due)
