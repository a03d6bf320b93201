"""Institutions: names, time zones, business dates and policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class InstitutionDay:
    """An institution's review progress; the ``replay`` clock simulates the time of day too."""

    business_date: date | None = None
    reviewed_through: date | None = None
    clock: str = "wall"


class InstitutionRepository(Protocol):
    """Stores institutions."""

    def name(self, institution_id: str) -> str: ...
    def time_zone(self, institution_id: str) -> str: ...
    def day(self, institution_id: str) -> InstitutionDay: ...
    def policy(self, institution_id: str, as_of: date) -> Policy:
        """Return the policy in force at this date."""

    def policies(self, institution_id: str) -> Sequence[Policy]:
        """List every version on record; empty means the default applies."""
