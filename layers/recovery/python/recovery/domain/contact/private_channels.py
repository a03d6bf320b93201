"""Where something goes that only the person may read: a code, an agreement."""

from __future__ import annotations

from datetime import date

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Written
from recovery.domain.contact.gate import channels, must_be_neutral
from recovery.domain.contact.places import Limits


def private_channels(limits: Limits, person: Borrower, on: date) -> tuple[Written, ...]:
    """Return the channels that the person left open, at which only they read, and where they were
    known to be lately; the preferred one first.

    An address of which nobody knows when the person was last there is none, whatever the policy
    says of kind messages.
    """
    return tuple(
        each
        for each in channels(limits, person, on)
        if person.confirmed_on(each) and not must_be_neutral(limits, person, each, on)
    )
