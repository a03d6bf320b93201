"""The new schedule of a collective relief: nothing falls due for some months, later dates move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import ClassVar

from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.loan import NOTHING, Components, Instalment, sum_components
from recovery.domain.accounting.loan_facts import COLLECTIVE_RELIEF
from recovery.domain.agreements.interest_recalculation import (
    Interest,
    RemainingTerms,
    accrual_start,
    recalculated,
    without_prepaid_interest,
)
from recovery.domain.schedules.contract import Contract
from recovery.domain.schedules.due_dates import MONTHLY, Frequency, step
from recovery.domain.schedules.spreading import spread_components
from recovery.domain.shared.errors import Problem, RefusedError

_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveRelief:
    """For ``months`` nothing falls due, what is unpaid included; then for
    ``interest_only_months`` only interest does. No interest runs at first, unless
    ``interest_runs``."""

    kind: ClassVar[str] = COLLECTIVE_RELIEF
    interest: ClassVar[Interest] = "keep"
    months: int
    interest_only_months: int = 0
    interest_runs: bool = False


def relieved(
    ledger: Ledger, contract: Contract, action: CollectiveRelief, on: date
) -> tuple[Instalment, ...]:
    """Build the new version. Raises RefusedError if nothing is owed.

    What was unpaid before ``on`` is spread equally over the instalments after the relief, and bears
    no interest; the last of them is as much later as the relief is long. If all was due before, it
    is due in as many parts after the relief.
    """
    rows = list(zip(ledger.schedule, ledger.position.paid, strict=True))
    coming = [row for row in rows if row[0].due_date >= on and row[0].due != row[1]]
    overdue = (
        sum_components((each.due.less(paid) for each, paid in rows if each.due_date < on))
        if any(each.due_date < on for each, _ in rows)
        else NOTHING
    )
    as_they_are = [
        Instalment(each.number, each.due_date, paid)
        for each, paid in rows
        if each.due_date < on or each.due == paid
    ]
    last = max(each.number for each, _ in rows)
    if not coming:
        parts = sum(each.due != paid for each, paid in rows)
        if not parts:
            raise RefusedError(Problem("action", "finds nothing owed", "There is nothing to move"))
        later = _parts_after(overdue, parts, contract.frequency, action, on, last)
        return _sorted([*as_they_are, *later])
    clock = _Clock(ledger.schedule[0].due_date, contract.frequency, action)
    moved = [clock.later(each.due_date) for each, _ in coming]
    dates = [*moved, *clock.beyond(moved)]
    more = len(dates) - len(coming)
    built = _built(
        ledger,
        contract,
        action,
        [(e.due_date, e.due.less(p)) for e, p in coming],
        dates,
        clock.later,
    )
    for index, share in enumerate(spread_components(overdue, len(coming)), start=more):
        built[index] = built[index].plus(share)
    numbers = [each.number for each, _ in coming] + [last + n + 1 for n in range(more)]
    paid_parts = [paid for _, paid in coming] + [NOTHING] * more
    new = [
        Instalment(number, due_date, due.plus(part))
        for number, due_date, due, part in zip(numbers, dates, built, paid_parts, strict=True)
    ]
    return _sorted([*as_they_are, *new])


class _Clock:
    """Moves due dates by the months of the relief, without losing the day of the month."""

    def __init__(self, anchor: date, frequency: Frequency | None, action: CollectiveRelief) -> None:
        self._anchor, self._action = anchor, action
        self._monthly = frequency if frequency and frequency.unit == "months" else None
        weekly = frequency and frequency.unit == "weeks"
        self._days = 0 if frequency is None else frequency.every * (7 if weekly else 1)
        self._frequency = frequency

    def later(self, day: date) -> date:
        """Return the day after the months of the relief; in whole steps where they are no
        months."""
        months = self._action.months
        if self._monthly:
            count = (day.year - self._anchor.year) * 12 + day.month - self._anchor.month
            if step(self._anchor, MONTHLY, count) == day:
                return step(self._anchor, MONTHLY, count + months)
            return step(day, MONTHLY, months)
        return day + timedelta(days=self._whole(step(self._anchor, MONTHLY, months)))

    def beyond(self, moved: Sequence[date]) -> list[date]:
        """Return the dates after the last, one for each step in which only interest falls due."""
        months, last = self._action.interest_only_months, moved[-1]
        if self._monthly:
            count = (last.year - self._anchor.year) * 12 + last.month - self._anchor.month
            anchor = self._anchor if step(self._anchor, MONTHLY, count) == last else last
            count = count if anchor is self._anchor else 0
            every = self._monthly.every
            return [step(anchor, MONTHLY, count + n * every) for n in range(1, months // every + 1)]
        gap = timedelta(days=self._days) if self._days else _gap(moved)
        dates, end = [last + gap], step(last, MONTHLY, months)
        while dates[-1] <= end:
            dates.append(dates[-1] + gap)
        return dates[:-1]

    def _whole(self, end: date) -> int:
        """Return the days until ``end`` from the anchor, rounded up to whole steps."""
        days = (end - self._anchor).days
        return -(-days // self._days) * self._days if self._days else days


def _gap(dates: Sequence[date]) -> timedelta:
    """Return the distance of the last two; a month if there is one alone."""
    return max((later - day for day, later in list(pairwise(dates))[-1:]), default=_MONTH)


def _built(
    ledger: Ledger,
    contract: Contract,
    action: CollectiveRelief,
    coming: Sequence[tuple[date, Components]],
    dates: Sequence[date],
    later: Callable[[date], date],
) -> list[Components]:
    """Return what is due on each date: first interest alone, then what was to come."""
    more = len(dates) - len(coming)
    unpaid = [NOTHING] * more + [due for _, due in coming]
    principal_minor = sum(due.principal for due in unpaid)
    changes = more > 0 or action.interest_runs
    if not (changes and contract.annual_rate_pct and principal_minor):
        return unpaid
    start = accrual_start(contract, coming[0][0] - _DAY)
    level = contract.principal_pattern == "equal_instalment"
    remaining = RemainingTerms(
        principal_minor=principal_minor,
        accrues_from=start if action.interest_runs else later(start),
        dates=dates,
        rate_pct=contract.annual_rate_pct,
        flat_on_minor=contract.principal_minor,
        pattern=None if level else tuple(due.principal for due in unpaid),
        grace_principal=more,
        frequency=contract.frequency,
    )
    ahead = without_prepaid_interest(ledger, start, recalculated(contract, remaining))
    return [
        each._replace(principal=due.principal, interest=due.interest)
        for each, due in zip(unpaid, ahead, strict=True)
    ]


def _parts_after(
    overdue: Components,
    parts: int,
    frequency: Frequency | None,
    action: CollectiveRelief,
    on: date,
    last: int,
) -> list[Instalment]:
    """Return as many instalments after the relief as were unpaid before it."""
    first = step(on, MONTHLY, action.months + action.interest_only_months)
    return [
        Instalment(last + number + 1, step(first, frequency or MONTHLY, number), share)
        for number, share in enumerate(spread_components(overdue, parts))
    ]


def _sorted(instalments: Sequence[Instalment]) -> tuple[Instalment, ...]:
    return tuple(sorted(instalments, key=lambda each: (each.due_date, each.number)))
