from datetime import timedelta

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.monitoring.behaviour import risk_signals
from recovery.domain.monitoring.policy import MonitoringPolicy, RiskPolicy
from recovery.domain.monitoring.tolerance import Tolerance
from tests.builders import FIRST_DUE, a_schedule, months_after

SCHEDULE = a_schedule(4)
DUE_MINOR = SCHEDULE[0].due.total


def named(
    *days_late: int,
    part_of_last: int = 0,
    last_instalments: int = 2,
    allocation: AllocationPolicy = AllocationPolicy(),  # noqa: B008
    **monitoring,
) -> list[str]:
    """Return the signal names when the instalments were paid ``days_late`` late."""
    payments = [
        Payment(f"P-{n}", months_after(FIRST_DUE, n) + timedelta(days=late), DUE_MINOR)
        for n, late in enumerate(days_late)
    ]
    as_of = months_after(FIRST_DUE, len(days_late) - 1 + bool(part_of_last))
    if part_of_last:
        payments.append(Payment("part", as_of, part_of_last))
    policy = MonitoringPolicy(risk=RiskPolicy(last_instalments=last_instalments), **monitoring)
    position = allocate(SCHEDULE, payments, AllocationPolicy())
    found = risk_signals(SCHEDULE, position, policy, allocation, as_of)
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("days_late", "signals"),
    [
        ((0, 0), []),
        ((0, 2), []),
        ((0, 3), ["late payment"]),
        ((5, 4), ["late payment"] * 2),
        ((5, 0, 0), []),  # only the last two count
    ],
)
def test_a_late_payment_among_the_last_instalments_is_a_signal(days_late, signals) -> None:
    assert named(*days_late) == signals


def test_a_partly_paid_instalment_is_a_signal_but_an_unpaid_one_is_not() -> None:
    assert named(0, part_of_last=1) == ["incomplete payment"]


def test_a_payment_within_the_tolerance_is_complete() -> None:
    almost = {"part_of_last": DUE_MINOR - 100}
    assert named(0, **almost, tolerance=Tolerance(amount_minor=99)) == ["incomplete payment"]
    assert named(0, **almost, tolerance=Tolerance(amount_minor=100)) == []


def test_partial_payment_due_today_is_no_signal_where_prepayments_are_spread() -> None:
    spread = AllocationPolicy(prepayment="reduce_instalment")
    assert named(0, part_of_last=1, allocation=spread) == []


def test_a_policy_that_checks_no_instalments_gives_no_signals() -> None:
    assert named(9, 9, last_instalments=0) == []
