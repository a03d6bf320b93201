from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.history import Chargeback, History
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.ownership import Owner, PassedOn
from recovery.domain.accounting.passing_on import differences, money_passed_on

SOLD_FROM, BACK_FROM = date(2026, 7, 1), date(2026, 8, 11)
OURS = Owner("umoja")
OWNERS = (
    OURS,
    Owner("Fondo Norte", outside=True, from_on=SOLD_FROM),
    Owner("umoja", from_on=BACK_FROM),
)
LATE = Payment("P-50", date(2026, 7, 3), 5_000)
BEFORE = Payment("P-1", date(2026, 6, 30), 700)
AFTER = Payment("P-2", BACK_FROM, 900)
PASSED = PassedOn("P-50", LATE.value_date, 5_000, "Fondo Norte")
HISTORY = History(payments=(LATE, BEFORE, AFTER))


def test_only_what_comes_in_for_another_owner_is_passed_on() -> None:
    assert money_passed_on(OWNERS, HISTORY) == {"P-50": PASSED}
    assert money_passed_on((OURS,), HISTORY) == {}


def test_what_the_payers_bank_takes_back_is_asked_back_from_the_owner_of_that_day() -> None:
    back = Chargeback("P-50", date(2026, 7, 20), 2_000)
    again = replace(HISTORY, chargebacks=(back, back))
    asked = PassedOn("P-50", back.on, -2_000, "Fondo Norte")
    found = differences(money_passed_on(OWNERS, HISTORY), money_passed_on(OWNERS, again))
    assert list(found) == [asked, asked]
    ours = replace(HISTORY, chargebacks=(replace(back, on=BACK_FROM),))
    assert money_passed_on(OWNERS, ours) == {"P-50": PASSED}


def test_a_sale_learned_late_passes_on_what_came_in_since() -> None:
    found = differences({}, money_passed_on(OWNERS, HISTORY))
    assert list(found) == [PASSED]


def test_a_reversal_asks_back_what_was_passed_on() -> None:
    found = differences({"P-50": PASSED}, {})
    assert list(found) == [replace(PASSED, amount_minor=-5_000)]


days = st.integers(0, 60).map(lambda number: date(2026, 6, 20) + timedelta(number))
payments = st.lists(
    st.builds(Payment, st.sampled_from("abcdef"), days, st.integers(1, 900)),
    max_size=6,
    unique_by=lambda each: each.payment_id,
)


@given(payments, payments, days, days)
def test_what_is_told_adds_up_to_what_is_passed_on(first, then, one, other) -> None:
    """However often payments and owners change, the sum of what was told is what is passed on."""
    steps = [
        money_passed_on((OURS,), History(payments=tuple(first))),
        money_passed_on(
            (OURS, Owner("Kredit", outside=True, from_on=one)), History(payments=tuple(first))
        ),
        money_passed_on(
            (OURS, Owner("Kredit", outside=True, from_on=other)), History(payments=tuple(then))
        ),
    ]
    told = [each for was, now in pairwise(steps) for each in differences(was, now)]
    assert sum(each.amount_minor for each in told) == sum(
        each.amount_minor for each in then if each.value_date >= other
    )
