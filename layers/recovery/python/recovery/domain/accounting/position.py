"""The position of a loan: what has been paid on its schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import NOTHING, Components, Instalment


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
