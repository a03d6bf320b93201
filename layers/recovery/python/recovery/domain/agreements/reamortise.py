"""Re-amortising: spread what is overdue over the remaining instalments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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
from recovery.domain.schedules.spreading import spread_components
from recovery.domain.shared.errors import Problem, RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reamortise:
    """Keep the dates; each remaining instalment gets an equal part of what is overdue.

    ``capitalise`` first turns overdue interest, fees and penalties into principal. ``interest``
    "recalculate" recalculates the remaining instalments' interest on the larger principal.
    """

    capitalise: bool = False
    interest: Interest = "keep"
    multiple_minor: int = 1

    @property
    def kind(self) -> str:
        return "capitalise" if self.capitalise else "reamortise"


def reamortised(
    ledger: Ledger, contract: Contract, action: Reamortise, on: date
) -> tuple[Instalment, ...]:
    """Build the new version. Raises RefusedError.

    Overdue instalments keep only what was paid on them. Follows Apache Fineract's re-amortisation;
    the tests repeat its published examples.
    """
    rows = list(zip(ledger.schedule, ledger.position.paid, strict=True))
    overdue = sum_components(each.due.less(paid) for each, paid in rows if each.due_date < on)
    coming = [
        index for index, (each, paid) in enumerate(rows) if each.due_date >= on and each.due != paid
    ]
    if not overdue.total:
        raise RefusedError(
            Problem("action", f"finds nothing overdue on {on}", "There is nothing to spread")
        )
    if not coming:
        raise RefusedError(
            Problem(
                "action", f"finds no open instalment from {on} on", "Re-age over new instalments"
            )
        )
    if action.capitalise:
        overdue = Components(principal=overdue.total)
    dues = [paid if each.due_date < on else each.due for each, paid in rows]
    shares = spread_components(overdue, len(coming), action.multiple_minor)
    for index, share in zip(coming, shares, strict=True):
        dues[index] = dues[index].plus(share)
    if action.interest == "recalculate" and contract.annual_rate_pct:
        unpaid = {index: dues[index].less(ledger.position.paid[index]) for index in coming}
        for index, due in _recalculated(ledger, contract, action, on, unpaid, overdue.interest):
            dues[index] = (
                ledger.position.paid[index]
                ._replace(fee=dues[index].fee, penalty=dues[index].penalty)
                .plus(due)
            )
    return tuple(
        Instalment(each.number, each.due_date, due)
        for (each, _), due in zip(rows, dues, strict=True)
    )


def _recalculated(
    ledger: Ledger,
    contract: Contract,
    action: Reamortise,
    on: date,
    unpaid: dict[int, Components],
    overdue_interest_minor: int,
) -> Iterator[tuple[int, Components]]:
    """Yield what each remaining instalment (by index) owes beyond what was paid: principal,
    interest on it, and a share of the overdue interest."""
    pattern = [each.principal for each in unpaid.values()]
    if not sum(pattern):
        return
    accrues_from = accrual_start(contract, on)
    level = contract.principal_pattern == "equal_instalment"
    remaining = RemainingTerms(
        principal_minor=sum(pattern),
        accrues_from=accrues_from,
        dates=[ledger.schedule[index].due_date for index in unpaid],
        rate_pct=contract.annual_rate_pct,
        pattern=None if level else pattern,
        frequency=contract.frequency,
        multiple_minor=action.multiple_minor,
    )
    late = spread_components(Components(interest=overdue_interest_minor), len(unpaid))
    ahead = without_prepaid_interest(ledger, accrues_from, recalculated(contract, remaining))
    for index, due, share in zip(unpaid, ahead, late, strict=True):
        yield index, Components(due.principal, due.interest + share.interest)
