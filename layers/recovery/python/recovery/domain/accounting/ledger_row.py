"""A row of the ledger at work: one instalment, with what is due and what is still owed on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import Instalment


@dataclass(slots=True)
class LedgerRow:
    """One instalment; ``due`` and ``unpaid`` by component, in minor units. Changed in place."""

    number: int
    due_date: date
    due: list[int]
    unpaid: list[int]
    scheduled_minor: int
    paid_off_on: date | None = None
    in_advance: int = 0
    late: int = 0

    def give_back(self, most_minor: int) -> int:
        """At most so much less is due of what was paid; how much that was."""
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
    """The row of an instalment on which nothing has been paid."""
    number, due_date, due = instalment
    return LedgerRow(number, due_date, list(due), list(due), sum(due))


def pay(places: Iterable[tuple[LedgerRow, int]], left: int, on: date, paid: list[int]) -> int:
    """Pay what is owed at these places, one after the other; what remains is given back.

    ``paid`` adds up what was paid for, by component.
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
