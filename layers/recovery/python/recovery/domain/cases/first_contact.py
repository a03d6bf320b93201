"""First contact: a person whom the borrower knows calls soon after something becomes overdue.

Early, personal contact helps more than any letter. It is sought once in arrears, from the day on
which the case is in early management until nothing is overdue, and never while calls are held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.tasks import Task, TaskKind, TaskOutcome, role_for
from recovery.domain.monitoring.delinquency import Standing, past_due_on

_IN_VAIN = (TaskOutcome.NO_ANSWER, TaskOutcome.WRONG_NUMBER)


@dataclass(frozen=True, slots=True)
class FirstContact:
    """What a review decides. ``since`` is the due date for which contact is sought, None if it is
    not; it is kept with the loan's state."""

    since: date | None
    tasks: tuple[Task, ...] = ()
    ends_tasks: tuple[str, ...] = ()


def first_contact(
    policy: TaskPolicy,
    loan: Loan,
    since: date | None,
    standing: Standing,
    case: CaseState | None,
    restraints: tuple[Restraint, ...],
    *,
    rests: bool,
) -> FirstContact:
    """Open the call, let it lapse, or leave it as it is.

    ``since`` is what the last review decided, ``standing`` the collectible one: nobody is called
    about what they dispute. ``rests``: nobody is contacted about the loan.
    """
    late_since = None if rests else standing.oldest_due_date
    if late_since is None or blocks(restraints, Block.CALLS, standing.as_of):
        return FirstContact(None, ends_tasks=_ids(loan.loan_id, since) if since else ())
    if since or not case or case.target_stage is not Stage.EARLY_MANAGEMENT:
        return FirstContact(since)
    if policy.first_contact_by_days is None:
        return FirstContact(None)
    by = past_due_on(standing, policy.first_contact_by_days)
    call = Task(  # kept small, as it waits in the loan's state until it is opened
        task_id=_ids(loan.loan_id, late_since)[0],
        kind=TaskKind.CALL,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=role_for(TaskKind.CALL),
        officer=loan.advisor_name or None,
        reason=f"overdue since {late_since}: first contact",
        opened_on=standing.as_of,
        do_by=max(standing.as_of, by or standing.as_of),
        tries_wanted=policy.first_contact_tries,
    )
    return FirstContact(late_since, (call,))


def visit_after(
    call: Task, policy: TaskPolicy, restraints: tuple[Restraint, ...], as_of: date
) -> Task | None:
    """Return the visit that follows a first call in vain, where the policy has visits; None if none
    does. It lapses with the call's reason."""
    since = _since(call)
    is_held = blocks(restraints, Block.CALLS, as_of)
    if policy.visit_by_days is None or call.outcome not in _IN_VAIN or not since or is_held:
        return None
    found = "the number is wrong" if call.outcome == TaskOutcome.WRONG_NUMBER else "no answer"
    return Task(
        task_id=f"{call.loan_id}.visit.{since}",
        kind=TaskKind.VISIT,
        person_id=call.person_id,
        loan_id=call.loan_id,
        role=call.role,
        officer=call.officer,
        not_by=call.not_by,
        reason=f"overdue since {since}, and called in vain: {found}",
        opened_on=as_of,
        do_by=max(as_of, since + timedelta(days=policy.visit_by_days)),
    )


def _since(call: Task) -> date | None:
    """Return the due date that a first call is about; None for any other task."""
    on = call.task_id.removeprefix(f"{call.loan_id}.call.")
    if call.kind != TaskKind.CALL or on == call.task_id:
        return None
    return date.fromisoformat(on)


def _ids(loan_id: str, since: date) -> tuple[str, str]:
    """Return the ids of call and visit: once each in arrears."""
    return f"{loan_id}.call.{since}", f"{loan_id}.visit.{since}"
