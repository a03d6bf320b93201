"""Spread an amount equally over instalments without losing or creating a minor unit."""

from __future__ import annotations

from fractions import Fraction

from recovery.domain.accounting.loan import Components
from recovery.domain.shared.rounding import to_multiple


def spread_equally(amount_minor: int, over: int, multiple_minor: int = 1) -> tuple[int, ...]:
    """Split into ``over`` shares, rounded half to even to a multiple; the last takes the remainder.

    No share is negative: if rounding up exhausts the amount, the last shares are smaller.
    """
    share = to_multiple(Fraction(amount_minor, over), "half_even", multiple_minor)
    shares = []
    left = amount_minor
    for _ in range(over - 1):
        shares.append(min(share, left))
        left -= shares[-1]
    return (*shares, left)


def spread_components(parts: Components, over: int, multiple_minor: int = 1) -> list[Components]:
    """Spread each component independently."""
    spread = (spread_equally(part, over, multiple_minor) for part in parts)
    return [Components(*shares) for shares in zip(*spread, strict=True)]
