import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.loan import Components, sum_components
from recovery.domain.schedules.spreading import spread_components, spread_equally


@pytest.mark.parametrize(
    ("amount_minor", "over", "multiple_minor", "shares"),
    [
        (87_500, 3, 1, (29_167, 29_167, 29_166)),
        (50_000, 3, 100, (16_700, 16_700, 16_600)),
        (12_500, 2, 100, (6_200, 6_300)),  # half to even
        (9, 6, 1, (2, 2, 2, 2, 1, 0)),  # nothing is left for the last ones
        (1, 3, 1, (0, 0, 1)),
        (0, 2, 1, (0, 0)),
        (7, 1, 5, (7,)),
    ],
)
def test_the_last_share_absorbs(amount_minor, over, multiple_minor, shares) -> None:
    assert spread_equally(amount_minor, over, multiple_minor) == shares


@given(st.integers(0, 10**12), st.integers(1, 400), st.integers(1, 10_000))
def test_nothing_is_lost_and_no_share_is_negative(amount_minor, over, multiple_minor) -> None:
    shares = spread_equally(amount_minor, over, multiple_minor)
    assert (sum(shares), len(shares)) == (amount_minor, over)
    assert min(shares) >= 0


def test_components_are_spread_independently() -> None:
    parts = Components(1_001, 7, 0, 2)
    spread = spread_components(parts, 2)
    assert spread == [Components(500, 4, 0, 1), Components(501, 3, 0, 1)]
    assert sum_components(spread) == parts
