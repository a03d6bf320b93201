"""Round exact amounts to whole minor units.

Half to even is the default (IEEE 754-2019, section 4.3.1): over many instalments it favours neither
side. Many contracts and statutes specify half up.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Literal

Rounding = Literal["half_even", "half_up"]

_HALF = Fraction(1, 2)


def to_multiple(amount_minor: Fraction | int, rounding: Rounding, multiple_minor: int = 1) -> int:
    """Round to the nearest multiple of ``multiple_minor``, in minor units.

    Ties go to the even multiple, or to the larger one with ``half_up``.
    """
    multiples = Fraction(amount_minor) / multiple_minor
    if rounding == "half_up":
        return floor(multiples + _HALF) * multiple_minor
    return round(multiples) * multiple_minor
