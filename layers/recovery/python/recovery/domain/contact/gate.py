"""The gate every message passes: may this borrower be contacted now, and how?

It fails closed: without an address and consent nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.contact.privacy import others_may_see
from recovery.domain.shared.business_calendar import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Send:
    """Send now by this channel, ``email`` or ``sms``.

    ``neutral``: others may see it there, so only a neutral word may go.
    """

    channel: str
    neutral: bool = False


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
_MEANS = {"email": "email", "sms": "phone"}


def channels(borrower: Borrower) -> Iterator[str]:
    """Yield the channels with an address and consent that the person's instructions leave.

    Private addresses come first, then the preferred channel.
    """
    usable = []
    if borrower.email and borrower.email_consent:
        usable.append("email")
    is_barred = borrower.phone in borrower.barred_phones
    if borrower.phone and borrower.sms_consent and not is_barred:
        usable.append("sms")
    only_by = borrower.instructions.only_by
    left = [each for each in usable if only_by in (None, _MEANS[each])]
    yield from sorted(
        left, key=lambda each: (is_neutral(borrower, each), each != borrower.preferred_channel)
    )


def is_neutral(borrower: Borrower, channel: str | None) -> bool:
    """Whether only a neutral word may go by this channel."""
    return channel is not None and others_may_see(borrower.privacy_of(channel))


def what_to_respect(borrower: Borrower) -> Iterator[str]:
    """Yield what whoever contacts the person has to respect, one sentence each."""
    for channel, name in (("email", "e-mail address"), ("sms", "phone")):
        if is_neutral(borrower, channel):
            privacy = borrower.privacy_of(channel)
            yield f"Their {name} is {privacy}: say nothing of a debt there."
    own = borrower.instructions
    if own.only_by:
        yield f"Contact only by {own.only_by}."
    if own.from_time and own.until_time:
        yield f"Only from {own.from_time:%H:%M} to {own.until_time:%H:%M}, their local time."
    if own.no_visits:
        yield "No visits."
    if own.text:
        yield f"Their instruction: {own.text}"


def contact_hours(policy: ContactPolicy, borrower: Borrower) -> tuple[time, time]:
    """Return from and until when messages may be sent, in the borrower's time zone.

    The person's own hours narrow the policy's; if none is left, the first is not before the second.
    """
    own = borrower.instructions
    start = max(policy.from_time, own.from_time or policy.from_time)
    return start, min(policy.until_time, own.until_time or policy.until_time)


def check_contact(
    policy: ContactPolicy, borrower: Borrower, now: datetime, *, capped: bool = True
) -> Verdict:
    """Decide on one message at ``now``, an aware datetime in the borrower's time zone.

    The weekly cap is for kind messages; ``capped`` False is for a notice that the law asks for. A
    neutral word is none.
    """
    channel = next(channels(borrower), None)
    if channel is None:
        return Withhold(_why_no_channel(borrower))
    neutral = is_neutral(borrower, channel)
    from_time, until_time = contact_hours(policy, borrower)
    if from_time >= until_time:
        return Withhold("the hours that the borrower asked for are outside those of the policy")
    today = now.date()
    if not _allowed_day(policy, today) or now.time() >= until_time:
        return RetryOn(next_allowed_day(policy, today), "quiet hours")
    week = [each for each in borrower.recent_contacts if 0 <= (today - each).days < 7]
    if (capped or neutral) and len(week) >= policy.max_messages_per_week:
        free_from = week[-policy.max_messages_per_week] + timedelta(days=7)
        on = free_from if _allowed_day(policy, free_from) else next_allowed_day(policy, free_from)
        return RetryOn(on, f"{len(week)} messages already in the last seven days")
    if now.time() < from_time:
        at = now.replace(hour=from_time.hour, minute=from_time.minute, second=0, microsecond=0)
        return WaitUntil(at, "quiet hours")
    return Send(channel, neutral)


def _why_no_channel(borrower: Borrower) -> str:
    only_by = borrower.instructions.only_by
    asked = f", and the borrower asked for contact only by {only_by}" if only_by else ""
    return f"no channel with an address and the borrower's consent{asked}"


def _allowed_day(policy: ContactPolicy, day: date) -> bool:
    return WEEKDAYS[day.weekday()] in policy.weekdays


def next_allowed_day(policy: ContactPolicy, after: date) -> date:
    """Return the first later day on which messages may be sent."""
    day = after + timedelta(days=1)
    while not _allowed_day(policy, day):
        day += timedelta(days=1)
    return day
