"""Split an amount in proportion to weights without losing or creating a minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def apportion(
    amount_minor: int,
    weights: Sequence[Fraction | int],
    behind: Sequence[Fraction] | None = None,
) -> tuple[int, ...]:
    """Split by largest remainder; of equal remainders the first gets the unit.

    ``behind`` is what earlier splits left each short of the exact share, so that a series of splits
    favours nobody. Weights are not negative and one is positive, unless the amount is 0. With whole
    weights and an amount up to their sum, no share exceeds its weight.
    """
    if not amount_minor:
        return (0,) * len(weights)
    whole = sum(weights)
    exact = [Fraction(amount_minor * weight) / whole for weight in weights]
    shares = [floor(each) for each in exact]
    rest = [wanted - share for wanted, share in zip(exact, shares, strict=True)]
    if behind is not None:
        rest = [left + before for left, before in zip(rest, behind, strict=True)]
    in_turn = sorted((-left, at) for at, left in enumerate(rest) if weights[at])
    for _, at in in_turn[: amount_minor - sum(shares)]:
        shares[at] += 1
    return tuple(shares)
