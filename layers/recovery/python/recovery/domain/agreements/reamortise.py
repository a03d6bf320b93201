"""Re-amortising: what is overdue is spread over the instalments still to come."""

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
    less_paid_ahead,
    recalculated,
)
from recovery.domain.schedules.contract import Contract
from recovery.domain.schedules.spreading import spread_components
from recovery.domain.shared.errors import Problem, RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reamortise:
    """Dates stay; each coming instalment gets an equal part of what is overdue.

    With ``capitalise`` overdue interest, fees and penalties become principal first. ``interest``
    "recalculate" recalculates the interest of the coming instalments on the larger principal.
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
    """The new version: overdue instalments ask for what was paid on them. Raises RefusedError.

    As Apache Fineract's re-amortisation, whose published examples the tests repeat.
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
                "action", f"finds no instalment to come after {on}", "Re-age over new instalments"
            )
        )
    if action.capitalise:
        overdue = Components(principal=overdue.total)
    asked = [paid if each.due_date < on else each.due for each, paid in rows]
    shares = spread_components(overdue, len(coming), action.multiple_minor)
    for index, share in zip(coming, shares, strict=True):
        asked[index] = asked[index].plus(share)
    if action.interest == "recalculate" and contract.annual_rate_pct:
        unpaid = {index: asked[index].less(ledger.position.paid[index]) for index in coming}
        for index, due in _recalculated(ledger, contract, action, on, unpaid, overdue.interest):
            asked[index] = (
                ledger.position.paid[index]
                ._replace(fee=asked[index].fee, penalty=asked[index].penalty)
                .plus(due)
            )
    return tuple(
        Instalment(each.number, each.due_date, due)
        for (each, _), due in zip(rows, asked, strict=True)
    )


def _recalculated(
    ledger: Ledger,
    contract: Contract,
    action: Reamortise,
    on: date,
    unpaid: dict[int, Components],
    overdue_interest_minor: int,
) -> Iterator[tuple[int, Components]]:
    """Principal and interest that each coming instalment (by index) gets on top of what was paid:
    interest on the larger principal, beside the overdue interest."""
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
    ahead = less_paid_ahead(ledger, accrues_from, recalculated(contract, remaining))
    for index, due, share in zip(unpaid, ahead, late, strict=True):
        yield index, Components(due.principal, due.interest + share.interest)
