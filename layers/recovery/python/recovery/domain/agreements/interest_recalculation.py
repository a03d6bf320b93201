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
from recovery.domain.schedules.building import build_from_periods
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
    """What to build the remaining instalments from; all amounts in minor units.

    principal_minor: unpaid principal, accruing interest from ``accrues_from``.
    flat_on_minor: what flat interest is charged on throughout; None: ``principal_minor``.
    pattern: principal due on each date; None makes all instalments equal.
    frequency: the step between dates, if there is one.
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
    """Return principal and new interest for each remaining date. Raises RefusedError."""
    principal_minor, pattern = remaining.principal_minor, remaining.pattern
    accrues_from, dates = remaining.accrues_from, remaining.dates
    multiple_minor, grace_principal = remaining.multiple_minor, remaining.grace_principal
    if dates[0] <= accrues_from:
        raise RefusedError(
            Problem(
                "action",
                f"makes {dates[0]} a due date, but interest is charged up to {accrues_from}",
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
    built = [each.due for each in build_from_periods(terms, periods)]
    if not flat or pattern is None:
        return built
    return [due._replace(principal=part) for due, part in zip(built, pattern, strict=True)]


def _periods(
    contract: Contract, accrues_from: date, dates: Sequence[date], frequency: Frequency | None
) -> list[Period]:
    """Count regular periods as fractions of a year if the contract does, else by days; the first
    may span several steps."""
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
    """Count the whole steps between two dates, as agreed or by the calendar; 0 if none fit."""
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
    """Return the last due date up to ``until``, or else the disbursement date: interest accrues
    from there. Raises RefusedError if neither is known."""
    start = max((day for day in contract.period_ends if day <= until), default=None)
    start = start or contract.disbursed_on
    if start is None:
        raise RefusedError(
            Problem(
                "loan.disbursed_on",
                "is missing",
                "Give the date: interest accrues from it",
                "missing",
            )
        )
    return start


def without_prepaid_interest(
    ledger: Ledger, after: date, built: Sequence[Components]
) -> Iterator[Components]:
    """Deduct interest already paid on instalments due after ``after``, so that no day is charged
    twice."""
    rows = zip(ledger.schedule, ledger.position.paid, strict=True)
    paid_ahead = sum(paid.interest for each, paid in rows if each.due_date > after)
    for due in built:
        less = min(paid_ahead, due.interest)
        paid_ahead -= less
        yield due._replace(interest=due.interest - less)
