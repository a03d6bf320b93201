"""The level payment (annuity) that pays off a balance with interest.

The payments' present value is the balance: with v_i = 1 / (1 + r_i) and the present value of one
unit paid each period S_i = v_i (1 + S_{i+1}), the payment is (balance - V_i balloon) / S_i, where
V_i is the product of v_i to the last. For equal periods this is the textbook
balance r / (1 - (1 + r)^-n); it holds for periods of any length (Kellison, The Theory of Interest,
chapter 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

# Exact fractions would grow to tens of thousands of digits. Fifty digits leave more than thirty
# after the point of the largest amount; keeping twenty of those preserves exact ties.
_FIFTY_DIGITS = Context(prec=50)
_KEPT = Decimal("1e-20")


class PresentValues(NamedTuple):
    """Present values of one unit paid every period to the last, and of one paid with the last."""

    of_each: Decimal
    of_last: Decimal


def present_values(rate_fractions: Sequence[Fraction]) -> tuple[PresentValues, ...]:
    """Return the values as of each period, given each period's interest rate (not annual)."""
    values = PresentValues(Decimal(0), Decimal(1))
    backwards = []
    with localcontext(_FIFTY_DIGITS):
        for rate_fraction in reversed(rate_fractions):
            growth = 1 + rate_fraction
            discount = Decimal(growth.denominator) / Decimal(growth.numerator)
            values = PresentValues(discount * (1 + values.of_each), discount * values.of_last)
            backwards.append(values)
    return tuple(reversed(backwards))


def level_payment(balance_minor: int, balloon_minor: int, values: PresentValues) -> Fraction:
    """Return the unrounded payment, in minor units, that leaves ``balloon_minor`` after the last.

    ``values`` are those of the first period in which it is paid.
    """
    with localcontext(_FIFTY_DIGITS):
        payment = (balance_minor - balloon_minor * values.of_last) / values.of_each
        return Fraction(payment.quantize(_KEPT))
