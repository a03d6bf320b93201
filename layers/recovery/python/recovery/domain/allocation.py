"""How payments are spread over instalments and their components.

``settle`` (ledger) is the engine and takes up every kind of fact. Where a loan has payments and
nothing else, and they go to the oldest instalment first as most do, the same position follows from
one walk along the schedule, which is what keeps a whole portfolio quick to evaluate: within an
instalment only the sum of what was paid counts, so no payment need be split before the end.
``tests/domain/test_allocation.py`` holds the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import attrgetter

from recovery.domain.history import History
from recovery.domain.ledger import settle
from recovery.domain.loan import NOTHING, Components, Instalment, Payment
from recovery.domain.payment_path import component_indices
from recovery.domain.policy import AllocationPolicy
from recovery.domain.position import Position

_in_order = attrgetter("value_date", "payment_id")


def allocate(
    schedule: tuple[Instalment, ...],
    payments: Iterable[Payment],
    policy: AllocationPolicy | Callable[[date], AllocationPolicy],
) -> Position:
    """All payments spread over the schedule; nothing paid is lost or created.

    Payments count in the order of their value date (and id), whatever the order of their arrival,
    so that a back-dated payment changes history and nothing else does. With a policy by date, each
    payment is spread by the one of its value date.
    """
    in_order = sorted(payments, key=_in_order)
    if (
        callable(policy)
        or policy.by != "instalment"
        or policy.advance != "next_instalment"
        or any(payment.instalment is not None for payment in in_order)
    ):
        return settle(schedule, History(payments=tuple(in_order)), policy).position
    return _walk(schedule, in_order, component_indices(policy.order))


def _walk(
    schedule: tuple[Instalment, ...], payments: Sequence[Payment], order: tuple[int, ...]
) -> Position:
    """The position when each payment pays what is oldest, instalment after instalment."""
    paid: list[Components] = []
    paid_off_on: list[date | None] = []
    instalments = iter(schedule)
    due: Components | None = None
    rest = left = 0
    on = None
    for payment in payments:
        on, left = payment.value_date, left + payment.amount_minor
        while left:
            if not rest:  # on to the next instalment that asks for anything
                instalment = next(instalments, None)
                if instalment is None:
                    break
                due = instalment.due
                rest = sum(due)
                if not rest:
                    paid.append(NOTHING)
                    paid_off_on.append(None)
                    continue
            if left < rest:
                rest -= left
                left = 0
            else:
                left -= rest
                rest = 0
                paid.append(due)  # type: ignore[arg-type]
                paid_off_on.append(on)
    if rest and due is not None:
        paid.append(_in_part(due, sum(due) - rest, order))
        paid_off_on.append(None)
    untouched = len(schedule) - len(paid)
    return Position(
        (*paid, *(NOTHING,) * untouched), (*paid_off_on, *(None,) * untouched), left, on
    )


def _in_part(due: Components, amount_minor: int, order: tuple[int, ...]) -> Components:
    """So much of what is due, component after component."""
    parts = [0, 0, 0, 0]
    for component in order:
        parts[component] = min(amount_minor, due[component])
        amount_minor -= parts[component]
    return Components(*parts)
