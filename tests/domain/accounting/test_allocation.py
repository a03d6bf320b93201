"""Allocation never loses or creates money, whatever order payments arrive in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting import allocation
from recovery.domain.accounting.allocation import allocate, take_up
from recovery.domain.accounting.history import Charge, History
from recovery.domain.accounting.loan import Components, Instalment, Payment, sum_components
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.monitoring.policy import MonitoringPolicy
from tests.builders import FIRST_DUE, a_schedule, months_after

JANUARY = date(2026, 1, 1)
DEFAULT = AllocationPolicy()
BY_COMPONENT = AllocationPolicy(by="component")


def schedule(*dues: tuple[int, int, int, int]) -> tuple[Instalment, ...]:
    return tuple(
        Instalment(n, JANUARY + timedelta(days=30 * n), Components(*due))
        for n, due in enumerate(dues, start=1)
    )


def pays(amount_minor: int, day: int = 0, payment_id: str = "p") -> Payment:
    return Payment(payment_id, JANUARY + timedelta(days=day), amount_minor)


TWO = schedule((100, 20, 5, 3), (100, 20, 5, 0))


@pytest.mark.parametrize(
    ("amount_minor", "paid"),
    [
        (3, ((0, 0, 0, 3), (0, 0, 0, 0))),
        (8, ((0, 0, 5, 3), (0, 0, 0, 0))),
        (28, ((0, 20, 5, 3), (0, 0, 0, 0))),
        (100, ((72, 20, 5, 3), (0, 0, 0, 0))),
        (133, ((100, 20, 5, 3), (0, 0, 5, 0))),
    ],
)
def test_the_oldest_instalment_is_paid_first_in_component_order(amount_minor, paid) -> None:
    assert allocate(TWO, [pays(amount_minor)], DEFAULT).paid == paid


def test_by_component_pays_all_overdue_interest_before_any_principal() -> None:
    position = allocate(TWO, [pays(53, day=90)], BY_COMPONENT)
    assert position.paid == ((0, 20, 5, 3), (0, 20, 5, 0))


def test_by_component_leaves_coming_instalments_for_last() -> None:
    position = allocate(TWO, [pays(130, day=31)], BY_COMPONENT)
    assert position.paid == ((100, 20, 5, 3), (0, 0, 2, 0))


def test_overpayment_becomes_credit() -> None:
    position = allocate(TWO, [pays(300)], DEFAULT)
    assert position.credit_minor == 300 - 253
    assert position.paid == tuple(i.due for i in TWO)


def test_paid_off_on_is_the_value_date_that_completed_the_instalment() -> None:
    position = allocate(TWO, [pays(127, 5, "a"), pays(2, 9, "b")], DEFAULT)
    assert position.paid_off_on == (JANUARY + timedelta(days=9), None)


amounts = st.integers(0, 10_000)
schedules = st.lists(
    st.tuples(amounts, amounts, amounts, amounts).filter(any), min_size=1, max_size=12
).map(lambda dues: schedule(*dues))
payments = st.lists(st.tuples(st.integers(1, 20_000), st.integers(-30, 400)), max_size=15).map(
    lambda rows: [pays(amount, day, f"p{n}") for n, (amount, day) in enumerate(rows)]
)
policies = st.builds(
    AllocationPolicy,
    by=st.sampled_from(["instalment", "component"]),
    order=st.permutations(["principal", "interest", "fee", "penalty"]).map(tuple),
)


@given(schedules, payments, policies)
def test_allocated_plus_credit_equals_payments(given_schedule, given_payments, policy) -> None:
    position = allocate(given_schedule, given_payments, policy)
    allocated = sum_components(position.paid).total
    assert allocated + position.credit_minor == sum(p.amount_minor for p in given_payments)
    assert position.credit_minor >= 0
    for instalment, paid, paid_off_on in zip(
        given_schedule, position.paid, position.paid_off_on, strict=True
    ):
        assert all(0 <= part <= due for part, due in zip(paid, instalment.due, strict=True))
        assert (paid == instalment.due) == (paid_off_on is not None)


@given(schedules, payments, policies, st.randoms())
def test_the_order_of_arrival_does_not_matter(
    given_schedule, given_payments, policy, random
) -> None:
    shuffled = list(given_payments)
    random.shuffle(shuffled)
    assert allocate(given_schedule, shuffled, policy) == allocate(
        given_schedule, given_payments, policy
    )


def test_nothing_is_paid_without_payments() -> None:
    assert allocate(TWO, [], DEFAULT) == unpaid_position(TWO)


def test_a_new_order_applies_only_to_later_payments() -> None:
    principal_first = AllocationPolicy(order=("principal", "interest", "fee", "penalty"))
    changes_on = JANUARY + timedelta(days=10)

    def policy_on(on: date) -> AllocationPolicy:
        return principal_first if on >= changes_on else DEFAULT

    before = allocate(TWO, [pays(10, day=1, payment_id="a")], policy_on)
    after = allocate(TWO, [pays(10, 1, "a"), pays(50, 20, "b")], policy_on)
    assert before.paid[0] == Components(0, 2, 5, 3)
    assert after.paid[0] == Components(50, 2, 5, 3)


def test_a_dated_policy_that_never_changed_needs_no_ledger(monkeypatch) -> None:
    monkeypatch.setattr(allocation, "build_ledger", None)
    payments = [pays(10, day=1, payment_id="a"), pays(50, 20, "b")]
    assert allocate(TWO, payments, lambda _: DEFAULT) == allocate(TWO, payments, DEFAULT)
    assert allocate(TWO, [], lambda _: BY_COMPONENT) == unpaid_position(TWO)


def test_a_charge_after_the_last_due_date_is_owed_on_an_instalment_of_its_own() -> None:
    """The position alone would no longer fit the first schedule."""
    schedule = a_schedule(2)
    charge = Charge(months_after(FIRST_DUE, 3), "fee", 500)
    history = History(payments=(Payment("P-1", FIRST_DUE, 23_000),), charges=(charge,))
    owed = take_up(schedule, history, AllocationPolicy())
    assert owed.schedule[:2] == schedule
    assert owed.schedule[2].due.total == 500
    as_of = charge.on + timedelta(days=4)
    standing = standing_at(owed.schedule, owed.position, MonitoringPolicy(), as_of)
    assert (standing.overdue.fee, standing.days_past_due) == (500, 4)
