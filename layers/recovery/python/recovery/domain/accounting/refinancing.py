"""Refinancing: a loan that ends because the same person got a new one.

Repaying trouble with a new loan would hide it, so the new loan carries over the days past due, the
vintage and the forbearance mark of what it repaid, and somebody other than its officer reviews it.
A loan that ran to its end on schedule, never late and without a mark, leaves nothing to carry: the
next one is an ordinary renewal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

REFINANCED_WITHIN_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaidLoan:
    """A loan paid off on ``paid_off_on``.

    ``days_past_due`` is as it was before the money that paid it off; ``last_due_date`` is that of
    its last instalment. ``vintage_on`` is when it, or what it carries over, was first disbursed.
    """

    loan_id: str
    borrower_id: str
    paid_off_on: date
    last_due_date: date
    days_past_due: int
    vintage_on: date
    forborne: bool = False
    officer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLoan:
    """A loan just granted; ``officer`` is who granted it."""

    loan_id: str
    borrower_id: str
    disbursed_on: date
    officer: str | None = None


@dataclass(frozen=True, slots=True)
class Refinancing:
    """What a new loan carries over from those it repaid: the worst days, the oldest vintage, any
    mark. ``officers`` may not review it."""

    new: str
    old: tuple[str, ...]
    days_past_due: int
    vintage_on: date
    forborne: bool
    officers: frozenset[str]


def find_refinancing(
    repaid: Iterable[RepaidLoan], new: NewLoan, *, within_days: int = REFINANCED_WITHIN_DAYS
) -> Refinancing | None:
    """Return what ``new`` carries over; None if it repaid none of these loans.

    It counts as repaying an older loan of the same person that was paid off at most
    ``within_days`` before or after its disbursement, in whatever currency, unless that loan leaves
    nothing to carry.
    """
    old = sorted(
        (each for each in repaid if _repays(each, new, within_days)), key=lambda each: each.loan_id
    )
    if not old:
        return None
    officers = {new.officer, *(each.officer for each in old)}
    return Refinancing(
        new=new.loan_id,
        old=tuple(each.loan_id for each in old),
        days_past_due=max(each.days_past_due for each in old),
        vintage_on=min(each.vintage_on for each in old),
        forborne=any(each.forborne for each in old),
        officers=frozenset(each for each in officers if each),
    )


def _repays(old: RepaidLoan, new: NewLoan, within_days: int) -> bool:
    return (
        old.loan_id != new.loan_id
        and old.borrower_id == new.borrower_id
        and abs((new.disbursed_on - old.paid_off_on).days) <= within_days
        and old.vintage_on < new.disbursed_on
        and (old.paid_off_on < old.last_due_date or old.days_past_due > 0 or old.forborne)
    )
