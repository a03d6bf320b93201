"""The apology owed to a borrower who was chased while the money was on another loan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Block
from recovery.domain.contact.borrower import Told
from recovery.domain.contact.choose import purpose_of
from recovery.domain.contact.plan import APOLOGY, Wish, kind_word

_DEMANDS = (Block.ARREARS, Block.NOTICES)


def apology_for(
    told: Iterable[Told],
    value_date: date,
    before: tuple[tuple[Instalment, ...], Position],
    after: tuple[tuple[Instalment, ...], Position],
    as_of: date,
) -> Wish | None:
    """Return the wish to apologise, if a demand was wrong because this payment was elsewhere.

    ``before`` and ``after`` are schedule and position without and with the payment, which was
    received on ``value_date``. A demand was wrong if what it was about had been paid by the day it
    was sent, and only with this payment. Nobody is told twice about the same demand.
    """
    said = list(told)
    apologised_on = max((each.on for each in said if each.kind == APOLOGY), default=date.min)
    wrong = any(
        purpose_of(each.kind) in _DEMANDS
        and each.on >= value_date
        and each.on > apologised_on
        and _was_paid(each, *after)
        and not _was_paid(each, *before)
        for each in said
    )
    return kind_word(APOLOGY, as_of) if wrong else None


def _was_paid(demand: Told, schedule: tuple[Instalment, ...], position: Position) -> bool:
    """Whether everything due up to what the demand was about was paid off when it was sent."""
    return all(
        paid_off_on is not None and paid_off_on <= demand.on
        for instalment, paid_off_on in zip(schedule, position.paid_off_on, strict=True)
        if instalment.due_date <= demand.due_date and instalment.due.total
    )
