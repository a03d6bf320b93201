"""Tolerance: an overdue remainder too small to count days past due.

It stays owed and overdue; it just does not make the loan late. Remainders of overdue instalments
add up, oldest first, so many small ones count in the end: days past due start at the instalment
that takes the sum over the tolerance. This is how materiality works in the definition of default
(EBA/GL/2016/07, section 4); core banking systems call it arrears tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_MINOR, range_problems

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How much may be unpaid without making the loan late; the largest of the three applies.

    ``amount_minor`` is in minor units of the loan's currency; ``percent_of_instalment`` is of the
    amount due on the instalment; ``percent_of_principal`` is of the schedule's total principal.
    """

    amount_minor: int = 0
    percent_of_instalment: Decimal = _ZERO
    percent_of_principal: Decimal = _ZERO

    def allows_minor(self, due_minor: int, principal_minor: int) -> int:
        """Return the tolerated minor units, rounded down, for an instalment of ``due_minor``."""
        return max(
            self.amount_minor,
            int(Fraction(self.percent_of_instalment) * due_minor / 100),
            int(Fraction(self.percent_of_principal) * principal_minor / 100),
        )


NO_TOLERANCE = Tolerance()


def late_since(
    overdue: Iterable[tuple[date, int, int]], principal_minor: int, tolerance: Tolerance
) -> date | None:
    """Return the due date from which the loan is past due; None if within the tolerance.

    ``overdue`` lists (due date, amount due, amount unpaid) of each overdue instalment, oldest
    first, in minor units.
    """
    unpaid_minor = 0
    for due_date, due_minor, rest_minor in overdue:
        unpaid_minor += rest_minor
        if unpaid_minor > tolerance.allows_minor(due_minor, principal_minor):
            return due_date
    return None


def tolerance_problems(tolerance: Tolerance, field: str = "tolerance") -> Iterator[Problem]:
    """Yield every problem with the tolerance."""
    yield from range_problems(f"{field}.amount_minor", tolerance.amount_minor, 0, MAX_MINOR)
    for name in ("percent_of_instalment", "percent_of_principal"):
        if not 0 <= getattr(tolerance, name) <= 100:
            reason = "must be between 0 and 100"
            yield Problem(f"{field}.{name}", reason, "Use a percentage", "out_of_range")
