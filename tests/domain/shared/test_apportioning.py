from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.shared.apportioning import apportion

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any)


@pytest.mark.parametrize(
    ("amount_minor", "by", "shares"),
    [
        (600, (1, 1), (300, 300)),
        (100, (1, 1, 1), (34, 33, 33)),
        (100, (1, 1, 4), (17, 17, 66)),  # 16.67, 16.67, 66.67: the first two units
        (1, (0, 1), (0, 1)),
        (0, (0, 0), (0, 0)),
    ],
)
def test_the_largest_remainders_get_what_is_left(amount_minor, by, shares) -> None:
    assert apportion(amount_minor, by) == shares


@given(st.integers(0, 10**9), weights)
def test_nothing_is_lost_and_each_is_within_a_unit_of_the_exact_share(amount_minor, by) -> None:
    shares = apportion(amount_minor, by)
    assert sum(shares) == amount_minor
    for share, weight in zip(shares, by, strict=True):
        assert abs(share - Fraction(amount_minor * weight, sum(by))) < 1


@given(weights, st.data())
def test_no_share_exceeds_its_weight(by, data) -> None:
    amount_minor = data.draw(st.integers(0, sum(by)))
    assert all(map(int.__le__, apportion(amount_minor, by), by))


def test_a_series_of_splits_favours_nobody() -> None:
    behind = (Fraction(0),) * 3
    total = [0, 0, 0]
    for _ in range(12):
        shares = apportion(100, (1, 1, 1), behind)
        behind = tuple(b + Fraction(100, 3) - s for b, s in zip(behind, shares, strict=True))
        total = [before + share for before, share in zip(total, shares, strict=True)]
    assert total == [400, 400, 400]
