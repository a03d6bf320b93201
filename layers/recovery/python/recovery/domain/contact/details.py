"""Take up a person's details from outside, without undoing what the person or a court forbade."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.instructions import Instructions
from recovery.domain.contact.privacy import more_careful

DETAILS = (
    "name",
    "language",
    "country",
    "time_zone",
    "email",
    "phone",
    "preferred_channel",
    "email_consent",
    "sms_consent",
    "contact_confirmed_on",
    "email_privacy",
    "phone_privacy",
    "barred_phones",
    "instructions",
    "second_language",
    "email_confirmed_on",
    "phone_confirmed_on",
    "email_returned",
    "phone_returned",
)
ADDRESSES = ("email", "phone")


def with_delivered(known: Borrower, delivered: Borrower, given: Collection[str]) -> Borrower:
    """Return the person with the ``given`` details as delivered.

    An opt-out stays one, a barred number stays barred, what others may see stays so, and the
    person's instructions stand: whoever may lift these does not do it by a file. A consent that a
    file no longer tells of is not known any more. What was confirmed of an address is not of a new
    one.
    """
    new = replace(known, **{name: getattr(delivered, name) for name in DETAILS if name in given})
    new = _with_what_is_confirmed(known, new)
    barred = dict.fromkeys((*known.barred_phones, *delivered.barred_phones))
    return replace(
        new,
        email_consent=False if known.email_consent is False else new.email_consent,
        sms_consent=False if known.sms_consent is False else new.sms_consent,
        barred_phones=tuple(barred),
        email_privacy=more_careful(known.email_privacy, delivered.email_privacy),
        phone_privacy=more_careful(known.phone_privacy, delivered.phone_privacy),
        instructions=standing_instructions(known, new),
    )


def _with_what_is_confirmed(known: Borrower, new: Borrower) -> Borrower:
    """Return the new details, with the days on which each address of them was confirmed.

    A file that tells a later day vouches for the addresses in it; without one, the day on record
    holds for the address that stays.
    """
    before, told = known.contact_confirmed_on, new.contact_confirmed_on
    if told is not None and (before is None or told > before):
        email_on = new.email_confirmed_on if new.email == known.email else None
        phone_on = new.phone_confirmed_on if new.phone == known.phone else None
        return replace(new, email_confirmed_on=email_on, phone_confirmed_on=phone_on)
    if (new.email, new.phone) == (known.email, known.phone):
        return replace(new, contact_confirmed_on=before)
    return replace(
        new,
        contact_confirmed_on=None,
        email_confirmed_on=known.confirmed_on("email") if new.email == known.email else None,
        phone_confirmed_on=known.confirmed_on("sms") if new.phone == known.phone else None,
    )


def with_confirmed(person: Borrower, channel: str, on: date) -> Borrower:
    """Return the person as known to be at the address of this channel on this day.

    A reply from it, a link opened there or a personal contact by it confirms it; a delivery receipt
    never does. What answers is not dead.
    """
    name = "email" if channel == "email" else "phone"
    latest = max(filter(None, (getattr(person, f"{name}_confirmed_on"), on)))
    changes: dict[str, Any] = {f"{name}_confirmed_on": latest, f"{name}_returned": None}
    return replace(person, **changes)


def standing_instructions(known: Borrower, new: Borrower) -> Instructions:
    """Return what the person asked for, less that an address is private which they gave up."""
    said = known.instructions
    if said.email_privacy == "private" and new.email != known.email:
        said = replace(said, email_privacy=None)
    if said.phone_privacy == "private" and new.phone != known.phone:
        said = replace(said, phone_privacy=None)
    return said


def replaced(before: Borrower, after: Borrower) -> Mapping[str, object]:
    """Return the details that differ, as they were before."""
    return {
        name: getattr(before, name)
        for name in DETAILS
        if getattr(before, name) != getattr(after, name)
    }


def with_addresses_of(person: Borrower, other: Borrower) -> Borrower:
    """Return the person with the phone number and e-mail address of the other version.

    What the person said of them comes along.
    """
    return replace(
        person,
        email=other.email,
        phone=other.phone,
        instructions=other.instructions,
        contact_confirmed_on=other.contact_confirmed_on,
        email_confirmed_on=other.email_confirmed_on,
        phone_confirmed_on=other.phone_confirmed_on,
    )
