"""Contact without an answer: what demonstrably arrived is counted, apart from what could not.

Not hearing of somebody is silence only where they were reached, in a language they read, while they
had not asked us to stop. Any answer starts anew: a payment, by whomever, a promise, a word or a
visit, or whatever holds us back since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from recovery.domain.accounting.said import PromiseState
from recovery.domain.agreements.restraints import Block, Restraint
from recovery.domain.contact.choose import purpose_of
from recovery.domain.monitoring.pattern import NO_CONTACTS, Contacts

_ASKS = (Block.ARREARS, Block.NOTICES)
_MOST = 99


class Reached(StrEnum):
    """How an attempt to ask something ended, by the field of Contacts that counts it."""

    ARRIVED = "arrived"
    NOT_DELIVERED = "not_delivered"
    NO_LANGUAGE = "no_language"
    STOPPED = "stopped"


def counted(contacts: Contacts, kind: str, reached: Reached, on: date) -> Contacts:
    """Return the contacts after a message of this kind; thanks, reminders and answers ask nothing
    and are not counted."""
    if purpose_of(kind) not in _ASKS:
        return contacts
    number = min(_MOST, getattr(contacts, reached) + 1)
    return replace(contacts, since=contacts.since or on, **{reached.value: number})


def why_not(reason: str, missing: str | None) -> Reached | None:
    """Say how an attempt ended that was not sent: for want of a language or an address, or because
    somebody asked us not to; None if it was not tried, as it was not needed any more."""
    if missing and missing.startswith("language."):
        return Reached.NO_LANGUAGE
    if missing == "consent" or reason.startswith("held back"):
        return Reached.STOPPED
    if missing == "address" or reason.startswith("undeliverable"):
        return Reached.NOT_DELIVERED
    return None


def unanswered(
    contacts: Contacts,
    paid_on: date | None,
    promises: Iterable[PromiseState],
    restraints: Iterable[Restraint],
) -> Contacts:
    """Return the contacts if nothing came since the first of them, else none."""
    if contacts.since is None:
        return contacts
    answers = [paid_on, *(each.promise.on for each in promises)]
    answers += [each.from_on for each in restraints]
    is_answered = any(on is not None and on >= contacts.since for on in answers)
    return NO_CONTACTS if is_answered else contacts
