"""A household's money month by month: what comes in, what living takes, what debts take.

What is told and not proven counts neither as zero nor as proven, so every figure has two ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.domain.agreements.capacity_rules import CapacityTerms
from recovery.domain.agreements.household import (
    MONTHS,
    Household,
    Months,
    Range,
    month_by_month,
    steady,
)


@dataclass(frozen=True, slots=True)
class FoundDebt:
    """A month's instalments that the person did not tell of, and where they were found: bureau, or
    our own books with the loan's id."""

    origin: str
    amount_minor: int
    loan_id: str = ""


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Twelve calendar months, January first, in minor units.

    ``living`` is None while nobody knows what life costs. ``elsewhere`` are debts with others, with
    guarantees given: called ones at both ends, others at the careful end alone, as they may be
    called. ``own`` are our own loans.
    """

    income: tuple[Range, ...]
    living: Months | None
    elsewhere: tuple[Range, ...]
    own: Months
    found: tuple[FoundDebt, ...]

    def before_own(self, *, proven: bool) -> Months:
        """Return what is left each month before our own loans; negative where it is not enough.

        While nobody knows what life costs, the careful end has nothing left.
        """
        if proven and self.living is None:
            return tuple(min(0, -debts.proven) for debts in self.elsewhere)
        living = self.living or steady(0)
        rows = zip(self.income, living, self.elsewhere, strict=True)
        if proven:
            return tuple(income.proven - cost - debts.proven for income, cost, debts in rows)
        return tuple(income.believed - cost - debts.believed for income, cost, debts in rows)

    def average_income(self, *, proven: bool) -> int:
        """Return a month's income over the year, rounded down."""
        return sum(each.proven if proven else each.believed for each in self.income) // MONTHS

    def average_elsewhere(self, *, proven: bool) -> int:
        """Return a month's instalments to others over the year, rounded up."""
        total_minor = sum(each.proven if proven else each.believed for each in self.elsewhere)
        return -(-total_minor // MONTHS)

    @property
    def average_own(self) -> int:
        """A month's instalments on our own loans over the year, rounded up."""
        return -(-sum(self.own) // MONTHS)


def cash_flow(household: Household, terms: CapacityTerms) -> CashFlow:
    """Lay out the household's money for a year."""
    return CashFlow(
        income=tuple(_income(household, terms)),
        living=_living(household, terms),
        elsewhere=tuple(_elsewhere(household)),
        own=month_by_month(each.by_month for each in household.own_loans),
        found=tuple(_found(household)),
    )


def _income(household: Household, terms: CapacityTerms) -> Iterator[Range]:
    lines = [(each.by_month, each.evidence in terms.proven) for each in household.incomes]
    lines += [(e.result_by_month, e.evidence in terms.proven) for e in household.businesses]
    for month in range(MONTHS):
        # A loss is not income that still has to be proven: it counts at both ends.
        proven = sum(months[month] for months, ok in lines if ok or months[month] < 0)
        yield Range(proven, sum(months[month] for months, _ in lines))


def _living(household: Household, terms: CapacityTerms) -> Months | None:
    expenses, floor_minor = household.expenses_by_month, terms.living_minor
    if expenses is None:
        return None if floor_minor is None else steady(floor_minor)
    return tuple(max(each, floor_minor or 0) for each in expenses)


def _elsewhere(household: Household) -> Iterator[Range]:
    declared = month_by_month(each.by_month for each in household.debts if not each.with_us)
    at_bureau = _at_bureau(household)
    certain = sum(each.instalments_minor for each in household.guarantees if each.called)
    possible = sum(each.instalments_minor for each in household.guarantees if not each.called)
    for told, listed in zip(declared, at_bureau, strict=True):
        owed = max(told, listed) + certain  # the bureau lists what was told too
        yield Range(owed + possible, owed)


def _at_bureau(household: Household) -> Months:
    """Return the debts with others that the bureau knows of."""
    if household.bureau is None:
        return steady(0)
    listed = household.bureau.instalments_minor
    if not household.bureau.includes_ours:
        return steady(listed)
    own = month_by_month(each.by_month for each in household.own_loans)
    return tuple(max(listed - each, 0) for each in own)


def _found(household: Household) -> Iterator[FoundDebt]:
    """Yield what the person did not tell of, as the largest amount of any month."""
    told = month_by_month(each.by_month for each in household.debts if not each.with_us)
    listed = _at_bureau(household)
    missing = max(there - here for there, here in zip(listed, told, strict=True))
    if missing > 0:
        yield FoundDebt("bureau", missing)
    told_of_ours = max(month_by_month(e.by_month for e in household.debts if e.with_us))
    for loan in household.own_loans:
        covered = min(told_of_ours, max(loan.by_month))
        told_of_ours -= covered
        if max(loan.by_month) > covered:
            yield FoundDebt("own_books", max(loan.by_month) - covered, loan.loan_id)
