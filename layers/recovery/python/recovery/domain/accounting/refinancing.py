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

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position

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
class Carried:
    """What a loan carries over from those it repaid: the worst days, the oldest vintage, any mark.

    ``repaid`` are the ids of these loans.
    """

    repaid: tuple[str, ...]
    days_past_due: int
    vintage_on: date
    forborne: bool = False

    @property
    def is_forborne(self) -> bool:
        """Whether the new loan is itself a concession: what it repaid was late or had the mark."""
        return self.forborne or self.days_past_due > 0


@dataclass(frozen=True, slots=True)
class Refinancing:
    """A new loan that repaid others; ``officers``, by name, may not review it."""

    loan_id: str
    carried: Carried
    officers: tuple[str, ...]


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
    carried = Carried(
        repaid=tuple(each.loan_id for each in old),
        days_past_due=max(each.days_past_due for each in old),
        vintage_on=min(each.vintage_on for each in old),
        forborne=any(each.forborne for each in old),
    )
    return Refinancing(new.loan_id, carried, tuple(sorted(each for each in officers if each)))


def repaid_loan(
    loan: Loan,
    position: Position,
    *,
    carried: Carried | None = None,
    forborne: bool = False,
    within_days: int = REFINANCED_WITHIN_DAYS,
) -> RepaidLoan | None:
    """Return the loan as one that was paid off; None while anything is owed on it.

    Its days past due are the worst at which an instalment was paid off in the last ``within_days``:
    what is paid just before the new loan does not make the old one a good one.
    """
    paid = list(zip(loan.schedule, position.paid, position.paid_off_on, strict=True))
    if any(instalment.due != of_it for instalment, of_it, _ in paid):
        return None
    ended = [(instalment.due_date, on) for instalment, _, on in paid if on]
    paid_off_on = max((on for _, on in ended), default=position.last_value_date)
    if paid_off_on is None:
        return None
    days = ((on - due).days for due, on in ended if (paid_off_on - on).days <= within_days)
    return RepaidLoan(
        loan_id=loan.loan_id,
        borrower_id=loan.borrower_id,
        paid_off_on=paid_off_on,
        last_due_date=max(each.due_date for each in loan.schedule),
        days_past_due=max(0, *days, 0),
        vintage_on=carried.vintage_on if carried else loan.disbursed_on,
        forborne=forborne or (carried is not None and carried.is_forborne),
        officer=loan.advisor_name,
    )


def _repays(old: RepaidLoan, new: NewLoan, within_days: int) -> bool:
    return (
        old.loan_id != new.loan_id
        and old.borrower_id == new.borrower_id
        and abs((new.disbursed_on - old.paid_off_on).days) <= within_days
        and old.vintage_on < new.disbursed_on
        and (old.paid_off_on < old.last_due_date or old.days_past_due > 0 or old.forborne)
    )
