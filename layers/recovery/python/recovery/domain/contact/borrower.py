"""The borrower, as far as contact goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from recovery.domain.agreements.restraints import Restraint


@dataclass(frozen=True, slots=True)
class Borrower:
    """The person who owes. ``recent_contacts`` are dates, oldest first.

    ``restraints`` hold the system back for all the person's loans. ``barred_phones`` are numbers
    that may not be used, whoever says that they are the person's. ``address_safe``: whether others
    may see what is sent there; None if nobody asked. ``legal_hold``: nothing of it may be erased.
    """

    borrower_id: str
    name: str
    language: str
    country: str
    time_zone: str
    email: str | None = None
    phone: str | None = None
    preferred_channel: str | None = None
    email_consent: bool = True
    sms_consent: bool = True
    recent_contacts: tuple[date, ...] = ()
    restraints: tuple[Restraint, ...] = ()
    version: int = 0
    contact_confirmed_on: date | None = None
    address_safe: bool | None = None
    barred_phones: tuple[str, ...] = ()
    legal_hold: bool = False


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What a delivery replaced of a person's details, each as it was before."""

    changed_on: date
    delivery_id: str
    former: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Contact:
    """One message to a borrower, from the moment a sender takes it on.

    ``leased_until`` is set while a sender works on the message, and stays set if the sender
    crashed; ``provider_id`` is set once the provider accepted it.
    """

    contacted_on: date
    leased_until: datetime | None = None
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A message about a loan that was sent: its kind, the due date it was about, and the day."""

    kind: str
    due_date: date
    on: date
