"""Tolerance: an overdue amount so small that no day past due is counted for it.

The remainder stays owed and stays in the overdue amount; it just does not make the loan late. The
remainders of all overdue instalments are added up, oldest first, so that many small ones do count
in the end: days past due start at the instalment with which the sum exceeds the tolerance. This is
how materiality works in the definition of default (EBA/GL/2016/07, section 4) and what core banking
systems call arrears tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MOST_MINOR, outside

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """What may be unpaid without being late: the largest of the parts counts.

    ``amount_minor`` in minor units of the loan's currency; ``percent_of_instalment`` of what the
    instalment asks for; ``percent_of_principal`` of the principal of the whole schedule.
    """

    amount_minor: int = 0
    percent_of_instalment: Decimal = _ZERO
    percent_of_principal: Decimal = _ZERO

    def allows_minor(self, due_minor: int, principal_minor: int) -> int:
        """The tolerated amount in minor units, rounded down, for an instalment of ``due_minor``."""
        return max(
            self.amount_minor,
            int(Fraction(self.percent_of_instalment) * due_minor / 100),
            int(Fraction(self.percent_of_principal) * principal_minor / 100),
        )


NO_TOLERANCE = Tolerance()


def late_since(
    overdue: Iterable[tuple[date, int, int]], principal_minor: int, tolerance: Tolerance
) -> date | None:
    """The due date from which the loan is past due; None while the tolerance covers all of it.

    ``overdue`` has, oldest first, the due date, the amount due and the amount unpaid of each
    overdue instalment, in minor units.
    """
    unpaid_minor = 0
    for due_date, due_minor, rest_minor in overdue:
        unpaid_minor += rest_minor
        if unpaid_minor > tolerance.allows_minor(due_minor, principal_minor):
            return due_date
    return None


def tolerance_problems(tolerance: Tolerance) -> Iterator[Problem]:
    """Why the tolerance makes no sense; nothing when it does."""
    yield from outside("tolerance.amount_minor", tolerance.amount_minor, 0, MOST_MINOR)
    for name in ("percent_of_instalment", "percent_of_principal"):
        if not 0 <= getattr(tolerance, name) <= 100:
            reason = "must be 0 or more, and 100 or less"
            yield Problem(f"tolerance.{name}", reason, "Use a percentage", "out_of_range")
