"""Spreading an amount equally over instalments, without a minor unit lost or created."""

from __future__ import annotations

from fractions import Fraction

from recovery.domain.accounting.loan import Components
from recovery.domain.shared.rounding import to_multiple


def spread_equally(amount_minor: int, over: int, multiple_minor: int = 1) -> tuple[int, ...]:
    """``over`` shares of the amount: each rounded half to even to a multiple, the last one absorbs.

    No share is below zero: where rounding up would leave nothing, the last ones are smaller.
    """
    share = to_multiple(Fraction(amount_minor, over), "half_even", multiple_minor)
    shares = []
    left = amount_minor
    for _ in range(over - 1):
        shares.append(min(share, left))
        left -= shares[-1]
    return (*shares, left)


def spread_components(parts: Components, over: int, multiple_minor: int = 1) -> list[Components]:
    """Each component spread on its own."""
    spread = (spread_equally(part, over, multiple_minor) for part in parts)
    return [Components(*shares) for shares in zip(*spread, strict=True)]
