"""How an exact amount becomes whole minor units.

Half to even is the default (IEEE 754-2019, section 4.3.1): over many instalments it favours neither
side. Half up is what many contracts and statutes write.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Literal

Rounding = Literal["half_even", "half_up"]

_HALF = Fraction(1, 2)


def to_multiple(amount_minor: Fraction | int, rounding: Rounding, multiple_minor: int = 1) -> int:
    """The multiple of ``multiple_minor`` nearest to the amount, in minor units.

    A tie goes to the even multiple, or with ``half_up`` to the larger one.
    """
    multiples = Fraction(amount_minor) / multiple_minor
    if rounding == "half_up":
        return floor(multiples + _HALF) * multiple_minor
    return round(multiples) * multiple_minor
