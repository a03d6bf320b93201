"""A working row of the ledger: one instalment, what is due on it and what is unpaid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import Instalment


@dataclass(slots=True)
class LedgerRow:
    """One instalment; ``due`` and ``unpaid`` by component, in minor units. Mutable."""

    number: int
    due_date: date
    due: list[int]
    unpaid: list[int]
    scheduled_minor: int
    paid_off_on: date | None = None
    in_advance: int = 0
    late: int = 0

    def release_paid(self, most_minor: int) -> int:
        """Take up to ``most_minor`` off what is due and paid; return the amount released."""
        left = most_minor
        for component in range(4):
            taken = min(left, self.due[component] - self.unpaid[component])
            self.due[component] -= taken
            left -= taken
        paid_minor = sum(self.due) - sum(self.unpaid)
        self.in_advance = min(self.in_advance, paid_minor)
        self.late = min(self.late, paid_minor - self.in_advance)
        if not any(self.due):
            self.paid_off_on = None
        return most_minor - left


def row_of(instalment: Instalment) -> LedgerRow:
    """Return the row of an unpaid instalment."""
    number, due_date, due = instalment
    return LedgerRow(number, due_date, list(due), list(due), sum(due))


def pay(places: Iterable[tuple[LedgerRow, int]], left: int, on: date, paid: list[int]) -> int:
    """Pay what is owed at these places in turn and return what is left over.

    Adds the amounts paid to ``paid``, by component.
    """
    for row, component in places:
        if not left:
            break
        taken = min(left, row.unpaid[component])
        if not taken:
            continue
        left -= taken
        row.unpaid[component] -= taken
        paid[component] += taken
        if on < row.due_date:
            row.in_advance += taken
        elif on > row.due_date:
            row.late += taken
        if not any(row.unpaid):
            row.paid_off_on = on
    return left
