from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.refinancing import (
    NewLoan,
    Refinancing,
    RepaidLoan,
    find_refinancing,
)

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
        new="L-9",
        old=("L-1",),
        days_past_due=45,
        vintage_on=date(2025, 12, 2),
        forborne=True,
        officers=frozenset({"Peter Otieno", "Mary Achieng"}),
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
    assert (found.old, found.days_past_due, found.vintage_on, found.forborne) == (
        ("L-0", "L-1"),
        45,
        date(2024, 1, 1),
        True,
    )
