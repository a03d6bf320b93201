"""Interest reckoned anew on what is still owed, as the contract reckons it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from recovery.domain.contract import Contract
from recovery.domain.due_dates import MONTHLY, Frequency, step
from recovery.domain.errors import RefusedError
from recovery.domain.ledger import Ledger
from recovery.domain.loan import Components, Instalment
from recovery.domain.schedule_building import build_schedule
from recovery.domain.schedule_terms import Terms
from recovery.domain.spreading import spread_equally

Interest = Literal["keep", "recalculate"]


def built_anew(
    contract: Contract,
    *,
    principal_minor: int,
    accrues_from: date,
    dates: Sequence[date],
    rate_pct: Decimal,
    pattern: Sequence[int] | None = None,
    grace_principal: int = 0,
    grace_interest: int = 0,
    frequency: Frequency | None = None,
    multiple_minor: int = 1,
) -> list[Components]:
    """Principal and interest for each date. Flat interest is on the loan's whole principal, as it
    was; else it is on the principal still owed from ``accrues_from`` on.

    ``pattern`` is what each date carries of the principal; None makes all instalments alike. Raises
    RefusedError.
    """
    if dates[0] <= accrues_from:
        raise RefusedError(
            "action",
            f"makes {dates[0]} a due date, when interest has been counted up to {accrues_from}",
            "Start after that date",
        )
    flat = contract.interest_method == "flat"
    if flat and pattern is None:
        payable = len(dates) - grace_principal
        pattern = (0,) * grace_principal + spread_equally(principal_minor, payable, multiple_minor)
    regular = frequency is not None and list(dates) == [
        step(dates[0], frequency, n) for n in range(len(dates))
    ]
    declining_pattern = tuple(pattern) if pattern is not None and not flat else None
    terms = Terms(
        principal_minor=contract.principal_minor if flat else principal_minor,
        annual_rate_pct=rate_pct,
        disbursed_on=accrues_from,
        instalments=len(dates),
        frequency=frequency or MONTHLY,
        first_due_date=dates[0] if regular else None,
        due_dates=None if regular else tuple(dates),
        interest_method=contract.interest_method,
        amortisation="equal_principal" if pattern is not None else "equal_instalment",
        principal_shares=declining_pattern,
        day_count=contract.day_count or "30/360",
        interest_period="period" if contract.day_count in (None, "30/360") else "daily",
        grace_principal=grace_principal if pattern is None else 0,
        grace_interest=grace_interest,
        multiple_minor=multiple_minor if pattern is None else 1,
    )
    built = [each.due for each in build_schedule(terms)]
    if not flat or pattern is None:
        return built
    return [due._replace(principal=part) for due, part in zip(built, pattern, strict=True)]


def accrual_start(schedule: Sequence[Instalment], contract: Contract, until: date) -> date:
    """The last due date up to ``until``, from which interest has not been counted; else the day of
    disbursement. Raises RefusedError if neither is known."""
    passed = [each.due_date for each in schedule if each.due_date <= until]
    start = max(passed, default=contract.disbursed_on)
    if start is None:
        raise RefusedError(
            "loan.disbursed_on", "is missing", "Interest counts from it: give the date"
        )
    return start


def less_paid_ahead(
    ledger: Ledger, after: date, built: Sequence[Components]
) -> Iterator[Components]:
    """The components, without the interest that was already paid on instalments due later than
    ``after``: nobody pays interest for the same days twice."""
    rows = zip(ledger.schedule, ledger.position.paid, strict=True)
    paid_ahead = sum(paid.interest for each, paid in rows if each.due_date > after)
    for due in built:
        less = min(paid_ahead, due.interest)
        paid_ahead -= less
        yield due._replace(interest=due.interest - less)
