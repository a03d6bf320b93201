from xml.etree import ElementTree

import pytest

from infra.back_test.figures import Bin
from infra.back_test.picture import calibration_svg, wilson

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_has_a_dot_where_each_bin_is() -> None:
    bins = [Bin(100, 0.2, 0.2), Bin(400, 0.8, 0.5)]
    root = ElementTree.fromstring(calibration_svg(bins, "A < B"))
    low, high = root.findall(f"{SVG}circle")
    assert [child.text for child in root.findall(f"{SVG}title")] == ["A < B"]
    x, y = ([float(dot.get(name, "")) for dot in (low, high)] for name in ("cx", "cy"))
    assert x[0] == pytest.approx(480 - y[0])  # on the diagonal
    assert 480 - y[1] < x[1]  # less came than was expected: below it
    assert float(high.get("r", "")) > float(low.get("r", ""))


@pytest.mark.parametrize(
    ("share", "count", "expected"),
    [(0.5, 100, (0.404, 0.596)), (0.0, 10, (0.0, 0.278)), (1.0, 10, (0.722, 1.0))],
)
def test_intervals_of_a_share(share: float, count: int, expected: tuple[float, float]) -> None:
    assert wilson(share, count) == pytest.approx(expected, abs=0.001)
    assert wilson(0.0, 0) == (0.0, 1.0)
