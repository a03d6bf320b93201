"""Repayment capacity: what a household can pay after a decent living, under stress, month by month.

One measure for a new loan, for every plan and for every promise: dated payments fit, or they fall
short by so much in a month, or beyond a share of income.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from recovery.domain.agreements.capacity_rules import Cap, CapacityTerms
from recovery.domain.agreements.cash_flow import CashFlow
from recovery.domain.agreements.household import MONTHS, NO_MONTHS, Months
from recovery.domain.schedules.due_dates import MONTHLY, Frequency, step

Payments = Sequence[tuple[date, int]]  # day and minor units
_ALL_PERCENT = 100
_YEAR = Frequency(12, "months")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What instalments with us have to fit into, in minor units.

    free_by_month: what is left in each calendar month after living and debts with others; negative
    where it is not enough.
    ceiling_minor: the most of a month's instalments with us by the caps on income; None: no cap.
    margin_percent: kept back of what is free, for bad months.
    """

    currency: str
    free_by_month: Months
    ceiling_minor: int | None
    margin_percent: int

    def usable(self, own: Months = NO_MONTHS) -> Months:
        """Return what each month can carry beside these instalments on our other loans."""
        keeps = _ALL_PERCENT - self.margin_percent
        rows = zip(self.free_by_month, own, strict=True)
        return tuple(max(free - taken, 0) * keeps // _ALL_PERCENT for free, taken in rows)

    def ceiling_beside(self, own: Months) -> int | None:
        """Return what the caps leave beside these instalments; None: there is no cap."""
        if self.ceiling_minor is None:
            return None
        return max(self.ceiling_minor - _up(sum(own), MONTHS), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """By how much payments do not fit: in a calendar month, 1 to 12, or None: beyond the caps."""

    month: int | None
    by_minor: int


def capacity_of(flow: CashFlow, terms: CapacityTerms, currency: str, *, proven: bool) -> Capacity:
    """Return the capacity at the careful end, or if everything told is true."""
    ceilings = [ceiling_of(cap, flow, proven=proven) for cap in terms.caps]
    return Capacity(
        currency=currency,
        free_by_month=flow.before_own(proven=proven),
        ceiling_minor=min(ceilings, default=None),
        margin_percent=terms.margin_percent,
    )


def counted_income(cap: Cap, flow: CashFlow, *, proven: bool) -> int:
    """Return the month's income of which a cap takes its share."""
    income_minor = flow.average_income(proven=proven)
    if cap.of == "household_income":
        return income_minor
    if flow.living is None:
        return 0 if proven else income_minor
    return income_minor - _up(sum(flow.living), MONTHS)


def ceiling_of(cap: Cap, flow: CashFlow, *, proven: bool) -> int:
    """Return the most of a month's instalments with us by this cap."""
    share_minor = counted_income(cap, flow, proven=proven) * cap.percent // _ALL_PERCENT
    return max(share_minor - flow.average_elsewhere(proven=proven), 0)


def shortage(
    capacity: Capacity, payments: Payments, on: date, own: Months = NO_MONTHS
) -> Shortage | None:
    """Return the worst by which the payments do not fit; None if they do.

    What was due before ``on`` is paid in that month.
    """
    usable, worst = capacity.usable(own), None
    for (_, month), asked in by_month_of(payments, on).items():
        by_minor = asked - usable[month - 1]
        if by_minor > 0 and (worst is None or by_minor > worst.by_minor):
            worst = Shortage(month=month, by_minor=by_minor)
    if worst is not None:
        return worst
    ceiling_minor = capacity.ceiling_beside(own)
    if ceiling_minor is not None and (above := average(payments, on) - ceiling_minor) > 0:
        return Shortage(month=None, by_minor=above)
    return None


def by_month_of(payments: Payments, on: date) -> dict[tuple[int, int], int]:
    """Add up payments by year and month."""
    found: Counter[tuple[int, int]] = Counter()
    for day, amount_minor in payments:
        day = max(day, on)
        found[day.year, day.month] += amount_minor
    return dict(found)


def average(payments: Payments, on: date) -> int:
    """Return a month's average over the first year, or over all months if they are fewer."""
    if not payments:
        return 0
    year_ends = step(on, _YEAR, 1)
    first_year = sum(amount_minor for day, amount_minor in payments if day <= year_ends)
    return _up(first_year, _months_until(max(day for day, _ in payments), on))


def most_level(capacity: Capacity, dates: Iterable[date], on: date, own: Months = NO_MONTHS) -> int:
    """Return the largest amount that can be paid on each of these dates; 0: none."""
    days = [max(day, on) for day in dates]
    if not days:
        return 0
    usable = capacity.usable(own)
    times = Counter((day.year, day.month) for day in days)
    limits = [usable[month - 1] // count for (_, month), count in times.items()]
    ceiling_minor = capacity.ceiling_beside(own)
    if ceiling_minor is not None:
        year_ends = step(on, _YEAR, 1)
        in_first_year = sum(day <= year_ends for day in days)
        if in_first_year:
            limits.append(ceiling_minor * _months_until(max(days), on) // in_first_year)
    return max(min(limits), 0)


def _months_until(last: date, on: date) -> int:
    """Return how many months the payments take from ``on``, one to twelve."""
    for months in range(1, MONTHS):
        if step(on, MONTHLY, months) >= last:
            return months
    return MONTHS


def _up(amount_minor: int, parts: int) -> int:
    return -(-amount_minor // parts)
