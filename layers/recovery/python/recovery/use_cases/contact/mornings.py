"""Whoever lives so far east that their day is over when the review runs hears of it in the morning.

The next review would find their day over again, and put it off for good.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.choose import Choice
from recovery.domain.contact.gate import contact_hours
from recovery.domain.contact.places import Limits
from recovery.ports.institutions import Institution


def morning_to_wait_for(
    choice: Choice, borrower: Borrower, limits: Limits, local: datetime, institution: Institution
) -> datetime | None:
    """Return when to speak tomorrow, None if the next review comes in time.

    ``local`` is the moment in the person's zone.
    """
    tomorrow = local.date() + timedelta(days=1)
    put_off = {each.retry_on for each in choice.not_said if each.retry_on}
    if choice.say or choice.wait_until or put_off != {tomorrow}:
        return None
    hours = contact_hours(limits, borrower, tomorrow)
    zone = ZoneInfo(institution.time_zone)
    reviewed_at = datetime.combine(tomorrow, institution.review_at, zone)
    return hours[0] if hours and reviewed_at >= hours[1] else None
