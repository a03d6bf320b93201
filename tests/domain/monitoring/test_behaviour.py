from datetime import timedelta

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.monitoring.behaviour import NOTHING_KNOWN, Known, risk_signals, warned
from recovery.domain.monitoring.early_warning import WarningPolicy
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


SELLER = (0, 0, 1, 1, 2, 3, 3, 4, 4)
UNTREATED = WarningPolicy(treatments=())
TREATED = MonitoringPolicy(risk=RiskPolicy(late_from_days=9), warning=WarningPolicy())


def drifting(days: int, policy: MonitoringPolicy = TREATED, also_paid_minor: int = 0):
    """Look at the seller so many days before her tenth due date."""
    schedule = a_schedule(12)
    payments = [
        Payment(f"P-{n}", months_after(FIRST_DUE, n) + timedelta(days=late), DUE_MINOR)
        for n, late in enumerate(SELLER)
    ]
    if also_paid_minor:
        payments.append(Payment("more", months_after(FIRST_DUE, 8), also_paid_minor))
    position = allocate(schedule, payments, AllocationPolicy())
    as_of = schedule[9].due_date - timedelta(days=days)
    known = schedule, position, policy
    warning = warned(*known, as_of)
    signals = risk_signals(*known, AllocationPolicy(), as_of, NOTHING_KNOWN, warning)
    return warning, [each.name for each in signals]


@pytest.mark.parametrize("days", [7, 3, 0])
def test_from_its_day_until_the_due_date_a_warning_signals_its_patterns(days: int) -> None:
    warning, names = drifting(days)
    assert warning is not None and "drifting later" in names
    assert warning == drifting(7)[0]  # time alone changes nothing


def test_before_its_day_a_warning_is_announced_and_signals_nothing() -> None:
    warning, names = drifting(8)
    assert warning is not None and names == []
    assert warning.on == warning.due_date - timedelta(days=7)


def test_without_a_treatment_or_once_it_is_paid_or_overdue_there_is_no_warning() -> None:
    assert drifting(3, MonitoringPolicy(risk=TREATED.risk, warning=UNTREATED)) == (None, [])
    assert drifting(-1) == (None, [])
    warning, names = drifting(3, also_paid_minor=DUE_MINOR)
    assert names == [] and (warning is None or warning.due_date > months_after(FIRST_DUE, 9))


def test_what_others_paid_on_time_does_not_hide_a_delay_before_it() -> None:
    payments = [
        Payment("P-1", FIRST_DUE + timedelta(days=9), DUE_MINOR),
        Payment("P-2", months_after(FIRST_DUE, 1), DUE_MINOR),
    ]
    position = allocate(SCHEDULE, payments, AllocationPolicy())
    policy = MonitoringPolicy(risk=RiskPolicy(last_instalments=1))
    known = SCHEDULE, position, policy, AllocationPolicy(), months_after(FIRST_DUE, 1)
    assert risk_signals(*known) == ()
    assert [each.name for each in risk_signals(*known, Known(paid_by_others={2}))] == [
        "late payment"
    ]
