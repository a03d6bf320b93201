"""Infer the contract behind a schedule where it is not given: frequency, interest, principal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal, get_args

from recovery.domain.accounting.history import History, ScheduleVersion
from recovery.domain.accounting.loan import Instalment
from recovery.domain.schedules.day_count import DayCount, year_fraction
from recovery.domain.schedules.due_dates import Frequency, step
from recovery.domain.schedules.terms import InterestMethod, InterestPeriod, Terms

PrincipalPattern = Literal["equal_instalment", "equal_principal", "as_scheduled"]
_DAY_COUNTS: tuple[DayCount, ...] = get_args(DayCount)


@dataclass(frozen=True, slots=True)
class Contract:
    """What a loan's instalments do not state; None: unknown, or no single value fits."""

    principal_minor: int
    annual_rate_pct: Decimal
    disbursed_on: date | None
    frequency: Frequency | None
    interest_method: InterestMethod
    principal_pattern: PrincipalPattern
    day_count: DayCount | None
    interest_period: InterestPeriod
    period_ends: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class LoanAccount:
    """A loan and its full history; ``schedule`` is the first version."""

    currency: str
    schedule: tuple[Instalment, ...]
    history: History
    contract: Contract

    @property
    def first_year(self) -> int:
        """The year of the first due date."""
        return min(each.due_date for each in self.schedule).year


def contract_of(
    schedule: Sequence[Instalment],
    annual_rate_pct: Decimal = Decimal(0),
    disbursed_on: date | None = None,
    terms: Terms | None = None,
) -> Contract:
    """Return the contract behind the original schedule, preferring its terms where given.

    ``period_ends`` are the due dates at which interest periods end.
    """
    day_count = day_count_of(schedule, annual_rate_pct, disbursed_on)
    inferred = Contract(
        principal_minor=sum(each.due.principal for each in schedule),
        annual_rate_pct=annual_rate_pct,
        disbursed_on=disbursed_on,
        frequency=frequency_of(schedule, disbursed_on),
        interest_method=interest_method_of(schedule),
        principal_pattern=principal_pattern_of(schedule),
        day_count=day_count,
        interest_period="period" if day_count in (None, "30/360") else "daily",
        period_ends=tuple(each.due_date for each in schedule),
    )
    if terms is None:
        return inferred
    plain = terms.principal_shares is None and not terms.balloon_minor
    pattern: PrincipalPattern = "as_scheduled"
    if plain and terms.amortisation != "interest_only":
        pattern = terms.amortisation
    return replace(
        inferred,
        frequency=terms.frequency if terms.due_dates is None else None,
        interest_method=terms.interest_method,
        principal_pattern=pattern,
        day_count=terms.day_count,
        interest_period=terms.interest_period,
    )


def contract_in_force(contract: Contract, versions: Sequence[ScheduleVersion]) -> Contract:
    """Apply the restructurings: the rate and interest periods are those of the last."""
    rate_pct, period_ends = contract.annual_rate_pct, contract.period_ends
    for version in sorted(versions, key=lambda each: (each.on, each.version)):
        period_ends = tuple(each.due_date for each in version.instalments)
        if version.annual_rate_pct is not None:
            rate_pct = version.annual_rate_pct
    return replace(contract, annual_rate_pct=rate_pct, period_ends=period_ends)


def frequency_of(schedule: Sequence[Instalment], disbursed_on: date | None) -> Frequency | None:
    """Return the step between due dates; None if it is not constant.

    Tries months from the first due date, then weeks or days. A single instalment counts as one step
    from disbursement.
    """
    dates = [instalment.due_date for instalment in schedule]
    if len(dates) == 1 and disbursed_on is not None and disbursed_on < dates[0]:
        dates.insert(0, disbursed_on)
    if len(dates) < 2:
        return None
    for frequency in _candidates(dates):
        for end_of_month in (False, True):
            # Lazy, so the first mismatch stops before long steps overflow the date range.
            if all(
                day == step(dates[0], frequency, n, end_of_month=end_of_month)
                for n, day in enumerate(dates)
            ):
                return frequency
    return None


def _candidates(dates: Sequence[date]) -> Iterator[Frequency]:
    first, second = dates[:2]
    months = (second.year - first.year) * 12 + second.month - first.month
    if months > 0:
        yield Frequency(months, "months")
    days = (second - first).days
    if days > 0:
        yield Frequency(days // 7, "weeks") if days % 7 == 0 else Frequency(days, "days")


def interest_method_of(schedule: Sequence[Instalment]) -> InterestMethod:
    """Return flat if every instalment carries the same interest while principal is being paid."""
    interest = [each.due.interest for each in schedule]
    is_paid_down = any(each.due.principal for each in schedule[:-1])
    is_flat = len(interest) > 1 and is_paid_down and interest[0] > 0 and _is_level(interest)
    return "flat" if is_flat else "declining_balance"


def principal_pattern_of(schedule: Sequence[Instalment]) -> PrincipalPattern:
    """Classify the principal: equal principal, equal instalments, or else as scheduled."""
    if _is_level([each.due.principal for each in schedule]):
        return "equal_principal"
    if _is_level([each.due.principal + each.due.interest for each in schedule]):
        return "equal_instalment"
    return "as_scheduled"


def _is_level(amounts: Sequence[int]) -> bool:
    """Whether all are equal, with up to one unit of rounding each absorbed by the last."""
    *others, last = amounts
    return not others or (
        min(others) == max(others) and abs(last - others[0]) <= max(len(amounts), 1)
    )


def day_count_of(
    schedule: Sequence[Instalment], annual_rate_pct: Decimal, disbursed_on: date | None
) -> DayCount | None:
    """Return the day count that reproduces the scheduled declining-balance interest within 1 unit.

    None if none does, in which case a regular period is a plain fraction of the year and 30/360
    applies to any other; also None without a rate or disbursement date, or if an instalment is due
    before disbursement.
    """
    if disbursed_on is None or not annual_rate_pct or schedule[0].due_date < disbursed_on:
        return None
    annual_rate_fraction = Fraction(annual_rate_pct) / 100
    balance = sum(each.due.principal for each in schedule)
    balances = []
    for each in schedule:
        balances.append(balance)
        balance -= each.due.principal
    dates = [disbursed_on, *(each.due_date for each in schedule)]
    for convention in _DAY_COUNTS:
        exact = (
            balance * annual_rate_fraction * year_fraction(start, end, convention)
            for balance, (start, end) in zip(balances, pairwise(dates), strict=True)
        )
        scheduled = (each.due.interest for each in schedule)
        if all(abs(e - s) <= 1 for e, s in zip(exact, scheduled, strict=True)):
            return convention
    return None
