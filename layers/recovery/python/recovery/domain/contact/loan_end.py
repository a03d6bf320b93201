"""A loan is paid off on time: thank the person, and let the institution offer more.

The thanks are a message; whatever is worth money is offered by a person of the institution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.cases.tasks import Task, TaskKind, role_for
from recovery.domain.contact.plan import LATEST_THANKS_DAYS, Wish, owed_with_loss_minor
from recovery.domain.contact.rewards import LOAN_END_THANKS, RewardRule, earned
from recovery.domain.monitoring.delinquency import Standing

_TIME_TO_OFFER = timedelta(days=14)


def loan_end_thanks_due(
    rules: Iterable[RewardRule],
    loan: Loan,
    position: Position,
    by_others: Iterable[int],
    standing: Standing,
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
) -> Wish | None:
    """Return the wish to thank for a loan paid on time to its end, in the week after it, once."""
    thanks = [each for each in rules if each.kind == "thank_you"]
    paid_on, as_of = position.last_value_date, standing.as_of
    if not thanks or paid_on is None or owed_with_loss_minor(standing):
        return None
    until = paid_on + timedelta(days=LATEST_THANKS_DAYS)
    if LOAN_END_THANKS in asked or retry_on.get(LOAN_END_THANKS, as_of) > as_of or as_of > until:
        return None
    if not earned(thanks, loan, position, frozenset(by_others)):
        return None
    return Wish(LOAN_END_THANKS, LOAN_END_THANKS, paid_on, until)


def offers_earned(
    rules: Iterable[RewardRule],
    loan: Loan,
    position: Position,
    by_others: Iterable[int],
    before: Standing | None,
    standing: Standing,
) -> tuple[RewardRule, ...]:
    """Return what the institution may offer now that the last of the loan is paid."""
    offers = [each for each in rules if each.kind != "thank_you"]
    if not offers or before is None or before.outstanding.total == 0:
        return ()
    if owed_with_loss_minor(standing) or standing.written_off_on:
        return ()
    return earned(offers, loan, position, frozenset(by_others))


def offer_tasks(
    offers: Iterable[RewardRule],
    loan: Loan,
    restraints: Iterable[Restraint],
    as_of: date,
) -> Iterator[Task]:
    """Yield the call in which each is offered; none while calls are held."""
    if blocks(restraints, Block.CALLS, as_of):
        return
    for each in offers:
        yield Task(
            task_id=f"{loan.loan_id}.reward.{each.name}",
            kind=TaskKind.CALL,
            person_id=loan.borrower_id,
            loan_id=loan.loan_id,
            role=role_for(TaskKind.CALL),
            officer=loan.advisor_name or None,
            reason=f"paid on time to the end: thank them, and offer this {each.kind}: {each.offer}",
            opened_on=as_of,
            do_by=as_of + _TIME_TO_OFFER,
        )
