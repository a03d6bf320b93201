"""The gate every message passes: may this borrower be contacted now, and how?

It fails closed: without an address and consent nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.shared.business_calendar import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Send:
    """Send now by this channel, ``email`` or ``sms``."""

    channel: str


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Too early; wait until ``at``, the same day."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RetryOn:
    """Not today; ``on`` is the first allowed day."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Withhold:
    """Do not send at all."""

    reason: str


Verdict = Send | WaitUntil | RetryOn | Withhold


def channels(borrower: Borrower) -> Iterator[str]:
    """Yield the channels with an address and consent, the preferred one first."""
    usable = []
    if borrower.email and borrower.email_consent:
        usable.append("email")
    is_barred = borrower.phone in borrower.barred_phones
    if borrower.phone and borrower.sms_consent and not is_barred:
        usable.append("sms")
    yield from sorted(usable, key=lambda channel: channel != borrower.preferred_channel)


def check_contact(
    policy: ContactPolicy, borrower: Borrower, now: datetime, *, capped: bool = True
) -> Verdict:
    """Decide on one message at ``now``, an aware datetime in the borrower's time zone.

    The weekly cap is for kind messages; ``capped`` False is for a notice that the law asks for.
    """
    channel = next(channels(borrower), None)
    if channel is None:
        return Withhold("no channel with an address and the borrower's consent")
    today = now.date()
    if not _allowed_day(policy, today) or now.time() >= policy.until_time:
        return RetryOn(next_allowed_day(policy, today), "quiet hours")
    week = [each for each in borrower.recent_contacts if 0 <= (today - each).days < 7]
    if capped and len(week) >= policy.max_messages_per_week:
        free_from = week[-policy.max_messages_per_week] + timedelta(days=7)
        on = free_from if _allowed_day(policy, free_from) else next_allowed_day(policy, free_from)
        return RetryOn(on, f"{len(week)} messages already in the last seven days")
    if now.time() < policy.from_time:
        at = now.replace(
            hour=policy.from_time.hour, minute=policy.from_time.minute, second=0, microsecond=0
        )
        return WaitUntil(at, "quiet hours")
    return Send(channel)


def _allowed_day(policy: ContactPolicy, day: date) -> bool:
    return WEEKDAYS[day.weekday()] in policy.weekdays


def next_allowed_day(policy: ContactPolicy, after: date) -> date:
    """Return the first later day on which messages may be sent."""
    day = after + timedelta(days=1)
    while not _allowed_day(policy, day):
        day += timedelta(days=1)
    return day
