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


def warning_calls(
    warning: Warned | None,
    loan: Loan,
    restraints: tuple[Restraint, ...],
    last_review_on: date | None,
    as_of: date,
) -> Iterator[Task]:
    """Yield the call of a warning whose day has come since the last review, where the treatment is
    one; none while calls are held."""
    if warning is None or "call" not in warning.acts or last_review_on is None:
        return
    if blocks(restraints, Block.CALLS, as_of):
        return
    if last_review_on < warning.on <= as_of:
        why = "; ".join(f"{each.name}: {each.evidence}" for each in warning.signals)
        yield Task(
            task_id=warning_id(loan.loan_id, warning.due_date),
            kind=TaskKind.CALL,
            person_id=loan.borrower_id,
            loan_id=loan.loan_id,
            role=role_for(TaskKind.CALL),
            officer=loan.advisor_name or None,
            reason=f"{why}: {_ask(warning)}",
            opened_on=as_of,
            do_by=warning.due_date,
        )


def _ask(warning: Warned) -> str:
    if warning.later_days > 1:
        return f"ask if a due day {warning.later_days} days later would suit better"
    return "ask how it goes, and if another due day would suit better"


def warnings_ended(called_for: date | None, loan: Loan, position: Position) -> Iterator[str]:
    """Yield the call before this due date once it is not needed any more: the instalment is paid,
    or has another day by now."""
    if called_for is None:
        return
    rows = zip(loan.schedule, position.paid_off_on, strict=True)
    if not any(each.due_date == called_for and not paid_on for each, paid_on in rows):
        yield warning_id(loan.loan_id, called_for)


def called_for(warning: Warned | None, calls: tuple[Task, ...]) -> date | None:
    """Return the due date before which a call was just asked for."""
    return warning.due_date if warning and calls else None


def warning_id(loan_id: str, due_date: date) -> str:
    """Return the id of the call before this due date."""
    return f"{loan_id}.warning.{due_date}"
