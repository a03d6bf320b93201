"""What waits for people: tasks and questions, for whom, and since when; by one query a list."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from recovery.domain.cases.approval import DecisionKind, PendingDecision, roles_that_decide
from recovery.domain.cases.tasks import Task
from recovery.ports.needs import HasCases, HasInstitutions, HasTasks
from recovery.use_cases.shared.business_date import business_date

_ABOUT_COURT = (DecisionKind.JUDICIAL_APPROVAL, DecisionKind.ENFORCEMENT)


class WaitingPorts(HasTasks, HasCases, HasInstitutions, Protocol):
    """What is on the lists of people."""


def list_waiting(
    institution_id: str, now: datetime, ports: WaitingPorts, role: str | None = None
) -> list[dict[str, object]]:
    """List what waits for this role, or for anybody, the longest first.

    A task that begins later does not wait yet. What is to be decided about a court says where to
    ``read`` it: a command, and a path of the API.
    """
    today = business_date(institution_id, now, ports.institutions)
    zone = ZoneInfo(ports.institutions.time_zone(institution_id))
    tasks = (each for each in ports.tasks.open_tasks(role) if each.opened_on <= today)
    questions = (
        each
        for kind in DecisionKind
        if role is None or role in roles_that_decide(kind)
        for each in ports.cases.pending_decisions(kind)
    )
    rows = [
        *map(_task_row, tasks),
        *(_question_row(each, zone, institution_id) for each in questions),
    ]
    return sorted(rows, key=lambda each: (str(each["since"]), str(each["id"])))


def _task_row(task: Task) -> dict[str, object]:
    return {
        "what": task.kind,
        "id": task.task_id,
        "about": task.loan_id or task.person_id,
        "for": sorted(task.waits_for),
        "since": task.opened_on.isoformat(),
        "until": task.do_by.isoformat(),
        "with": task.taken_by.in_words() if task.taken_by else None,
        "why": task.reason,
    }


def _question_row(
    question: PendingDecision, zone: ZoneInfo, institution_id: str
) -> dict[str, object]:
    """Show a question; one about a court with where to read the dossier that it is bound to."""
    loan_id, about_court = question.loan_id, question.kind in _ABOUT_COURT
    path = f"/v1/institutions/{institution_id}/loans/{loan_id}/judicial"
    read = {"command": f"recovery proceedings {loan_id}", "path": path}
    return {
        **({"read": read} if about_court else {}),
        "what": question.kind,
        "id": question.decision_id,
        "about": question.loan_id,
        "for": sorted(roles_that_decide(question.kind)),
        "since": question.asked_at.astimezone(zone).date().isoformat(),
        "until": None,
        "with": None,
        "why": question.reason,
    }
