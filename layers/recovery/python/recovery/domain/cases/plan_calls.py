"""The call that follows a breach of a payment plan: one, by a person, who offers to refit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from recovery.domain.accounting.agreed import PlanState
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.payment_plan import PlanStatus
from recovery.domain.agreements.restraints import Block, Kind, Restraint, blocks, in_force
from recovery.domain.cases.tasks import Task, TaskKind, role_for
from recovery.domain.shared.business_calendar import BusinessCalendar

_TRIES = 2
News = tuple[PlanState, PlanStatus]


def calls_after_breach(
    news: Iterable[News],
    loan: Loan,
    restraints: tuple[Restraint, ...],
    calendar: BusinessCalendar | None,
    as_of: date,
) -> Iterator[Task]:
    """Yield a call for each plan that turns out breached at ``as_of``; none while calls are held.

    Somebody in hardship is called by trained people only.
    """
    vulnerable = any(each.kind == Kind.HARDSHIP for each in in_force(restraints, as_of))
    morning = (calendar or BusinessCalendar()).roll(as_of, "following")
    for each, status in news:
        if status is not PlanStatus.BREACHED or blocks(restraints, Block.CALLS, morning):
            continue
        yield Task(
            task_id=breach_call_id(loan.loan_id, each.agreement_id),
            kind=TaskKind.CALL,
            person_id=loan.borrower_id,
            loan_id=loan.loan_id,
            role=role_for(TaskKind.CALL, vulnerable=vulnerable),
            officer=loan.advisor_name or None,
            reason=f"plan {each.agreement_id} is not kept: ask what happened, offer to refit it",
            opened_on=as_of,
            do_by=morning,
            tries_wanted=_TRIES,
            about=each.agreement_id,
        )


def breach_calls_ended(news: Iterable[News], loan: Loan) -> Iterator[str]:
    """Yield the calls that are not needed any more, as what was missing came or a new plan did."""
    for each, status in news:
        if status is not PlanStatus.BREACHED:
            yield breach_call_id(loan.loan_id, each.agreement_id)


def breach_call_id(loan_id: str, agreement_id: str) -> str:
    """Return the id of the call after a plan was breached: one for each plan."""
    return f"{loan_id}.plan.{agreement_id}"
