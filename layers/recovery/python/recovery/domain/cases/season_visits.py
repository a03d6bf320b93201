"""Keeping in touch in a long gap: somebody the borrower knows looks in at each third of it.

Who pays once a season is not heard of for months; trouble on the field shows long before the due
date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.tasks import Task, TaskKind, role_for

_TIME = timedelta(days=7)


def visit_dates(policy: TaskPolicy, loan: Loan, position: Position) -> tuple[date, ...]:
    """Return both thirds of the gap before the next unpaid instalment; () if it is not long."""
    if policy.visit_in_gaps_from_days is None:
        return ()
    before = loan.disbursed_on
    for instalment, paid in zip(loan.schedule, position.paid, strict=True):
        if paid != instalment.due:
            gap_days = (instalment.due_date - before).days
            if gap_days < policy.visit_in_gaps_from_days:
                return ()
            return tuple(before + timedelta(days=gap_days * third // 3) for third in (1, 2))
        before = instalment.due_date
    return ()


def visits_due(
    policy: TaskPolicy,
    loan: Loan,
    position: Position,
    restraints: tuple[Restraint, ...],
    last_review_on: date | None,
    as_of: date,
) -> Iterator[Task]:
    """Yield the visit of each third that has come since the last review; a call where the policy
    has no visits. None while calls are held."""
    if last_review_on is None or blocks(restraints, Block.CALLS, as_of):
        return
    kind = TaskKind.CALL if policy.visit_by_days is None else TaskKind.VISIT
    for on in visit_dates(policy, loan, position):
        if last_review_on < on <= as_of:
            yield Task(
                task_id=f"{loan.loan_id}.season.{on}",
                kind=kind,
                person_id=loan.borrower_id,
                loan_id=loan.loan_id,
                role=role_for(kind),
                officer=loan.advisor_name or None,
                reason="a long time between two payments: ask how the season goes",
                opened_on=as_of,
                do_by=as_of + _TIME,
            )
