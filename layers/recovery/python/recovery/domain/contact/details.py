"""Take up a person's details from outside, without undoing what the person or a court forbade."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from recovery.domain.contact.borrower import Borrower

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
    "address_safe",
    "barred_phones",
)
ADDRESSES = ("email", "phone")


def with_delivered(known: Borrower, delivered: Borrower, given: Collection[str]) -> Borrower:
    """Return the person with the ``given`` details as delivered.

    An opt-out stays one, and a barred number stays barred: whoever may lift these does not do it by
    a file.
    """
    new = replace(known, **{name: getattr(delivered, name) for name in DETAILS if name in given})
    barred = dict.fromkeys((*known.barred_phones, *delivered.barred_phones))
    return replace(
        new,
        email_consent=known.email_consent and new.email_consent,
        sms_consent=known.sms_consent and new.sms_consent,
        barred_phones=tuple(barred),
    )


def replaced(before: Borrower, after: Borrower) -> Mapping[str, object]:
    """Return the details that differ, as they were before."""
    return {
        name: getattr(before, name)
        for name in DETAILS
        if getattr(before, name) != getattr(after, name)
    }


def with_addresses_of(person: Borrower, other: Borrower) -> Borrower:
    """Return the person with the phone number and e-mail address of the other version."""
    return replace(person, email=other.email, phone=other.phone)
