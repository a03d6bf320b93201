"""Rescheduling: move, extend, pause or reprice instalments from a date on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.agreements.interest_recalculation import (
    Interest,
    RemainingTerms,
    accrual_start,
    recalculated,
    without_prepaid_interest,
)
from recovery.domain.schedules.contract import Contract
from recovery.domain.schedules.due_dates import Frequency, step
from recovery.domain.schedules.spreading import spread_equally
from recovery.domain.shared.errors import Problem, RefusedError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule:
    """What changes for the instalment due on ``from_date`` and those after it.

    new_due_date: its new due date; the others follow at the same steps.
    extra_terms: how many instalments to add; the principal is spread equally over all of them.
    grace_principal: how many first instalments carry no principal; the loan gets as many more.
    grace_interest: how many first instalments carry no interest; the next carries theirs too.
    new_rate_pct: the annual rate from then on.
    interest: "recalculate" uses the contract's method; "keep" adds none for the longer time.
    """

    kind: ClassVar[str] = "reschedule"
    from_date: date
    new_due_date: date | None = None
    extra_terms: int = 0
    grace_principal: int = 0
    grace_interest: int = 0
    new_rate_pct: Decimal | None = None
    interest: Interest = "recalculate"
    multiple_minor: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentHoliday:
    """Nothing is due for ``instalments`` steps from ``from_date``; then the schedule resumes."""

    kind: ClassVar[str] = "payment_holiday"
    from_date: date
    instalments: int
    interest: Interest = "recalculate"


def on_holiday(
    ledger: Ledger, contract: Contract, action: PaymentHoliday, on: date
) -> tuple[Instalment, ...]:
    """Build the new version, moving each due date ``instalments`` places down the schedule."""
    schedule = ledger.schedule
    index = _index(schedule, action.from_date)
    dates = [each.due_date for each in schedule]
    dates += _beyond(schedule, contract.frequency, action.instalments)
    later = dates[index + action.instalments :]
    if later[0] < on:
        raise RefusedError(
            Problem(
                "action.instalments",
                f"ends on {later[0]}, before {on}",
                "Use more, or start later",
            )
        )
    moved = Reschedule(from_date=action.from_date, interest=action.interest)
    return _new_version(ledger, contract, moved, index, later)


def rescheduled(
    ledger: Ledger, contract: Contract, action: Reschedule, on: date
) -> tuple[Instalment, ...]:
    """Build the new version; instalments before the date stay as they are. Raises RefusedError.

    Follows Apache Fineract's reschedule request; the tests repeat its published examples.
    """
    index = _index(ledger.schedule, action.from_date)
    more = action.extra_terms + action.grace_principal
    dates = _dates(ledger.schedule, contract, action, index, on, more)
    return _new_version(ledger, contract, action, index, dates)


def _new_version(
    ledger: Ledger, contract: Contract, action: Reschedule, index: int, dates: Sequence[date]
) -> tuple[Instalment, ...]:
    """Spread what was unpaid from ``index`` on over these due dates."""
    schedule, paid = ledger.schedule, ledger.position.paid
    if schedule[index].due == paid[index]:
        raise RefusedError(
            Problem(
                "action.from",
                f"is the due date of instalment {schedule[index].number}, which is fully paid",
                "Use the due date of an open instalment",
            ),
        )
    more = len(dates) - len(schedule[index:])
    if action.grace_interest >= len(dates):
        raise RefusedError(
            Problem(
                "action.grace_interest",
                "leaves no instalment to carry the interest",
                "Use fewer than the instalments from that date on",
            ),
        )
    unpaid = [each.due.less(part) for each, part in zip(schedule, paid, strict=True)][index:]
    unpaid += [Components()] * more
    rate_pct = contract.annual_rate_pct if action.new_rate_pct is None else action.new_rate_pct
    principal_minor = sum(each.principal for each in unpaid)
    recalculates = action.interest == "recalculate" or action.new_rate_pct is not None
    if recalculates and (rate_pct or action.new_rate_pct is not None) and principal_minor:
        built = _recalculated(ledger, contract, action, dates, unpaid, rate_pct)
    else:
        built = _kept(action, unpaid)
    last = max(each.number for each in schedule)
    numbers = [each.number for each in schedule[index:]] + [last + n + 1 for n in range(more)]
    paid_parts = [*paid[index:], *[Components()] * more]
    tail = [
        Instalment(number, due_date, due.plus(part))
        for number, due_date, due, part in zip(numbers, dates, built, paid_parts, strict=True)
    ]
    return (*schedule[:index], *tail)


def _pattern(action: Reschedule, unpaid: Sequence[Components]) -> tuple[int, ...]:
    """Return the principal of each instalment, for schedules that are not level."""
    principal = [each.principal for each in unpaid]
    rest = (0,) * action.grace_principal
    if action.extra_terms:
        payable = len(principal) - action.grace_principal
        return rest + spread_equally(sum(principal), payable, action.multiple_minor)
    return rest + tuple(principal[: len(principal) - action.grace_principal])


def _kept(action: Reschedule, unpaid: Sequence[Components]) -> list[Components]:
    """Spread the same amounts over the new instalments: interest follows principal."""
    interest = [each.interest for each in unpaid]
    without = action.grace_principal
    if action.extra_terms:
        spread = (0,) * without + spread_equally(sum(interest), len(interest) - without)
    else:
        spread = (0,) * without + tuple(interest[: len(interest) - without])
    deferred = sum(spread[: action.grace_interest + 1])
    spread = (0,) * action.grace_interest + (deferred, *spread[action.grace_interest + 1 :])
    return [
        each._replace(principal=principal, interest=due_interest)
        for each, principal, due_interest in zip(
            unpaid, _pattern(action, unpaid), spread, strict=True
        )
    ]


def _recalculated(
    ledger: Ledger,
    contract: Contract,
    action: Reschedule,
    dates: Sequence[date],
    unpaid: Sequence[Components],
    rate_pct: Decimal,
) -> list[Components]:
    """Recalculate principal and interest by the contract's method; keep fees and penalties."""
    accrues_from = accrual_start(contract, action.from_date - _DAY)
    level = contract.principal_pattern == "equal_instalment"
    remaining = RemainingTerms(
        principal_minor=sum(each.principal for each in unpaid),
        accrues_from=accrues_from,
        dates=dates,
        rate_pct=rate_pct,
        flat_on_minor=contract.principal_minor,
        pattern=None if level else _pattern(action, unpaid),
        grace_principal=action.grace_principal,
        grace_interest=action.grace_interest,
        frequency=contract.frequency,
        multiple_minor=action.multiple_minor,
    )
    ahead = without_prepaid_interest(ledger, accrues_from, recalculated(contract, remaining))
    return [
        each._replace(principal=due.principal, interest=due.interest)
        for each, due in zip(unpaid, ahead, strict=True)
    ]


def _index(schedule: Sequence[Instalment], from_date: date) -> int:
    for index, each in enumerate(schedule):
        if each.due_date == from_date:
            return index
    raise RefusedError(
        Problem(
            "action.from",
            f"no instalment is due on {from_date}",
            "Use the due date of the first instalment to change",
        ),
    )


def _dates(
    schedule: Sequence[Instalment],
    contract: Contract,
    action: Reschedule,
    index: int,
    on: date,
    more: int,
) -> list[date]:
    """Return the due dates from ``from_date`` on, moved if asked, and ``more`` after them."""
    dates = [each.due_date for each in schedule[index:]]
    new = action.new_due_date
    if new is None:
        return dates + _beyond(schedule, contract.frequency, more)
    if new < on:
        raise RefusedError(
            Problem("action.new_due_date", f"is before {on}", "Use that date or later")
        )
    if index and new <= schedule[index - 1].due_date:
        raise RefusedError(
            Problem(
                "action.new_due_date", "is not after the previous instalment", "Use a later date"
            )
        )
    if contract.frequency:
        return [step(new, contract.frequency, n) for n in range(len(dates) + more)]
    dates += _beyond(schedule, None, more)
    return [_later(each, new - dates[0]) for each in dates]


def _beyond(schedule: Sequence[Instalment], frequency: Frequency | None, more: int) -> list[date]:
    """Return ``more`` due dates after the last; without a step, spaced like the last two."""
    dates = [each.due_date for each in schedule]
    if frequency:
        anchored = step(dates[0], frequency, len(dates) - 1) == dates[-1]
        anchor, already = (dates[0], len(dates) - 1) if anchored else (dates[-1], 0)
        return [step(anchor, frequency, already + n) for n in range(1, more + 1)]
    gap = dates[-1] - dates[-2] if len(dates) > 1 else 30 * _DAY
    return [_later(dates[-1], n * gap) for n in range(1, more + 1)]


def _later(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        raise RefusedError(
            Problem(
                "action",
                f"runs past the last supported date, counting from {day}",
                "Use fewer instalments",
            )
        ) from None
