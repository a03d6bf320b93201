"""Recalculate interest on the unpaid principal, by the contract's own method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.loan import Components
from recovery.domain.schedules.building import build_over
from recovery.domain.schedules.contract import Contract
from recovery.domain.schedules.day_count import year_fraction
from recovery.domain.schedules.due_dates import Frequency, step
from recovery.domain.schedules.interest_periods import Period, regular_years
from recovery.domain.schedules.spreading import spread_equally
from recovery.domain.schedules.terms import Terms
from recovery.domain.shared.errors import Problem, RefusedError

Interest = Literal["keep", "recalculate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemainingTerms:
    """What the remaining instalments are built from; all amounts in minor units.

    principal_minor: still unpaid, accruing interest from ``accrues_from``.
    flat_on_minor: what flat interest is charged on throughout; None: on that principal.
    pattern: the principal that each date carries; None makes all instalments alike.
    frequency: the step between the dates, if there is one.
    """

    principal_minor: int
    accrues_from: date
    dates: Sequence[date]
    rate_pct: Decimal
    flat_on_minor: int | None = None
    pattern: Sequence[int] | None = None
    grace_principal: int = 0
    grace_interest: int = 0
    frequency: Frequency | None = None
    multiple_minor: int = 1


def recalculated(contract: Contract, remaining: RemainingTerms) -> list[Components]:
    """Principal and recalculated interest for each remaining date. Raises RefusedError."""
    principal_minor, pattern = remaining.principal_minor, remaining.pattern
    accrues_from, dates = remaining.accrues_from, remaining.dates
    multiple_minor, grace_principal = remaining.multiple_minor, remaining.grace_principal
    if dates[0] <= accrues_from:
        raise RefusedError(
            Problem(
                "action",
                f"makes {dates[0]} a due date, when interest has been counted up to {accrues_from}",
                "Start after that date",
            ),
        )
    flat = contract.interest_method == "flat"
    if flat and pattern is None:
        payable = len(dates) - grace_principal
        pattern = (0,) * grace_principal + spread_equally(principal_minor, payable, multiple_minor)
    terms = Terms(
        principal_minor=(remaining.flat_on_minor or principal_minor) if flat else principal_minor,
        annual_rate_pct=remaining.rate_pct,
        disbursed_on=accrues_from,
        instalments=len(dates),
        interest_method=contract.interest_method,
        amortisation="equal_principal" if pattern is not None else "equal_instalment",
        principal_shares=tuple(pattern) if pattern is not None and not flat else None,
        grace_principal=grace_principal if pattern is None else 0,
        grace_interest=remaining.grace_interest,
        multiple_minor=multiple_minor if pattern is None else 1,
    )
    periods = _periods(contract, accrues_from, dates, remaining.frequency)
    built = [each.due for each in build_over(terms, periods)]
    if not flat or pattern is None:
        return built
    return [due._replace(principal=part) for due, part in zip(built, pattern, strict=True)]


def _periods(
    contract: Contract, accrues_from: date, dates: Sequence[date], frequency: Frequency | None
) -> list[Period]:
    """Regular periods are plain parts of a year where the contract counts so; the first one may be
    several steps long, or by day count."""
    periods: list[Period] = []
    by_step = contract.interest_period == "period" and frequency is not None
    for start, end in pairwise((accrues_from, *dates)):
        steps = 0
        if by_step and frequency:
            steps = 1 if periods else _steps(contract, start, end, frequency)
        if frequency and steps:
            periods.append(Period(end, steps * regular_years(frequency)))
        else:
            periods.append(Period(end, year_fraction(start, end, contract.day_count or "30/360")))
    return periods


def _steps(contract: Contract, start: date, end: date, frequency: Frequency) -> int:
    """How many whole steps there are: as agreed between two due dates, or by the calendar; or 0."""
    ends = list(contract.period_ends)
    if frequency == contract.frequency and start in ends and end in ends:
        return ends.index(end) - ends.index(start)
    for count in range(1, 121):
        for end_of_month in (False, True):
            reached = step(start, frequency, count, end_of_month=end_of_month)
            if reached == end:
                return count
        if reached > end:
            break
    return 0


def accrual_start(contract: Contract, until: date) -> date:
    """The last due date up to ``until``, from which interest has not been counted; else the day of
    disbursement. Raises RefusedError if neither is known."""
    start = max((day for day in contract.period_ends if day <= until), default=None)
    start = start or contract.disbursed_on
    if start is None:
        raise RefusedError(
            Problem("loan.disbursed_on", "is missing", "Interest counts from it: give the date")
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
