"""The level payment leaves exactly the balloon after the last period."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.schedules.level_payment import level_payment, present_values

QUARTER = Fraction(1, 4)
NEGLIGIBLE = Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("rates", "balloon_minor", "payment"),
    [
        pytest.param([QUARTER], 0, 1_250, id="one period: the balance and its interest"),
        # 1,000 / (0.8 + 0.64).
        pytest.param([QUARTER] * 2, 0, Fraction(100_000, 144), id="two periods"),
        # (1,000 - 0.64 x 500) / 1.44.
        pytest.param([QUARTER] * 2, 500, Fraction(68_000, 144), id="with a balloon"),
        pytest.param([QUARTER] * 2, 1_000, 250, id="interest only"),
        pytest.param([Fraction(0)] * 4, 0, 250, id="no interest"),
        # 1,000 / (1 + 0.8).
        pytest.param([Fraction(0), QUARTER], 0, Fraction(5_000, 9), id="interest free at first"),
    ],
)
def test_level_payment(rates, balloon_minor, payment) -> None:
    found = level_payment(1_000, balloon_minor, present_values(rates)[0])
    assert abs(found - payment) <= NEGLIGIBLE


rates_of_periods = st.lists(st.fractions(0, 2, max_denominator=400), min_size=1, max_size=30)


@given(rates_of_periods, st.integers(1, 10**15), st.integers(0, 10**15), st.data())
def test_paying_it_every_period_leaves_the_balloon(rates, balance, balloon, data) -> None:
    start = data.draw(st.integers(0, len(rates) - 1))
    payment = level_payment(balance, balloon, present_values(rates)[start])
    owed, grown = Fraction(balance), Fraction(1)
    for rate in rates[start:]:
        owed = owed * (1 + rate) - payment
        grown *= 1 + rate
    assert abs(owed - balloon) <= grown * len(rates) * NEGLIGIBLE
