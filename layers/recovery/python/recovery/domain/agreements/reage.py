"""Re-ageing: spread everything unpaid over new instalments, so the loan is current again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.loan import Components, Instalment, sum_components
from recovery.domain.agreements.interest_recalculation import (
    Interest,
    RemainingTerms,
    accrual_start,
    recalculated,
    without_prepaid_interest,
)
from recovery.domain.schedules.contract import Contract
from recovery.domain.schedules.due_dates import Frequency, due_dates
from recovery.domain.schedules.spreading import spread_components, spread_equally
from recovery.domain.shared.errors import Problem, RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reage:
    """New instalments from ``start``, all equal but the last, which absorbs the remainder.

    ``interest`` "keep" spreads the scheduled interest and adds none; "recalculate" drops interest
    not yet due and calculates it on what is owed.
    """

    kind: ClassVar[str] = "reage"
    start: date
    frequency: Frequency
    instalments: int
    interest: Interest = "keep"
    multiple_minor: int = 1


def reaged(ledger: Ledger, contract: Contract, action: Reage, on: date) -> tuple[Instalment, ...]:
    """Build the new version. Raises RefusedError.

    Instalments already due or partly paid keep only what was paid on them; untouched future ones
    are dropped. Follows Apache Fineract's re-age transaction; the tests repeat its published
    examples.
    """
    if action.start < on:
        raise RefusedError(
            Problem("action.start", f"is before {on}", "Start on that date or later")
        )
    rows = list(zip(ledger.schedule, ledger.position.paid, strict=True))
    unpaid = sum_components(each.due.less(paid) for each, paid in rows)
    if not unpaid.total:
        raise RefusedError(Problem("loan", "owes nothing", "There is nothing to restructure"))
    kept = [
        Instalment(each.number, each.due_date, paid)
        for each, paid in rows
        if each.due_date < on or any(paid)
    ]
    number = max(each.number for each in ledger.schedule)
    dates = due_dates(action.start, action.frequency, action.instalments)
    if action.interest == "recalculate" and contract.annual_rate_pct and unpaid.principal:
        spread = _with_recalculated_interest(ledger, contract, action, on, unpaid, dates)
    else:
        spread = spread_components(unpaid, action.instalments, action.multiple_minor)
    new = [
        Instalment(number + index, due_date, due)
        for index, (due_date, due) in enumerate(zip(dates, spread, strict=True), start=1)
    ]
    return tuple(sorted((*kept, *new), key=lambda each: (each.due_date, each.number)))


def _with_recalculated_interest(
    ledger: Ledger,
    contract: Contract,
    action: Reage,
    on: date,
    unpaid: Components,
    dates: tuple[date, ...],
) -> list[Components]:
    """Spread fees, penalties and interest up to the last due date; recalculate from there."""
    accrues_from = accrual_start(contract, on)
    rows = zip(ledger.schedule, ledger.position.paid, strict=True)
    counted_minor = sum(
        each.due.interest - paid.interest for each, paid in rows if each.due_date <= accrues_from
    )
    counted = unpaid._replace(principal=0, interest=counted_minor)
    equal_principal = contract.principal_pattern == "equal_principal"
    remaining = RemainingTerms(
        principal_minor=unpaid.principal,
        accrues_from=accrues_from,
        dates=dates,
        rate_pct=contract.annual_rate_pct,
        pattern=spread_equally(unpaid.principal, len(dates), action.multiple_minor)
        if equal_principal
        else None,
        frequency=action.frequency,
        multiple_minor=action.multiple_minor,
    )
    spread = spread_components(counted, action.instalments)
    ahead = without_prepaid_interest(ledger, accrues_from, recalculated(contract, remaining))
    return [due.plus(share) for due, share in zip(ahead, spread, strict=True)]
