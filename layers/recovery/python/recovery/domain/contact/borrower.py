"""The borrower, as far as contact goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from recovery.domain.agreements.learning import NOTHING_LEARNED, Learning
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.contact.address import Fate, Returned
from recovery.domain.contact.instructions import NO_INSTRUCTIONS, Instructions
from recovery.domain.contact.privacy import Privacy


@dataclass(frozen=True, slots=True)
class Borrower:
    """The person who owes. ``recent_contacts`` are dates, oldest first.

    ``restraints`` hold the system back for all the person's loans. ``barred_phones`` are numbers
    that may not be used, whoever says that they are the person's. ``email_privacy`` and
    ``phone_privacy``: whether others may see what is sent there as files say, None if they do not.
    ``email_consent`` and ``sms_consent`` are None if nobody asked, which is no yes.
    ``second_language`` is the one to use where we have no text in the first.
    ``time_zone`` is "" if it is not known. ``instructions`` override everything.
    ``legal_hold``: nothing of it may be erased. ``contact_confirmed_on`` is when both addresses
    were last known to be the person's, ``email_confirmed_on`` and ``phone_confirmed_on`` when one
    of them was. ``learning`` is what they said of lessons, and their progress.
    """

    borrower_id: str
    name: str
    language: str
    country: str
    time_zone: str
    email: str | None = None
    phone: str | None = None
    preferred_channel: str | None = None
    email_consent: bool | None = None
    sms_consent: bool | None = None
    recent_contacts: tuple[date, ...] = ()
    restraints: tuple[Restraint, ...] = ()
    version: int = 0
    contact_confirmed_on: date | None = None
    email_privacy: Privacy | None = None
    phone_privacy: Privacy | None = None
    barred_phones: tuple[str, ...] = ()
    legal_hold: bool = False
    instructions: Instructions = NO_INSTRUCTIONS
    second_language: str | None = None
    email_confirmed_on: date | None = None
    phone_confirmed_on: date | None = None
    email_returned: Returned | None = None
    phone_returned: Returned | None = None
    learning: Learning = NOTHING_LEARNED

    def address_of(self, channel: str) -> str | None:
        """What is written to by ``email`` or ``sms``."""
        return self.email if channel == "email" else self.phone

    def returned_from(self, channel: str) -> Returned | None:
        """What came back from the address that is on record now."""
        found = self.email_returned if channel == "email" else self.phone_returned
        return found if found and found.address == self.address_of(channel) else None

    def dead_since(self, channel: str) -> date | None:
        """Since when nothing arrives at the address that is on record now."""
        found = self.returned_from(channel)
        return found.dead_on if found else None

    def confirmed_on(self, channel: str) -> date | None:
        """When the person was last known to be at the address; None if nobody knows."""
        own = self.email_confirmed_on if channel == "email" else self.phone_confirmed_on
        return max(filter(None, (own, self.contact_confirmed_on)), default=None)

    def privacy_of(self, channel: str) -> Privacy | None:
        """Who may see what goes by ``email`` or ``sms``: as the person said, else as files say."""
        if channel == "email":
            return self.instructions.email_privacy or self.email_privacy
        return self.instructions.phone_privacy or self.phone_privacy


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What a delivery replaced of a person's details, each as it was before.

    Or what somebody of the institution did, ``by`` their id; then there is no ``delivery_id``.
    ``recorded_at`` is set once it is on record; what older versions wrote has none.
    """

    changed_on: date
    delivery_id: str
    former: Mapping[str, object]
    by: str = ""
    recorded_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A message that reached an address: its kind, the loan it was about, and the day."""

    kind: str
    loan_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Contact:
    """One message to a borrower, from the moment a sender takes it on.

    ``leased_until`` is set while a sender works on the message, and stays set if the sender
    crashed; ``provider_id`` is set once the provider accepted it. ``said`` is the kind that was
    said instead of the one that was meant, None if that was said. ``fate`` is what the provider
    last said of it, on ``fate_on``; one that came back may be sent again.

    ``at`` is the moment in the local time that the sender reckoned with, ``taken_at`` that of the
    wall clock, which is another in a replay. ``words`` is a fingerprint of the text: equal for
    equal words, by whichever channel. What older versions wrote has none of these.
    """

    contacted_on: date
    leased_until: datetime | None = None
    provider_id: str | None = None
    said: str | None = None
    at: datetime | None = None
    taken_at: datetime | None = None
    channel: str | None = None
    words: str | None = None
    fate: str | None = None
    fate_on: date | None = None

    @property
    def came_back(self) -> bool:
        """Whether it reached nobody."""
        return self.fate in (Fate.BOUNCED, Fate.NOT_NOW)

    @property
    def may_have_been_sent(self) -> bool:
        """Whether it was sent, or its sender stopped before saying so."""
        return self.provider_id is not None or self.leased_until is not None


@dataclass(frozen=True, slots=True)
class Told:
    """A message about a loan that was sent: its kind, the due date it was about, and the day."""

    kind: str
    due_date: date
    on: date
