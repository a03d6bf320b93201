"""The working rows of the ledger: instalments, what is due on them and what is unpaid."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import NOTHING, Instalment


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


class LedgerRows:
    """The rows of one loan by due date, found quickly from the first unpaid one on."""

    def __init__(self, schedule: Iterable[Instalment]) -> None:
        self._rows = [_unpaid_row(instalment) for instalment in schedule]
        self.due_dates = [row.due_date for row in self._rows]
        self._unpaid_from = 0  # every row before this index is paid

    def __iter__(self) -> Iterator[LedgerRow]:
        return iter(self._rows)

    def __getitem__(self, index: int) -> LedgerRow:
        return self._rows[index]

    def first_unpaid(self) -> int:
        """Return the index of the first unpaid row; the number of rows if all are paid."""
        rows = self._rows
        while self._unpaid_from < len(rows) and not any(rows[self._unpaid_from].unpaid):
            self._unpaid_from += 1
        return self._unpaid_from

    def unpaid(self) -> Iterator[LedgerRow]:
        """Yield the rows with anything unpaid, oldest first."""
        for index in range(self.first_unpaid(), len(self._rows)):
            row = self._rows[index]
            if any(row.unpaid):
                yield row

    def numbered(self, instalment: int | None) -> LedgerRow | None:
        """Return the row with this number; None if none was named or a restructuring removed it."""
        return next((row for row in self._rows if row.number == instalment), None)

    def due_from(self, on: date, number_if_new: int) -> LedgerRow:
        """Return the first row due on or after this date, adding one due that day if needed."""
        index = bisect_left(self.due_dates, on)
        if index == len(self._rows):
            self._rows.append(_unpaid_row(Instalment(number_if_new, on, NOTHING)))
            self.due_dates.append(on)
        return self._rows[index]

    def owe(self, row: LedgerRow, parts: Mapping[int, int]) -> None:
        """Add these components to what is due and unpaid on a row."""
        for component, amount_minor in parts.items():
            row.due[component] += amount_minor
            row.unpaid[component] += amount_minor
        if any(row.unpaid):
            row.paid_off_on = None
            index = bisect_left(self.due_dates, row.due_date)
            self._unpaid_from = min(self._unpaid_from, index)


def reduce_unpaid(rows: Iterable[LedgerRow], component: int, amount_minor: int, on: date) -> int:
    """Reduce what is due and unpaid on these rows in turn; return the amount removed."""
    left = amount_minor
    for row in rows:
        taken = min(left, row.unpaid[component])
        if not taken:
            continue
        left -= taken
        row.unpaid[component] -= taken
        row.due[component] -= taken
        if not any(row.unpaid):
            row.paid_off_on = on if any(row.due) else None
    return amount_minor - left


def _unpaid_row(instalment: Instalment) -> LedgerRow:
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
