from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.agreements.payment_plan import plan_parts
from recovery.domain.schedules.due_dates import MONTHLY, due_dates_after
from tests.households import ON


@given(st.integers(1, 10**12), st.integers(1, 60), st.integers(1, 500))
def test_the_parts_are_the_arrears_to_the_cent(arrears, count, multiple) -> None:
    parts = plan_parts(arrears, due_dates_after(ON, MONTHLY, count), multiple)
    assert sum(each.amount_minor for each in parts) == arrears
    assert all(each.amount_minor > 0 for each in parts)
    assert [each.due_date for each in parts] == sorted({each.due_date for each in parts})
