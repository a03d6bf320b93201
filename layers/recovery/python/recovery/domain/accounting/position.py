"""The position of a loan: what has been paid on its schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import NOTHING, Components, Instalment


@dataclass(frozen=True, slots=True)
class Position:
    """What has been paid, per instalment of the schedule, in the schedule's order.

    The sum of ``paid`` and ``credit_minor`` is the sum of all payments. ``paid_off_on`` is the
    value date that completed the instalment, None before (and for one that asks for nothing).
    """

    paid: tuple[Components, ...]
    paid_off_on: tuple[date | None, ...]
    credit_minor: int = 0
    last_value_date: date | None = None


def unpaid_position(schedule: tuple[Instalment, ...]) -> Position:
    """The position of a loan on which nothing has been paid."""
    return Position(paid=(NOTHING,) * len(schedule), paid_off_on=(None,) * len(schedule))
