"""The institution's date of evaluation, read in one place."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from recovery.ports import InstitutionBook


def local_date(institution_id: str, now: datetime, institutions: InstitutionBook) -> date:
    """The calendar date at ``now`` (aware) in the institution's time zone."""
    return now.astimezone(ZoneInfo(institutions.time_zone(institution_id))).date()


def business_date(institution_id: str, now: datetime, institutions: InstitutionBook) -> date:
    """The date the daily review last opened; the calendar date before the first review."""
    opened = institutions.day(institution_id).business_date
    return opened or local_date(institution_id, now, institutions)
