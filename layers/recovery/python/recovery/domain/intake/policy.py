"""The policy's intake section: how much of the contact data one delivery may change by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePolicy:
    """Beyond these limits contact changes wait for a person: a mistake in the core would otherwise
    send what is private to strangers.

    max_changed_pct: share of the people on record whose phone numbers, or whose addresses, one
    delivery may change. mass_change_from_people: fewer changes than this are never too many.
    max_people_per_contact: people who may have one new phone number or address in common.
    """

    max_changed_pct: int = 10
    mass_change_from_people: int = 20
    max_people_per_contact: int = 5


_RANGES = {
    "max_changed_pct": (0, 100),
    "mass_change_from_people": (1, 1_000_000),
    "max_people_per_contact": (1, 1_000_000),
}


def intake_problems(policy: IntakePolicy) -> Iterator[Problem]:
    """Yield everything wrong with this section; nothing if it is usable."""
    for name, (least, most) in _RANGES.items():
        yield from range_problems(name, getattr(policy, name), least, most)
