"""Take up a person's details from outside, without undoing what the person or a court forbade."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

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
)
ADDRESSES = ("email", "phone")


def with_delivered(known: Borrower, delivered: Borrower, given: Collection[str]) -> Borrower:
    """Return the person with the ``given`` details as delivered.

    An opt-out stays one, a barred number stays barred, what others may see stays so, and the
    person's instructions stand: whoever may lift these does not do it by a file. A consent that a
    file no longer tells of is not known any more.
    """
    new = replace(known, **{name: getattr(delivered, name) for name in DETAILS if name in given})
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
    said = other.instructions
    return replace(person, email=other.email, phone=other.phone, instructions=said)
