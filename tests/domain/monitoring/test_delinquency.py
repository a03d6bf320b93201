from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.monitoring.tolerance import Tolerance
from recovery.domain.policy import DEFAULT_POLICY

DUE = date(2026, 3, 10)
SCHEDULE = tuple(
    Instalment(n, DUE + timedelta(days=30 * (n - 1)), Components(100, 10)) for n in (1, 2, 3)
)


def standing(as_of: date, *payments: Payment, grace_days: int = 0):
    policy = MonitoringPolicy(grace_days=grace_days)
    position = allocate(SCHEDULE, payments, AllocationPolicy())
    return standing_at(SCHEDULE, position, policy, as_of)


@pytest.mark.parametrize(
    ("as_of", "days_past_due", "bucket"),
    [
        (DUE - timedelta(days=1), 0, "current"),
        (DUE, 0, "current"),
        (DUE + timedelta(days=1), 1, "1-30"),
        (DUE + timedelta(days=30), 30, "1-30"),
        (DUE + timedelta(days=31), 31, "31-60"),
        (DUE + timedelta(days=60), 60, "31-60"),
        (DUE + timedelta(days=61), 61, "61-90"),
        (DUE + timedelta(days=91), 91, "91+"),
        (DUE + timedelta(days=1000), 1000, "91+"),
    ],
)
def test_days_past_due_count_from_the_day_after_the_due_date(as_of, days_past_due, bucket) -> None:
    found = standing(as_of)
    assert (found.days_past_due, found.bucket) == (days_past_due, bucket)


def test_paying_the_oldest_instalment_moves_a_loan_from_31_60_to_1_30() -> None:
    as_of = DUE + timedelta(days=35)
    assert standing(as_of).bucket == "31-60"
    paid = standing(as_of, Payment("p", as_of, 110))
    assert (paid.days_past_due, paid.bucket) == (5, "1-30")


def test_one_cent_short_is_still_overdue() -> None:
    found = standing(DUE + timedelta(days=5), Payment("p", DUE, 109))
    assert (found.days_past_due, found.overdue) == (5, Components(1, 0))


def test_grace_days_are_past_due_but_not_delinquent() -> None:
    found = standing(DUE + timedelta(days=5), grace_days=5)
    assert (found.days_past_due, found.days_delinquent, found.bucket) == (5, 0, "current")
    assert found.delinquent_since == DUE + timedelta(days=5)


def test_days_count_from_the_first_instalment_beyond_the_tolerance() -> None:
    policy = MonitoringPolicy(tolerance=Tolerance(amount_minor=5))
    paid = [Payment("a", DUE, 105), Payment("b", DUE, 110, instalment=3)]

    def found(as_of: date, *payments: Payment):
        position = allocate(SCHEDULE, payments, AllocationPolicy())
        return standing_at(SCHEDULE, position, policy, as_of)

    second = SCHEDULE[1].due_date
    assert found(second, *paid).days_past_due == 0
    assert found(second, *paid).overdue == Components(5)  # still owed and reported
    assert found(second + timedelta(days=2), *paid).days_past_due == 2
    assert found(second + timedelta(days=2), paid[0]).oldest_due_date == second
    assert found(second, Payment("a", DUE, 104)).oldest_due_date == DUE


def test_overdue_and_outstanding_are_split_by_component() -> None:
    found = standing(DUE + timedelta(days=31), Payment("p", DUE, 60))
    assert found.overdue == Components(50 + 100, 0 + 10)
    assert found.outstanding == Components(250, 20)
    assert found.next_due_date == SCHEDULE[2].due_date


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(-20, 90)), max_size=6),
    st.integers(-10, 200),
)
def test_overdue_never_exceeds_outstanding_and_nothing_is_negative(payments, day) -> None:
    as_of = DUE + timedelta(days=day)
    made = [Payment(f"p{n}", DUE + timedelta(days=d), a) for n, (a, d) in enumerate(payments)]
    found = standing(as_of, *made)
    for overdue, outstanding in zip(found.overdue, found.outstanding, strict=True):
        assert 0 <= overdue <= outstanding
    assert (found.days_past_due == 0) == (found.overdue.total == 0)
    [bucket] = [each for each in DEFAULT_POLICY.monitoring.buckets if each.name == found.bucket]
    assert bucket.min_days <= found.days_delinquent <= (bucket.max_days or 10**9)


def test_an_unpaid_loan_owes_its_entire_schedule() -> None:
    found = standing_at(SCHEDULE, unpaid_position(SCHEDULE), DEFAULT_POLICY.monitoring, DUE)
    assert found.outstanding.total == 330
