"""What a review sees of each instalment: when it was due and when it was paid.

One truth for every pattern. It follows from the schedule and the position, which are built anew
when a fact is dated back, so nothing here is remembered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.monitoring.tolerance import NO_TOLERANCE, Tolerance


@dataclass(frozen=True, slots=True, order=True)
class PaymentLine:
    """One instalment, amounts in minor units; ``paid_off_on`` is None while it is not complete.

    ``is_complete``: nothing is missing but what the tolerance allows. ``by_others``: a third party
    paid it off. On time, that is not the borrower's own punctuality; late, the borrower was too.
    """

    due_date: date
    number: int
    due_minor: int
    paid_minor: int
    paid_off_on: date | None
    is_complete: bool
    by_others: bool = False
    loan_id: str = ""

    def days_late(self, as_of: date) -> int:
        """Return the days from the due date to the payment that completed it, negative if early;
        while it is incomplete, the days so far. Complete within the tolerance is on time."""
        if self.paid_off_on is not None:
            return (self.paid_off_on - self.due_date).days
        return 0 if self.is_complete else max(0, (as_of - self.due_date).days)


def payment_lines(
    schedule: tuple[Instalment, ...],
    position: Position,
    tolerance: Tolerance = NO_TOLERANCE,
    *,
    paid_by_others: Collection[int] = (),
    loan_id: str = "",
    until: date = date.max,
    last: int | None = None,
) -> tuple[PaymentLine, ...]:
    """Return a line for each instalment, in schedule order; what has nothing due has none.

    ``paid_by_others`` are the numbers of the instalments that third parties paid off. Those due
    after ``until`` are left out, and all but the ``last`` ones.
    """
    wanted = [
        index for index, each in enumerate(schedule) if any(each.due) and each.due_date <= until
    ]
    lines = []
    for index in wanted if last is None else wanted[-last:]:
        number, due_date, due = schedule[index]
        due_minor, paid_minor = sum(due), sum(position.paid[index])
        is_complete = paid_minor >= due_minor
        if paid_minor and not is_complete:  # for few, as fractions take time
            principal_minor = sum(instalment.due.principal for instalment in schedule)
            rest_minor = due_minor - paid_minor
            is_complete = rest_minor <= tolerance.allows_minor(due_minor, principal_minor)
        lines.append(
            PaymentLine(
                due_date=due_date,
                number=number,
                due_minor=due_minor,
                paid_minor=paid_minor,
                paid_off_on=position.paid_off_on[index],
                is_complete=is_complete,
                by_others=number in paid_by_others,
                loan_id=loan_id,
            )
        )
    return tuple(lines)
