"""Start the daily review of every institution whose hour has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from recovery.ports.institutions import Institution, InstitutionDay, InstitutionRepository
from recovery.ports.monitoring import DailyReviews

_LATE_AFTER = timedelta(hours=3)


@dataclass(slots=True)
class DueReviews:
    """Which institutions are due for review up to which date, and which of them are late."""

    due: dict[str, date] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)


def start_due_reviews(
    now: datetime, institutions: InstitutionRepository, reviews: DailyReviews
) -> DueReviews:
    """Start the reviews that are due at ``now`` (aware) and not running; report those late.

    An institution on the replay clock is left to whoever plays it. Running again starts nothing
    twice. Raises the first error once all were tried.
    """
    found = find_due_reviews(now, institutions)
    failed: list[Exception] = []
    for institution_id, until in found.due.items():
        try:
            reviews.start(institution_id, until)
        except Exception as error:  # one must not keep the others waiting
            failed.append(error)
    if failed:
        raise failed[0]
    return found


def find_due_reviews(now: datetime, institutions: InstitutionRepository) -> DueReviews:
    """Find the institutions not yet reviewed through their last review time before ``now``.

    One is late three hours after that time.
    """
    found = DueReviews()
    for institution_id in institutions.list_ids():
        institution, day = institutions.find(institution_id), institutions.day(institution_id)
        if day.clock == "replay":
            continue
        due_at = _last_review_time(institution, now)
        if _is_reviewed(day, due_at, now):
            continue
        found.due[institution_id] = due_at.date()
        if now - due_at >= _LATE_AFTER:
            found.late.append(institution_id)
    return found


def _last_review_time(institution: Institution, now: datetime) -> datetime:
    zone = ZoneInfo(institution.time_zone)
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), institution.review_at, zone)
    if today <= now:
        return today
    return datetime.combine(local.date() - timedelta(days=1), institution.review_at, zone)


def _is_reviewed(day: InstitutionDay, due_at: datetime, now: datetime) -> bool:
    if day.reviewed_through is None:  # new: its first review waits for its next hour
        return due_at.date() < now.astimezone(due_at.tzinfo).date()
    return day.reviewed_through >= due_at.date()
