from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position, unpaid_position
from recovery.domain.accounting.refinancing import (
    Carried,
    NewLoan,
    Refinancing,
    RepaidLoan,
    find_refinancing,
    repaid_loan,
)
from tests.builders import FIRST_DUE, a_loan, a_schedule

PAID_OFF_ON = date(2026, 6, 10)
OLD = RepaidLoan(
    loan_id="L-1",
    borrower_id="B-1",
    paid_off_on=PAID_OFF_ON,
    last_due_date=date(2026, 12, 1),
    days_past_due=45,
    vintage_on=date(2025, 12, 2),
    officer="Peter Otieno",
)
NEW = NewLoan(loan_id="L-9", borrower_id="B-1", disbursed_on=PAID_OFF_ON, officer="Mary Achieng")


def test_the_new_loan_carries_days_vintage_and_mark() -> None:
    assert find_refinancing([replace(OLD, forborne=True)], NEW) == Refinancing(
        loan_id="L-9",
        carried=Carried(("L-1",), 45, date(2025, 12, 2), forborne=True),
        officers=("Mary Achieng", "Peter Otieno"),
    )


@pytest.mark.parametrize(
    ("days", "within", "found"),
    [(30, 30, True), (31, 30, False), (-30, 30, True), (-31, 30, False), (8, 7, False)],
)
def test_thirty_days_either_way_or_as_the_policy_says(days, within, found) -> None:
    new = replace(NEW, disbursed_on=PAID_OFF_ON + timedelta(days=days))
    assert bool(find_refinancing([OLD], new, within_days=within)) is found


@pytest.mark.parametrize(
    "old",
    [
        replace(OLD, borrower_id="B-2"),
        replace(OLD, loan_id="L-9"),
        replace(OLD, vintage_on=NEW.disbursed_on),  # granted no earlier than the new one
    ],
)
def test_other_peoples_loans_and_later_ones_are_not_refinanced(old) -> None:
    assert find_refinancing([old], NEW) is None


ON_SCHEDULE = replace(OLD, paid_off_on=PAID_OFF_ON, last_due_date=PAID_OFF_ON, days_past_due=0)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, False),  # ran to its end: the next cycle is a renewal
        ({"days_past_due": 1}, True),
        ({"forborne": True}, True),
        ({"last_due_date": PAID_OFF_ON + timedelta(days=1)}, True),  # paid off early
    ],
)
def test_a_loan_that_ran_to_its_end_in_good_order_leaves_nothing_to_carry(changes, found) -> None:
    assert bool(find_refinancing([replace(ON_SCHEDULE, **changes)], NEW)) is found


def test_of_several_loans_the_worst_is_carried() -> None:
    marked = replace(
        OLD,
        loan_id="L-0",
        days_past_due=3,
        vintage_on=date(2024, 1, 1),
        forborne=True,
        officer=None,
    )
    found = find_refinancing([OLD, marked, replace(OLD, borrower_id="B-2", loan_id="L-3")], NEW)
    assert found is not None
    assert found.carried == Carried(("L-0", "L-1"), 45, date(2024, 1, 1), forborne=True)
    assert found.officers == ("Mary Achieng", "Peter Otieno")


@pytest.mark.parametrize(
    ("days", "forborne", "is_forborne"), [(0, False, False), (1, False, True), (0, True, True)]
)
def test_repaying_a_loan_in_difficulty_is_itself_a_concession(days, forborne, is_forborne) -> None:
    assert Carried(("L-1",), days, PAID_OFF_ON, forborne).is_forborne is is_forborne


LOAN = a_loan(instalments=3)  # due 1 February, 1 March and 1 April 2026
APRIL = date(2026, 4, 1)


def paid(*payments: tuple[date, int]) -> Position:
    found = [Payment(f"P-{n}", on, minor) for n, (on, minor) in enumerate(payments)]
    return allocate(LOAN.schedule, found, AllocationPolicy())


def test_a_loan_is_repaid_once_nothing_is_owed_on_it() -> None:
    assert repaid_loan(LOAN, paid((FIRST_DUE, 34_499))) is None
    early = repaid_loan(LOAN, paid((FIRST_DUE, 34_500)))
    assert early == RepaidLoan(
        loan_id="L-1",
        borrower_id="B-1",
        paid_off_on=FIRST_DUE,
        last_due_date=APRIL,
        days_past_due=0,
        vintage_on=LOAN.disbursed_on,
        officer="Peter Otieno",
    )


def test_its_days_are_the_worst_at_which_it_was_paid_off_in_the_end() -> None:
    cleared, ended = date(2026, 3, 20), date(2026, 4, 5)
    late = repaid_loan(LOAN, paid((cleared, 23_000), (ended, 11_500)))
    assert late and (late.paid_off_on, late.days_past_due) == (ended, 47)  # 1 February, on 20 March
    later = repaid_loan(LOAN, paid((cleared, 23_000), (ended, 11_500)), within_days=10)
    assert later and later.days_past_due == 4


def test_what_it_carries_itself_is_carried_on() -> None:
    before = Carried(("L-0",), 12, date(2024, 5, 1))
    chained = repaid_loan(LOAN, paid((FIRST_DUE, 34_500)), carried=before)
    assert chained and (chained.vintage_on, chained.forborne) == (date(2024, 5, 1), True)
    marked = repaid_loan(LOAN, paid((FIRST_DUE, 34_500)), forborne=True)
    assert marked and marked.forborne


def test_a_loan_on_which_nothing_was_ever_due_is_not_repaid() -> None:
    nothing = replace(LOAN, schedule=a_schedule(1, Components()))
    assert repaid_loan(nothing, unpaid_position(nothing.schedule)) is None
