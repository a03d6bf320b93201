"""How payments are spread over instalments and their components.

A payment pays what is oldest: instalment after instalment, within each the components in the
policy's order (``by="instalment"``); or, with ``by="component"``, that order first over all
instalments due by its value date. What remains pays coming instalments in advance, and what remains
after the last one is credit. Payments count in the order of their value date (and id), whatever
the order of their arrival, so that a back-dated payment changes history and nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from recovery.domain.loan import NOTHING, Components, Instalment, Payment
from recovery.domain.policy import AllocationPolicy


@dataclass(frozen=True, slots=True)
class Position:
    """What has been paid, per instalment of the schedule, in the schedule's order.

    The sum of ``paid`` and ``credit_minor`` is the sum of all payments. ``paid_off_on`` is the
    value date that completed the instalment, None before.
    """

    paid: tuple[Components, ...]
    paid_off_on: tuple[date | None, ...]
    credit_minor: int = 0
    last_value_date: date | None = None


def unpaid_position(schedule: tuple[Instalment, ...]) -> Position:
    """The position of a loan on which nothing has been paid."""
    return Position(paid=(NOTHING,) * len(schedule), paid_off_on=(None,) * len(schedule))


def allocate(
    schedule: tuple[Instalment, ...],
    payments: Iterable[Payment],
    policy: AllocationPolicy | Callable[[date], AllocationPolicy],
) -> Position:
    """All payments spread over the schedule; nothing paid is lost or created.

    With a policy by date, each payment is spread by the one of its value date: a new order does not
    change how the past was paid.
    """
    owed = [list(instalment.due) for instalment in schedule]
    paid_off_on: list[date | None] = [None] * len(schedule)
    credit_minor = 0
    first_open = 0
    last_value_date = None
    for payment in sorted(payments, key=lambda p: (p.value_date, p.payment_id)):
        left = payment.amount_minor
        last_value_date = payment.value_date
        rule = policy(payment.value_date) if callable(policy) else policy
        order = _indices(rule.order)
        for index, component in _path(schedule, first_open, order, payment.value_date, rule.by):
            if not left:
                break
            taken = min(left, owed[index][component])
            if taken:
                owed[index][component] -= taken
                left -= taken
                if not any(owed[index]):
                    paid_off_on[index] = payment.value_date
        credit_minor += left
        while first_open < len(schedule) and paid_off_on[first_open] is not None:
            first_open += 1
    paid = tuple(
        due if on else due.less(Components(*rest))
        for (_, _, due), rest, on in zip(schedule, owed, paid_off_on, strict=True)
    )
    return Position(paid, tuple(paid_off_on), credit_minor, last_value_date)


@cache
def _indices(order: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(Components._fields.index(name) for name in order)


def _path(
    schedule: tuple[Instalment, ...],
    first_open: int,
    order: tuple[int, ...],
    value_date: date,
    by: str,
) -> Iterator[tuple[int, int]]:
    """The (instalment index, component index) pairs in which a payment looks for what is owed."""
    start = first_open
    if by == "component":
        while start < len(schedule) and schedule[start].due_date <= value_date:
            start += 1
        for component in order:
            for index in range(first_open, start):
                yield index, component
    for index in range(start, len(schedule)):
        for component in order:
            yield index, component
