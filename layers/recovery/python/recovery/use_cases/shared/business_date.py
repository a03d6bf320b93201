"""An institution's business date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from recovery.domain.policy import Policy
from recovery.ports.institutions import Institution, InstitutionDay, InstitutionRepository


def local_date(institution_id: str, now: datetime, institutions: InstitutionRepository) -> date:
    """The calendar date at ``now`` (aware) in the institution's time zone."""
    return now.astimezone(ZoneInfo(institutions.time_zone(institution_id))).date()


def business_date(institution_id: str, now: datetime, institutions: InstitutionRepository) -> date:
    """The date the daily review last opened; the calendar date before the first review."""
    opened = institutions.day(institution_id).business_date
    return opened or local_date(institution_id, now, institutions)


@dataclass(frozen=True, slots=True)
class CachedInstitutions:
    """An InstitutionRepository that caches what it reads."""

    find: Callable[[str], Institution]
    name: Callable[[str], str]
    time_zone: Callable[[str], str]
    day: Callable[[str], InstitutionDay]
    policy: Callable[[str, date], Policy]
    policies: Callable[[str], Sequence[Policy]]


def cached_for_batch(institutions: InstitutionRepository) -> CachedInstitutions:
    """Cache the repository for one batch; nothing of an institution changes within it."""
    return CachedInstitutions(
        find=cache(institutions.find),
        name=cache(institutions.name),
        time_zone=cache(institutions.time_zone),
        day=cache(institutions.day),
        policy=cache(institutions.policy),
        policies=cache(institutions.policies),
    )
