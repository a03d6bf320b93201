"""The call that follows a missed promise: by a person, the next working morning, twice at different
hours; never a harder text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.said import PromiseState
from recovery.domain.agreements.promise import FULFILLED, MISSED, PromiseOutcome
from recovery.domain.agreements.restraints import Block, Kind, Restraint, blocks, in_force
from recovery.domain.cases.tasks import Task, TaskKind, role_for
from recovery.domain.shared.business_calendar import BusinessCalendar

_TRIES = 2
Judged = tuple[PromiseState, PromiseOutcome]


def calls_after(
    news: Iterable[Judged],
    loan: Loan,
    restraints: tuple[Restraint, ...],
    calendar: BusinessCalendar | None,
    as_of: date,
) -> Iterator[Task]:
    """Yield a call for each promise that turns out missed at ``as_of``; none while calls are held.

    Somebody in hardship is called by trained people only.
    """
    vulnerable = any(each.kind == Kind.HARDSHIP for each in in_force(restraints, as_of))
    morning = (calendar or BusinessCalendar()).roll(as_of, "following")
    for each, became in news:
        if became not in MISSED or blocks(restraints, Block.CALLS, morning):
            continue
        came = "in part" if became is PromiseOutcome.PARTLY_KEPT else "not at all"
        yield Task(
            task_id=call_id(loan.loan_id, each.promise_id),
            kind=TaskKind.CALL,
            person_id=loan.borrower_id,
            loan_id=loan.loan_id,
            role=role_for(TaskKind.CALL, vulnerable=vulnerable),
            officer=loan.advisor_name or None,
            reason=f"what was promised for {each.promise.pay_on} came {came}: ask what happened",
            opened_on=as_of,
            do_by=morning,
            tries_wanted=_TRIES,
            about=each.promise_id,
        )


def calls_ended(news: Iterable[Judged], loan: Loan) -> Iterator[str]:
    """Yield the calls that are not needed after all, as a payment was posted late."""
    for each, became in news:
        if became in FULFILLED:
            yield call_id(loan.loan_id, each.promise_id)


def call_id(loan_id: str, promise_id: str) -> str:
    """Return the id of the call after a missed promise: one for each."""
    return f"{loan_id}.promise.{promise_id}"
