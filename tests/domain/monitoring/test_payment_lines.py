from datetime import timedelta

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import NOTHING, Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import paid_off_by_others
from recovery.domain.monitoring.payment_lines import payment_lines
from recovery.domain.monitoring.tolerance import Tolerance
from tests.builders import FIRST_DUE, a_schedule, months_after

SCHEDULE = a_schedule(3)
DUE_MINOR = SCHEDULE[0].due.total


def lines(*payments: tuple[int, int], **options):
    paid = [
        Payment(f"P-{at}", FIRST_DUE + timedelta(days=days), amount_minor)
        for at, (days, amount_minor) in enumerate(payments)
    ]
    return payment_lines(SCHEDULE, allocate(SCHEDULE, paid, AllocationPolicy()), **options)


@pytest.mark.parametrize("days", [-3, 0, 4])
def test_days_late_run_to_the_payment_that_completed_it(days: int) -> None:
    assert lines((days, DUE_MINOR))[0].days_late(months_after(FIRST_DUE, 2)) == days


def test_until_then_they_run_to_the_day_of_the_look_and_never_before_the_due_date() -> None:
    line = lines((0, DUE_MINOR - 1))[0]
    assert line.days_late(FIRST_DUE + timedelta(days=9)) == 9
    assert line.days_late(FIRST_DUE - timedelta(days=9)) == 0


def test_what_the_tolerance_allows_is_complete_and_on_time() -> None:
    line = lines((0, DUE_MINOR - 50), tolerance=Tolerance(amount_minor=50))[0]
    assert line.is_complete and line.days_late(months_after(FIRST_DUE, 5)) == 0
    assert not lines((0, DUE_MINOR - 51), tolerance=Tolerance(amount_minor=50))[0].is_complete


def test_nothing_paid_is_never_complete() -> None:
    assert not lines(tolerance=Tolerance(amount_minor=DUE_MINOR))[0].is_complete


def test_an_instalment_with_nothing_due_says_nothing() -> None:
    schedule = (Instalment(1, FIRST_DUE, NOTHING), *SCHEDULE[1:])
    found = payment_lines(schedule, allocate(schedule, [], AllocationPolicy()))
    assert [each.number for each in found] == [2, 3]


def test_what_third_parties_paid_off_is_marked() -> None:
    found = lines((0, 3 * DUE_MINOR), paid_by_others={2}, loan_id="L-9")
    assert [each.by_others for each in found] == [False, True, False]
    assert {each.loan_id for each in found} == {"L-9"}


def test_an_instalment_is_paid_by_others_if_only_they_paid_that_day() -> None:
    payments = [
        Payment("P-1", FIRST_DUE, DUE_MINOR),
        Payment("P-2", months_after(FIRST_DUE, 1), DUE_MINOR, payer_kind="guarantor"),
        Payment("P-3", months_after(FIRST_DUE, 2), DUE_MINOR - 1, payer_kind="relative"),
        Payment("P-4", months_after(FIRST_DUE, 2), 1),
    ]
    position = allocate(SCHEDULE, payments, AllocationPolicy())
    assert paid_off_by_others(SCHEDULE, position, payments) == {2}
    assert paid_off_by_others(SCHEDULE, position, payments[::-1]) == {2}
