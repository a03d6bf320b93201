"""The call after an early warning: somebody the borrower knows asks before anything is overdue.

One for each due date, however often the day is reviewed; it ends once the instalment is paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.cases.tasks import Task, TaskKind, role_for
from recovery.domain.monitoring.behaviour import Warned
from recovery.domain.monitoring.policy import MonitoringPolicy

_REMEMBERED_DAYS = 60


def warning_calls(
    warning: Warned | None,
    loan: Loan,
    restraints: tuple[Restraint, ...],
    last_review_on: date | None,
    as_of: date,
) -> Iterator[Task]:
    """Yield the call of a warning whose day has come since the last review; none while calls are
    held."""
    if warning is None or last_review_on is None or blocks(restraints, Block.CALLS, as_of):
        return
    if last_review_on < warning.on <= as_of:
        why = "; ".join(f"{each.name}: {each.evidence}" for each in warning.signals)
        why = why or "by experience, such payments often come late"
        yield Task(
            task_id=warning_id(loan.loan_id, warning.due_date),
            kind=TaskKind.CALL,
            person_id=loan.borrower_id,
            loan_id=loan.loan_id,
            role=role_for(TaskKind.CALL),
            officer=loan.advisor_name or None,
            reason=f"{why}: ask if another due day would suit better",
            opened_on=as_of,
            do_by=warning.due_date,
        )


def warnings_ended(
    policy: MonitoringPolicy, loan: Loan, position: Position, as_of: date
) -> Iterator[str]:
    """Yield the calls that are not needed any more: the instalment is paid. One that was paid long
    ago ended then."""
    if not policy.warning.treated:
        return
    for instalment, paid_off_on in zip(loan.schedule, position.paid_off_on, strict=True):
        days = (instalment.due_date - as_of).days
        if paid_off_on and -_REMEMBERED_DAYS <= days <= policy.warning.days_before:
            yield warning_id(loan.loan_id, instalment.due_date)


def warning_id(loan_id: str, due_date: date) -> str:
    """Return the id of the call before this due date."""
    return f"{loan_id}.warning.{due_date}"
