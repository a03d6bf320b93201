"""What holds of all patterns together: order, reordering, back-dating."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.monitoring.pattern import Behaviour, OwnPayment, PatternKind
from recovery.domain.monitoring.pattern_policy import PatternPolicy
from recovery.domain.monitoring.patterns import patterns_of
from recovery.domain.monitoring.payment_lines import payment_lines
from tests.builders import FIRST_DUE, a_schedule
from tests.payers import a_payer, found

SCHEDULE = a_schedule(12)
DUE_MINOR = SCHEDULE[0].due.total
AS_OF = date(2026, 12, 20)
PAYMENTS = st.lists(
    st.tuples(st.integers(-30, 330), st.integers(1, 2 * DUE_MINOR)), max_size=15
).map(
    lambda rows: [
        Payment(f"P-{at}", FIRST_DUE + timedelta(days=days), amount_minor)
        for at, (days, amount_minor) in enumerate(rows)
    ]
)


def seen(payments: list[Payment], as_of: date = AS_OF):
    known = [each for each in payments if each.value_date <= as_of]
    position = allocate(SCHEDULE, known, AllocationPolicy())
    own = tuple(OwnPayment(each.value_date, each.amount_minor) for each in known)
    lines = payment_lines(SCHEDULE, position, loan_id="L-1")
    return patterns_of(Behaviour(as_of=as_of, lines=lines, payments=own), PatternPolicy())


@given(PAYMENTS, st.randoms(use_true_random=False))
def test_the_order_in_which_payments_arrive_changes_nothing(
    payments: list[Payment], chance: random.Random
) -> None:
    shuffled = payments[:]
    chance.shuffle(shuffled)
    assert seen(shuffled) == seen(payments)


@given(PAYMENTS, st.integers(0, 200))
def test_a_back_dated_payment_counts_as_if_it_had_always_been_there(payments, at: int) -> None:
    before = [each for each in payments if each.value_date <= FIRST_DUE + timedelta(days=at)]
    late_news = [each for each in payments if each not in before]
    assert seen(late_news + before) == seen(payments)


@given(PAYMENTS, st.integers(0, 330))
def test_nothing_is_seen_before_it_happened(payments, days: int) -> None:
    as_of = FIRST_DUE + timedelta(days=days)
    later = [Payment("later", as_of + timedelta(days=1), DUE_MINOR)]
    assert seen(payments + later, as_of) == seen(payments, as_of)


@given(PAYMENTS)
def test_each_kind_is_found_once_in_order_with_evidence_that_adds_up(payments) -> None:
    order = list(PatternKind)
    patterns = seen(payments)
    places = [order.index(each.kind) for each in patterns]
    assert places == sorted(set(places))
    numbers = {each.number for each in SCHEDULE}
    for each in patterns:
        assert each.level >= 1 and {row.number for row in each.evidence} <= numbers


def test_whoever_pays_on_time_shows_nothing_that_worries() -> None:
    assert [each.kind for each in found(a_payer(*[0] * 9))] == [PatternKind.ON_TIME_IN_A_ROW]
    assert found(a_payer()) == ()
