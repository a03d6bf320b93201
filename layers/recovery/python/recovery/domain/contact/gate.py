"""The gate every message passes: may this borrower be contacted now, and how?

It fails closed: without an address, a lawful basis and a known place nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Channel, Hours, Purpose, Written
from recovery.domain.contact.places import Limits
from recovery.domain.contact.privacy import others_may_see

_DAY = timedelta(days=1)
_LOOK_AHEAD_DAYS = 28


@dataclass(frozen=True, slots=True)
class Send:
    """Send now by this channel, ``email`` or ``sms``.

    ``neutral``: others may see it there, so only a neutral word may go.
    """

    channel: Written
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
    """Do not send at all; ``missing`` is what of the person's details is not known, if that is why:
    ``place``, ``consent`` or ``address``."""

    reason: str
    missing: str | None = None


Verdict = Send | WaitUntil | RetryOn | Withhold
_MEANS = {"email": "email", "sms": "phone"}


def channels(
    limits: Limits, borrower: Borrower, on: date, purpose: Purpose = "own_loan"
) -> Iterator[Written]:
    """Yield the channels with an address and a lawful basis that the person's instructions leave.

    Private addresses come first, then the preferred channel.
    """
    usable: list[Written] = []
    if borrower.email and limits.may_rest_on("email", purpose, borrower.email_consent, on):
        usable.append("email")
    is_barred = borrower.phone in borrower.barred_phones
    if (
        borrower.phone
        and not is_barred
        and limits.may_rest_on("sms", purpose, borrower.sms_consent, on)
    ):
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


def contact_hours(
    limits: Limits, borrower: Borrower, day: date, channel: Channel = "email"
) -> tuple[datetime, datetime] | None:
    """Return from and until when messages may be sent on a local day of the person's.

    The person's own hours narrow the rest. None if there are none.
    """
    said = borrower.instructions
    own = Hours(said.from_time, said.until_time) if said.from_time and said.until_time else None
    return limits.open_on(channel, day, own)


def check_contact(
    limits: Limits,
    borrower: Borrower,
    now: datetime,
    *,
    capped: bool = True,
    room_on: date | None = None,
) -> Verdict:
    """Decide on one message about the person's own loan at ``now``, an aware datetime in their
    time zone.

    The caps of policy and careful default are for kind messages; ``capped`` False is for a notice
    that the law asks for. A neutral word is none. With ``room_on``, one more has to be within the
    caps on that day: a reminder does not use up what a late payment may need.
    """
    today = now.date()
    if not limits.places:
        return Withhold(limits.unknown, "place")
    channel = next(channels(limits, borrower, today), None)
    if channel is None:
        return Withhold(_why_no_channel(borrower), _missing(borrower))
    neutral = is_neutral(borrower, channel)
    hours = contact_hours(limits, borrower, today, channel)
    if hours is None or now >= hours[1]:
        later = _next_open_day(limits, borrower, today, channel)
        return RetryOn(later, "quiet hours") if later else Withhold(_why_no_hours(borrower))
    is_capped = capped or neutral
    if full := _full(borrower, today, limits.message_caps(today, legal_only=not is_capped)):
        free_from, reason = full
        if contact_hours(limits, borrower, free_from, channel) is None:
            free_from = next_allowed_day(limits, borrower, free_from, channel)
        return RetryOn(free_from, reason)
    if room_on and _leaves_no_room(borrower, today, room_on, limits.message_caps(room_on)):
        return Withhold("the messages of that week are kept for what may follow")
    if now < hours[0]:
        return WaitUntil(hours[0], "quiet hours")
    return Send(channel, neutral)


def _full(
    borrower: Borrower, today: date, caps: Iterable[tuple[int, int]]
) -> tuple[date, str] | None:
    """Return from when on a message is within all caps, and the reason; None if one is now."""
    found = []
    for most, days in caps:
        recent = [each for each in borrower.recent_contacts if 0 <= (today - each).days < days]
        if len(recent) >= most:
            free_from = (recent[-most] if most else today) + days * _DAY
            found.append((free_from, f"{_messages(len(recent))} already in the last {_days(days)}"))
    return max(found, default=None)


def _leaves_no_room(
    borrower: Borrower, today: date, room_on: date, caps: Iterable[tuple[int, int]]
) -> bool:
    """Whether a message today would leave none for that later day."""
    after = replace(borrower, recent_contacts=(*borrower.recent_contacts, today))
    return _full(after, room_on, caps) is not None


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _days(days: int) -> str:
    return {1: "day", 7: "seven days"}.get(days, f"{days} days")


def _next_open_day(
    limits: Limits, borrower: Borrower, after: date, channel: Channel
) -> date | None:
    """Return the first later day with an hour for contact, None if none is near."""
    days = (after + number * _DAY for number in range(1, _LOOK_AHEAD_DAYS + 1))
    return next((each for each in days if contact_hours(limits, borrower, each, channel)), None)


def _missing(borrower: Borrower) -> str | None:
    """Return what to ask for so that some channel may be used; None if the person forbade them."""
    if borrower.instructions.only_by:
        return None
    is_barred = borrower.phone in borrower.barred_phones
    consents = [borrower.email_consent] if borrower.email else []
    consents += [borrower.sms_consent] if borrower.phone and not is_barred else []
    if not consents:
        return "address"
    return "consent" if None in consents else None


def _why_no_channel(borrower: Borrower) -> str:
    only_by = borrower.instructions.only_by
    asked = f", and the borrower asked for contact only by {only_by}" if only_by else ""
    out = (
        *(["SMS"] if borrower.phone and borrower.sms_consent is False else []),
        *(["e-mail"] if borrower.email and borrower.email_consent is False else []),
    )
    opted_out = f"opted out of {' and '.join(out)}: " if out else ""
    return f"{opted_out}no channel with an address and the borrower's consent{asked}"


def _why_no_hours(borrower: Borrower) -> str:
    if borrower.instructions.from_time:
        return "the hours that the borrower asked for are outside those of the policy and the law"
    return "no hour is allowed by the policy and by the law wherever the borrower may be"


def next_allowed_day(
    limits: Limits, borrower: Borrower, after: date, channel: Channel = "email"
) -> date:
    """Return the first later day on which messages may be sent, or the next if none is near."""
    return _next_open_day(limits, borrower, after, channel) or after + _DAY
