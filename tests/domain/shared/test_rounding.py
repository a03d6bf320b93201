"""The rounding rule decides ties and nothing else."""

from fractions import Fraction

import pytest

from recovery.domain.shared.rounding import to_multiple


@pytest.mark.parametrize(
    ("amount_minor", "multiple_minor", "half_even", "half_up"),
    [
        pytest.param(Fraction(5, 2), 1, 2, 3, id="2.5"),
        pytest.param(Fraction(7, 2), 1, 4, 4, id="3.5"),
        pytest.param(Fraction(249, 100), 1, 2, 2, id="2.49"),
        pytest.param(Fraction(251, 100), 1, 3, 3, id="2.51"),
        pytest.param(250, 100, 200, 300, id="250 to hundreds"),
        pytest.param(350, 100, 400, 400, id="350 to hundreds"),
        pytest.param(Fraction(49, 1), 100, 0, 0, id="less than half of one"),
        pytest.param(0, 100, 0, 0, id="nothing"),
    ],
)
def test_to_multiple(amount_minor, multiple_minor, half_even, half_up) -> None:
    assert to_multiple(amount_minor, "half_even", multiple_minor) == half_even
    assert to_multiple(amount_minor, "half_up", multiple_minor) == half_up


def test_the_default_multiple_is_one_minor_unit() -> None:
    assert to_multiple(Fraction(301, 100), "half_even") == 3
