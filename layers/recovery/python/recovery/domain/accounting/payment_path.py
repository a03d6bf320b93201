"""The path of a payment: the order in which it pays what is owed.

- First the instalment the payer named, if any.
- Then what is overdue, then what is due on the value date: oldest instalment first, with the
  components of each in the policy's order (``by="instalment"``), or one component at a time across
  those instalments (``by="component"``).
- Then coming instalments, in advance: from the next one forwards (``next_instalment``), from the
  last one backwards (``last_instalment``, a shorter loan), or part of each (``reduce_instalment``,
  smaller instalments). Terms as in Apache Fineract's advanced payment allocation.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cache

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.policy import AllocationPolicy

Place = tuple[int, int]  # (index of the instalment, index of the component)


@cache
def component_indices(order: tuple[str, ...]) -> tuple[int, ...]:
    """Return the index in Components of each name."""
    return tuple(Components._fields.index(name) for name in order)


def path(
    due_dates: list[date], first_unpaid: int, rule: AllocationPolicy, value_date: date
) -> Iterator[Place]:
    """Yield the places due by the value date, then those paid in advance.

    ``reduce_instalment`` has none of the latter: the caller spreads the rest. ``due_dates`` are
    ascending; everything before ``first_unpaid`` is paid.
    """
    order = component_indices(rule.order)
    today = bisect_left(due_dates, value_date, lo=first_unpaid)
    coming = bisect_right(due_dates, value_date, lo=today)
    for due in (range(first_unpaid, today), range(today, coming)):
        if rule.by == "component":
            yield from ((index, component) for component in order for index in due)
        else:
            yield from _instalments(due, order)
    if rule.prepayment == "next_instalment":
        yield from _instalments(range(coming, len(due_dates)), order)
    elif rule.prepayment == "last_instalment":
        yield from _instalments(range(len(due_dates) - 1, coming - 1, -1), order)


def _instalments(indices: range, order: tuple[int, ...]) -> Iterator[Place]:
    for index in indices:
        for component in order:
            yield index, component
