"""How payments are spread over instalments and their components.

``build_ledger`` is the engine and takes up every kind of fact. Where a loan has payments only, and
they go to the oldest instalment first as most do, the same position follows from one walk along the
schedule, which is what keeps a whole portfolio quick to evaluate: within an
instalment only the sum of what was paid counts, so no payment need be split before the end. A
policy by date that is the same on every value date is as good as one policy.
``tests/domain/test_engine_properties.py`` holds the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import attrgetter

from recovery.domain.accounting.history import History
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import NOTHING, Components, Instalment, Payment
from recovery.domain.accounting.payment_path import component_indices
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position

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
    rules = {policy(each.value_date) for each in in_order} if callable(policy) else {policy}
    [rule, *others] = rules or {AllocationPolicy()}
    if (
        others
        or rule.by != "instalment"
        or rule.prepayment != "next_instalment"
        or any(each.instalment is not None for each in in_order)
    ):
        return build_ledger(schedule, History(payments=tuple(in_order)), policy).position
    return _walk(schedule, in_order, component_indices(rule.order))


def _walk(
    schedule: tuple[Instalment, ...], payments: Sequence[Payment], order: tuple[int, ...]
) -> Position:
    """The position when each payment pays what is oldest, instalment after instalment."""
    paid: list[Components] = []
    paid_off_on: list[date | None] = []
    left = received_minor = allocated_minor = 0
    on = None
    coming = iter(payments)
    for instalment in schedule:
        due = instalment.due
        asked = sum(due)
        while left < asked and (payment := next(coming, None)):
            left += payment.amount_minor
            received_minor += payment.amount_minor
            on = payment.value_date
        if left < asked:
            break
        left -= asked
        allocated_minor += asked
        paid.append(due)
        paid_off_on.append(on if asked else None)
    for payment in coming:
        left += payment.amount_minor
        received_minor += payment.amount_minor
    if left and len(paid) < len(schedule):
        paid.append(_in_part(schedule[len(paid)].due, left, order))
        allocated_minor += sum(paid[-1])
        left = 0
    assert received_minor == allocated_minor + left, "money lost or created"
    unpaid = (NOTHING,) * (len(schedule) - len(paid))
    not_paid_off = (None,) * (len(schedule) - len(paid_off_on))
    last = payments[-1].value_date if payments else None
    return Position((*paid, *unpaid), (*paid_off_on, *not_paid_off), left, last)


def _in_part(due: Components, amount_minor: int, order: tuple[int, ...]) -> Components:
    """So much of what is due, component after component."""
    parts = [0, 0, 0, 0]
    for component in order:
        parts[component] = min(amount_minor, due[component])
        amount_minor -= parts[component]
    return Components(*parts)
