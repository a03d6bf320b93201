"""The position of a loan: what has been paid on its schedule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import NOTHING, Components, Instalment, Payment


@dataclass(frozen=True, slots=True)
class Position:
    """What has been paid on each instalment, in schedule order.

    ``paid`` plus ``credit_minor`` equals all payments. ``paid_off_on`` is the value date that
    completed the instalment; None while unpaid, or if nothing is due on it.
    """

    paid: tuple[Components, ...]
    paid_off_on: tuple[date | None, ...]
    credit_minor: int = 0
    last_value_date: date | None = None


def unpaid_position(schedule: tuple[Instalment, ...]) -> Position:
    """Return the position of a loan with no payments."""
    return Position(paid=(NOTHING,) * len(schedule), paid_off_on=(None,) * len(schedule))


def paid_off_by_others(
    schedule: tuple[Instalment, ...], position: Position, payments: Iterable[Payment]
) -> frozenset[int]:
    """Return the numbers of the instalments that nobody but third parties paid off.

    ``payments`` are those behind the position. On the day on which such an instalment became
    complete, the borrower paid nothing.
    """
    known = list(payments)
    own_days = {each.value_date for each in known if each.payer_kind == "borrower"}
    other_days = {each.value_date for each in known} - own_days
    return frozenset(
        each.number
        for each, on in zip(schedule, position.paid_off_on, strict=True)
        if on in other_days
    )
