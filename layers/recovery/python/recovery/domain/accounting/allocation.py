"""The one door to the ledger: from a loan's history to what is owed and paid.

``build_ledger`` is the full engine and handles every kind of fact. When a loan has only payments
and they go to the oldest instalment first, as most do, a single walk along the schedule gives the
same position, fast enough for a large portfolio: only the total paid on an instalment matters, so
at most the last one needs splitting. A dated policy that never changes counts as one policy.
``tests/domain/accounting/test_engine_properties.py`` checks that both give the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from recovery.domain.accounting.history import History
from recovery.domain.accounting.late_charges import NO_CHARGES, Accrued, ChargeRules
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import NOTHING, Components, Instalment, Payment
from recovery.domain.accounting.payment_path import component_indices
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position
from recovery.domain.accounting.write_off import Loss

_in_order = attrgetter("value_date", "payment_id")


class Owed(NamedTuple):
    """The schedule that is owed, and what has been paid on each of its instalments.

    The two belong together: a charge or a chargeback after the last due date adds an instalment.
    ``accrued`` lets later days go on with late charges.
    """

    schedule: tuple[Instalment, ...]
    position: Position
    loss: Loss | None = None
    accrued: Accrued | None = None


def take_up(
    schedule: tuple[Instalment, ...],
    history: History,
    policy: AllocationPolicy | Callable[[date], AllocationPolicy],
    charges: ChargeRules = NO_CHARGES,
    as_of: date | None = None,
) -> Owed:
    """Apply every fact to the first schedule by its date; no money is lost or created.

    Facts may arrive in any order. A dated policy is looked up by each payment's value date. Late
    charges need a date up to which they are added.
    """
    if not charges and history == History(payments=history.payments, pauses=history.pauses):
        in_order = sorted(history.payments, key=_in_order)
        return Owed(schedule, _of_payments(schedule, in_order, policy))
    ledger = build_ledger(schedule, history, policy, charges, as_of)
    return Owed(ledger.schedule, ledger.position, ledger.loss, ledger.accrued)


def allocate(
    schedule: tuple[Instalment, ...],
    payments: Iterable[Payment],
    policy: AllocationPolicy | Callable[[date], AllocationPolicy],
) -> Position:
    """Take up payments alone, which leave the schedule as it is."""
    return take_up(schedule, History(payments=tuple(payments)), policy).position


def _of_payments(
    schedule: tuple[Instalment, ...],
    in_order: list[Payment],
    policy: AllocationPolicy | Callable[[date], AllocationPolicy],
) -> Position:
    """Walk quickly where payments go to the oldest instalment first; else build the ledger."""
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
    """Compute the position when every payment goes to the oldest unpaid instalment."""
    paid: list[Components] = []
    paid_off_on: list[date | None] = []
    left = received_minor = allocated_minor = 0
    on = None
    coming = iter(payments)
    for instalment in schedule:
        due = instalment.due
        due_minor = sum(due)
        while left < due_minor and (payment := next(coming, None)):
            left += payment.amount_minor
            received_minor += payment.amount_minor
            on = payment.value_date
        if left < due_minor:
            break
        left -= due_minor
        allocated_minor += due_minor
        paid.append(due)
        paid_off_on.append(on if due_minor else None)
    for payment in coming:
        left += payment.amount_minor
        received_minor += payment.amount_minor
    if left and len(paid) < len(schedule):
        paid.append(_partial(schedule[len(paid)].due, left, order))
        allocated_minor += sum(paid[-1])
        left = 0
    assert received_minor == allocated_minor + left, "money lost or created"
    unpaid = (NOTHING,) * (len(schedule) - len(paid))
    not_paid_off = (None,) * (len(schedule) - len(paid_off_on))
    last = payments[-1].value_date if payments else None
    return Position((*paid, *unpaid), (*paid_off_on, *not_paid_off), left, last)


def _partial(due: Components, amount_minor: int, order: tuple[int, ...]) -> Components:
    """Split a partial payment of what is due, component by component."""
    parts = [0, 0, 0, 0]
    for component in order:
        parts[component] = min(amount_minor, due[component])
        amount_minor -= parts[component]
    return Components(*parts)
