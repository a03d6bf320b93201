"""The tasks that a step in court brings, or that it ends."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.acts import Suit, SuitEnd
from recovery.domain.accounting.court_steps import CourtStep
from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.cases.court_tasks import court_task_id, day_of_court, filed_elsewhere
from recovery.domain.judicial.proceedings import ToDo, proceedings_of
from recovery.ports.accounting import LoanChange


def with_court_tasks(change: LoanChange, record: FactRecord, recorded: Recorded) -> LoanChange:
    """Add the task to keep each day that waits since this fact, and end those that do no more."""
    fact = record.fact
    if isinstance(fact, Suit) and fact.told_by:
        looks = filed_elsewhere(change.loan, record.fact_id, record.known_on)
        outbox = replace(change.outbox, tasks=(*change.outbox.tasks, looks))
        return replace(change, outbox=outbox)
    if not isinstance(fact, CourtStep | SuitEnd | Undo):
        return change
    before = _waiting(recorded)
    after = _waiting(recorded.with_fact(record))
    loan, outbox = change.loan, change.outbox
    tasks = [
        day_of_court(loan, step_id, each.what, each.by_on, each.answered_by, record.known_on)
        for step_id, each in after.items()
        if step_id not in before
    ]
    ends = [court_task_id(loan.loan_id, each) for each in before if each not in after]
    if not tasks and not ends:
        return change
    outbox = replace(outbox, tasks=(*outbox.tasks, *tasks), ends_tasks=(*outbox.ends_tasks, *ends))
    return replace(change, outbox=outbox)


def _waiting(recorded: Recorded) -> dict[str, ToDo]:
    suits = proceedings_of(recorded.counting())
    return {each.step_id: each for suit in suits for each in suit.waits()}
