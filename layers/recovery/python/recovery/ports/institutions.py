"""Institutions: names, time zones, business dates and policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class InstitutionDay:
    """The moving state of an institution. In a ``replay`` the time of day is data as well."""

    business_date: date | None = None
    reviewed_through: date | None = None
    clock: str = "wall"


class InstitutionRepository(Protocol):
    """Institutions: their names, time zones, business dates and policies."""

    def name(self, institution_id: str) -> str: ...
    def time_zone(self, institution_id: str) -> str: ...
    def day(self, institution_id: str) -> InstitutionDay: ...
    def policy(self, institution_id: str, as_of: date) -> Policy:
        """The policy in force at this date."""

    def policies(self, institution_id: str) -> Sequence[Policy]:
        """Every version on record; none means the default."""
