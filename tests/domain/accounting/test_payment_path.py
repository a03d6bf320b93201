"""The order in which a payment pays what is owed."""

from datetime import date

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.payment_path import component_indices, path
from recovery.domain.accounting.policy import AllocationPolicy

DUE_DATES = [date(2026, month, 1) for month in (1, 2, 3, 4)]
P, I, F, N = range(4)  # noqa: E741 - principal, interest, fee, penalty
ORDER = (N, F, I, P)


def places(value_date: date, first: int = 0, **rule) -> list[tuple[int, int]]:
    return list(path(DUE_DATES, first, AllocationPolicy(**rule), value_date))


def all_of(*instalments: int) -> list[tuple[int, int]]:
    return [(index, component) for index in instalments for component in ORDER]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, all_of(0, 1, 2, 3)),
        ({"prepayment": "last_instalment"}, all_of(0, 1, 3, 2)),
        ({"prepayment": "reduce_instalment"}, all_of(0, 1)),
        ({"by": "component"}, [(i, c) for c in ORDER for i in (0, 1)] + all_of(2, 3)),
        (
            {"by": "component", "prepayment": "last_instalment"},
            [(i, c) for c in ORDER for i in (0, 1)] + all_of(3, 2),
        ),
    ],
)
def test_overdue_amounts_come_before_prepayments(rule, expected) -> None:
    assert places(date(2026, 2, 2), **rule) == expected


def test_amounts_due_that_day_come_between_overdue_and_prepayments() -> None:
    found = places(date(2026, 3, 1), by="component", prepayment="last_instalment")
    assert found == [(i, c) for c in ORDER for i in (0, 1)] + all_of(2) + all_of(3)
    assert places(date(2026, 3, 1), prepayment="reduce_instalment") == all_of(0, 1, 2)


def test_paid_instalments_are_skipped_and_the_day_before_the_due_date_is_in_advance() -> None:
    assert places(date(2026, 1, 31), first=1, prepayment="last_instalment") == all_of(3, 2, 1)
    assert places(date(2026, 9, 1), first=4) == []


def test_components_are_found_by_name() -> None:
    assert component_indices(("fee", "principal")) == (F, P)
    assert Components._fields == ("principal", "interest", "fee", "penalty")
