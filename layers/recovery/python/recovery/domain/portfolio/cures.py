"""How many loans were cured after a concession, and how many of them were soon in trouble again.

A loan counts at so many months once it was cured at least so long ago, so that each had the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from recovery.domain.agreements.forbearance import REDEFAULT_MONTHS, Forbearance


@dataclass(frozen=True, slots=True)
class Cures:
    """Loans cured ``months`` ago or more, and those of them late again within as many months."""

    months: int
    cured: int = 0
    redefaulted: int = 0

    @property
    def share(self) -> Fraction:
        return Fraction(self.redefaulted, self.cured) if self.cured else Fraction(0)

    def plus(self, other: Cures) -> Cures:
        """Add those of other loans, of the same months."""
        cured, again = self.cured + other.cured, self.redefaulted + other.redefaulted
        return Cures(self.months, cured, again)


NO_CURES = tuple(Cures(months) for months in REDEFAULT_MONTHS)


def cures_of(found: Forbearance | None) -> tuple[Cures, ...]:
    """Return what one loan counts for."""
    if found is None:
        return NO_CURES
    return tuple(
        Cures(months, 1, int(found.redefaulted_within(months)))
        if found.was_watched(months)
        else Cures(months)
        for months in REDEFAULT_MONTHS
    )


def cures_together(one: tuple[Cures, ...], other: tuple[Cures, ...]) -> tuple[Cures, ...]:
    """Add up those of different loans."""
    return tuple(each.plus(more) for each, more in zip(one, other, strict=True))
