"""The task to find out why a schedule made here is not in the core banking system yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.core_booking import booking_due_on
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.shared.actor import Role
from recovery.domain.shared.business_calendar import BusinessCalendar


def bookings_due(
    loan: Loan,
    unbooked_since: date | None,
    within_days: int | None,
    calendar: BusinessCalendar | None,
    reviewed_on: date | None,
    as_of: date,
    *,
    has_news: bool,
) -> Iterator[Task]:
    """Yield the task once, at the first review from its day on, or after ``has_news``: a
    confirmation may have been undone."""
    due_on = booking_due_on(unbooked_since, within_days)
    if due_on is None or due_on > as_of:
        return
    if reviewed_on is not None and due_on <= reviewed_on and not has_news:
        return
    yield Task(
        task_id=booking_task_id(loan.loan_id, loan.schedule_version),
        kind=TaskKind.BOOK_IN_CORE,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.SUPERVISOR,
        reason=(
            f"schedule version {loan.schedule_version} of {unbooked_since} is not confirmed by the"
            " core banking system: book it there, or find out why not"
        ),
        opened_on=as_of,
        do_by=(calendar or BusinessCalendar()).roll(as_of, "following"),
        about=f"{loan.schedule_version}",
    )


def booking_task_id(loan_id: str, version: int) -> str:
    """Return the id of the task: one for each version."""
    return f"{loan_id}.book.{version}"
