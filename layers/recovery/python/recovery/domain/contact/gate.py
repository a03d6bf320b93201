"""The gate every message passes: may this borrower be contacted now, and how?

It fails closed: without an address, a lawful basis and a known place nothing is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from recovery.domain.contact.address import is_confirmed
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Channel, Hours, Purpose, Written
from recovery.domain.contact.places import Limits
from recovery.domain.contact.privacy import others_may_see

_DAY = timedelta(days=1)
_LOOK_AHEAD_DAYS = 28


@dataclass(frozen=True, slots=True)
class Send:
    """Send now by this channel, ``email`` or ``sms``.

    ``neutral``: others may see it there, or it may not be the person's any more, so only a neutral
    word may go.
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
_MEANS: dict[Written, str] = {"email": "email", "sms": "phone"}
_NAMES = {"email": "e-mail address", "sms": "phone number"}
_WORDS = {"email": "e-mail", "sms": "SMS"}


def channels(
    limits: Limits, borrower: Borrower, on: date, purpose: Purpose = "own_loan"
) -> Iterator[Written]:
    """Yield the channels with an address and a lawful basis that the person's instructions leave.

    Those at which only the person reads come first, then the preferred channel. A dead address is
    none.
    """
    left = [each for each in _MEANS if _why_not(limits, borrower, each, on, purpose) is None]
    yield from sorted(
        left,
        key=lambda each: (
            must_be_neutral(limits, borrower, each, on),
            each != borrower.preferred_channel,
        ),
    )


def _why_not(
    limits: Limits, borrower: Borrower, channel: Written, on: date, purpose: Purpose
) -> str | None:
    """Return why the channel may not be used, None if it may."""
    address, name, word = borrower.address_of(channel), _NAMES[channel], _WORDS[channel]
    consent = borrower.email_consent if channel == "email" else borrower.sms_consent
    if borrower.instructions.only_by not in (None, _MEANS[channel]):
        return f"contact only by {borrower.instructions.only_by}"
    if not address:
        return f"no {name}"
    if channel == "sms" and address in borrower.barred_phones:
        return f"the {name} is barred"
    if dead_since := borrower.dead_since(channel):
        return f"the {name} is dead since {dead_since}"
    if not limits.may_rest_on(channel, purpose, consent, on):
        return f"opted out of {word}" if consent is False else f"no yes to {word}"
    return None


def proving_channels(limits: Limits, borrower: Borrower, on: date) -> tuple[Written, ...]:
    """Return the channels by which a notice would be given, and not only a neutral word."""
    return tuple(
        each
        for each in channels(limits, borrower, on)
        if limits.proves(each, "received", on) and not must_be_neutral(limits, borrower, each, on)
    )


def must_be_neutral(limits: Limits, borrower: Borrower, channel: str, on: date) -> bool:
    """Whether only a neutral word may go by this channel: others may see it there, or nobody knew
    the person to be there for longer than the policy allows."""
    within_days = limits.policy.confirmed_within_days
    confirmed = is_confirmed(borrower.confirmed_on(channel), within_days, on)
    return not confirmed or is_neutral(borrower, channel)


def is_neutral(borrower: Borrower, channel: str | None) -> bool:
    """Whether others may see what goes by this channel."""
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
    by: Collection[Written] | None = None,
) -> Verdict:
    """Decide on one message about the person's own loan at ``now``, an aware datetime in their
    time zone.

    The caps of policy and careful default are for kind messages; ``capped`` False is for a notice
    that the law asks for. A neutral word is none. With ``room_on``, one more has to be within the
    caps on that day: a reminder does not use up what a late payment may need. ``by`` names the only
    channels that will do.
    """
    today = now.date()
    if not limits.places:
        return Withhold(limits.unknown, "place")
    left = channels(limits, borrower, today)
    channel = next((each for each in left if by is None or each in by), None)
    if channel is None:
        return Withhold(_why_no_channel(limits, borrower, today), _missing(borrower))
    neutral = must_be_neutral(limits, borrower, channel, today)
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
    """Return what to ask for so that some channel may be used; None if the person forbade them, or
    somebody is asked already for an address instead of a dead or a barred one."""
    if borrower.instructions.only_by:
        return None
    consents = [borrower.email_consent] if borrower.email else []
    consents += [borrower.sms_consent] if borrower.phone else []
    if not consents:
        return "address"
    return "consent" if None in consents else None


def _why_no_channel(limits: Limits, borrower: Borrower, on: date) -> str:
    reasons = (_why_not(limits, borrower, each, on, "own_loan") for each in _MEANS)
    why = ", ".join(dict.fromkeys(filter(None, reasons)))
    return f"no channel with an address and the borrower's consent: {why}"


def _why_no_hours(borrower: Borrower) -> str:
    if borrower.instructions.from_time:
        return "the hours that the borrower asked for are outside those of the policy and the law"
    return "no hour is allowed by the policy and by the law wherever the borrower may be"


def next_allowed_day(
    limits: Limits, borrower: Borrower, after: date, channel: Channel = "email"
) -> date:
    """Return the first later day on which messages may be sent, or the next if none is near."""
    return _next_open_day(limits, borrower, after, channel) or after + _DAY
