"""Draw calibration as SVG: what the warning expected against what came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from infra.back_test.figures import Bin

_SIDE, _EDGE = 480, 60
_Z = 1.96


def calibration_svg(bins: Sequence[Bin], title: str) -> str:
    """Return a picture of the bins: a dot each, larger for more trials, with its 95% interval
    (Wilson), and the diagonal on which a calibrated warning lies."""
    largest = max((each.count for each in bins), default=1)
    marks = []
    for each in bins:
        x, radius = _x(each.expected), 3 + 7 * math.sqrt(each.count / largest)
        low, high = wilson(each.observed, each.count)
        said = f"expected {each.expected:.1%}, came {each.observed:.1%}, {each.count} trials"
        marks.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(low):.1f}" y2="{_y(high):.1f}"'
            ' stroke="#1f6f8b" stroke-width="2"/>'
            f'<circle cx="{x:.1f}" cy="{_y(each.observed):.1f}" r="{radius:.1f}"'
            f' fill="#1f6f8b" fill-opacity="0.7"><title>{said}</title></circle>'
        )
    ticks = "".join(
        f'<text x="{_x(at / 100):.0f}" y="{_SIDE - _EDGE + 20}" text-anchor="middle">{at}%</text>'
        f'<text x="{_EDGE - 8}" y="{_y(at / 100) + 4:.0f}" text-anchor="end">{at}%</text>'
        for at in range(0, 101, 20)
    )
    inner, middle = _SIDE - 2 * _EDGE, _SIDE / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}" role="img"'
        f' font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="white"/>'
        f'<text x="{middle}" y="30" text-anchor="middle" font-size="15">{escape(title)}</text>'
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{inner}" height="{inner}" fill="none"'
        ' stroke="#888"/>'
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888"'
        f' stroke-dasharray="4"/>{ticks}{"".join(marks)}'
        f'<text x="{_SIDE / 2}" y="{_SIDE - 12}" text-anchor="middle">expected to be late</text>'
        f'<text x="16" y="{_SIDE / 2}" text-anchor="middle"'
        f' transform="rotate(-90 16 {_SIDE / 2})">were late</text></svg>\n'
    )


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95% interval of a share (Wilson 1927), which stays within 0 and 1."""
    if not count:
        return 0.0, 1.0
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    middle, scale = share + _Z**2 / (2 * count), 1 + _Z**2 / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _x(share: float) -> float:
    return _EDGE + share * (_SIDE - 2 * _EDGE)


def _y(share: float) -> float:
    return _SIDE - _EDGE - share * (_SIDE - 2 * _EDGE)
