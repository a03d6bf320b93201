"""What an entry in a register of unpaid debts asks for later: to be corrected, and to go in time.

An entry stays only while what it says is true: owed, undisputed, of this amount, not too old.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from recovery.domain.accounting.acts import Listed, ListingChange
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.judicial.legal_record import LegalRecord
from recovery.domain.judicial.rules import JudicialPack, TermRule
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.actor import Role

_DAY = timedelta(days=1)
_WHY = {
    "paid": "nothing is overdue any more: have it removed",
    "too_old": "it may not be kept much longer: have it removed",
    "held": "it may not be seen while this is disputed or the person is protected: have it removed",
    "amount": "less is overdue than it says: have the amount corrected",
}


def listed_now(
    record: LegalRecord, due: date | None, pack: JudicialPack, as_of: date
) -> tuple[Listed, ...]:
    """Return the listings that are there; ``due`` is the due date of the oldest unpaid instalment.

    An entry whose longest stay nobody knows is kept no longer than the debt is unpaid.
    """
    within, kept = (_term(pack, name, as_of) for name in ("listing.correct", "listing.kept"))
    return tuple(
        Listed(
            listing_id=each.listing_id,
            amount_minor=each.amount_minor,
            within_days=within.days if within else 0,
            delete_by=step(due or each.listing.on, MONTHLY, 12 * kept.years) if kept else None,
            disputed=each.disputed_on is not None,
        )
        for each in record.listings
        if each.removed_on is None
    )


def listing_tasks(
    listed: Iterable[Listed],
    loan: Loan,
    before: Standing | None,
    standing: Standing,
    restraints: Sequence[Restraint],
    as_of: date,
) -> Iterator[Task]:
    """Yield what has to be done about each listing, within the days that there are.

    What was wrong at ``before``, the last review, was asked for then; None: nothing was looked at.
    """
    for each in listed:
        asked = [*_wrong(each, before, restraints, before.as_of)] if before else []
        for why in _wrong(each, standing, restraints, as_of):
            if why in asked:
                continue
            do_by = as_of + each.within_days * _DAY
            yield Task(
                task_id=_task_id(loan.loan_id, each.listing_id, why),
                kind=TaskKind.LISTING,
                person_id=loan.borrower_id,
                loan_id=loan.loan_id,
                role=Role.LEGAL,
                reason=f"the entry in the register of unpaid debts: {_WHY[why]}",
                opened_on=as_of,
                do_by=max(as_of, min(do_by, each.delete_by or do_by)),
            )


def tasks_ended_by(change: ListingChange, loan_id: str) -> tuple[str, ...]:
    """Return the tasks that somebody need not do any more: none is left of an entry removed."""
    done = {"removed": tuple(_WHY), "corrected": ("amount",)}.get(change.step, ())
    return tuple(_task_id(loan_id, change.listing_id, each) for each in done)


def _task_id(loan_id: str, listing_id: str, why: str) -> str:
    return f"{loan_id}.listing.{listing_id}.{why}"


def next_dates(listed: Iterable[Listed]) -> Iterator[date]:
    """Yield the day on which each entry has to be seen to because of its age."""
    for each in listed:
        if each.delete_by is not None:
            yield each.delete_by - each.within_days * _DAY


def _wrong(
    listed: Listed, standing: Standing, restraints: Sequence[Restraint], as_of: date
) -> Iterator[str]:
    """Yield why the entry is not true any more: one reason to remove it is enough."""
    overdue = standing.overdue.principal + standing.overdue.interest
    if not overdue:
        yield "paid"
    elif listed.disputed or blocks(restraints, Block.BUREAU, as_of):
        yield "held"
    elif any(as_of >= on for on in next_dates([listed])):
        yield "too_old"
    elif overdue < listed.amount_minor:
        yield "amount"


def _term(pack: JudicialPack, name: str, on: date) -> TermRule | None:
    found = pack.in_force(lambda rules: (each for each in rules.terms if each.term == name), on)
    return next(iter(found), None)
