"""Borrowers and messages to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from recovery.domain.contact.address import Fate
from recovery.domain.contact.borrower import Borrower, Contact, ContactChange, Disclosed, Told
from recovery.domain.contact.reply_record import ReplyRecord
from recovery.domain.contact.unsubscribe import UnsubscribeClaim


class SendingFailedError(Exception):
    """Sending failed but may work later. Never holds the address or the text."""


class UndeliverableError(Exception):
    """The provider will never accept this message, for example because of its address."""


@dataclass(frozen=True, slots=True)
class Wake:
    """A call to consider what a person should hear as of this date; holds no personal data."""

    institution_id: str
    borrower_id: str
    as_of: date


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file that goes with an e-mail."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What a provider's id stands for: a message to a person; no personal data."""

    institution_id: str
    person_id: str
    message_id: str


class BorrowerRepository(Protocol):
    """Stores one institution's borrowers, and what was said to them."""

    def load(self, borrower_id: str) -> Borrower: ...
    def load_many(self, borrower_ids: Sequence[str]) -> list[Borrower]:
        """Load those that exist, in any order."""

    def knows(self, person_id: str) -> bool:
        """Whether the person is on record, as borrower or not."""

    def loans_of(self, borrower_id: str) -> list[str]:
        """List the ids of the loans that are the person's own."""

    def roles_of(self, person_id: str) -> dict[str, str]:
        """Return the person's role, last recorded, by the id of each loan she is a party of."""

    def save_contact_details(self, borrower: Borrower, change: ContactChange | None = None) -> bool:
        """Add the borrower or update the contact details; return False when nothing changed.

        With a change, what it replaces is kept, and the details go only over the version that the
        borrower was loaded with (0: none). Raises StaleWriteError.
        """

    def contact_changes(self, borrower_id: str) -> list[ContactChange]:
        """List what deliveries and people of the institution replaced, oldest first."""

    def told_about(self, borrower_id: str, loan_id: str) -> list[Told]:
        """List the messages about this loan that were sent to the person, in any order."""

    def people_at(self, channel: str, address: str) -> list[Borrower]:
        """Load the people who have this address on ``email`` or ``sms`` now, by id."""

    def disclosed_at(self, borrower_id: str, channel: str, address: str) -> list[Disclosed]:
        """List the messages to the person that were, or may have been, sent to this address, the
        oldest first."""

    def contact(self, borrower_id: str, message_id: str) -> Contact | None:
        """Return this message's contact record; None if sending was never attempted."""

    def contacts(self, borrower_id: str) -> dict[str, Contact]:
        """Return every message that is still on record for the person, by message id."""

    def lease_contact(
        self,
        borrower: Borrower,
        message_id: str,
        on: date,
        until: datetime,
        *,
        at: datetime | None = None,
        taken_at: datetime | None = None,
        channel: str | None = None,
        said: str | None = None,
    ) -> None:
        """Reserve the message for one sender before it is sent, and count it once, on this day.

        ``at``, ``taken_at``, ``channel`` and what is to be ``said`` instead are kept with it.
        Raises StaleWriteError when another sender has it, or when another message to the same
        person came first.
        """

    def release_contact(self, borrower_id: str, message_id: str) -> None:
        """End the lease of a message that was certainly not sent; another attempt can take it."""

    def confirm_contact(
        self,
        borrower_id: str,
        message_id: str,
        provider_id: str,
        said: str | None = None,
        words: str | None = None,
    ) -> None:
        """Record that the message was sent, what was said if another kind than was meant, and the
        fingerprint of its words."""

    def note_fate(self, borrower_id: str, message_id: str, fate: Fate, on: date) -> None:
        """Record what became of a sent message; one that came back does not count as a contact."""


class ReplyRepository(Protocol):
    """Keeps that an institution's people replied, and what with, never the words."""

    def begin(self, reply: ReplyRecord, person: Borrower) -> ReplyRecord:
        """Put the reply on record; return the one on record, which may be done already."""

    def of_person(self, person_id: str) -> list[ReplyRecord]:
        """List the person's replies, the oldest first."""

    def take_on_answer(self, reply: ReplyRecord) -> bool:
        """Reserve the one answer to the reply; return False if somebody did before."""

    def give_up_answer(self, reply: ReplyRecord) -> None:
        """Let another try answer: it was certainly not sent."""

    def finish(self, reply: ReplyRecord) -> None:
        """Record that everything the reply brings is carried out. Idempotent."""


class Mailbox(Protocol):
    """The e-mails that were received."""

    def read(self, key: str) -> bytes:
        """Return the e-mail as MIME."""


class SentTexts(Protocol):
    """Which text message a provider's id stands for: its news name neither institution nor person.

    E-mail needs none of this: it carries tags.
    """

    def add(self, provider_id: str, sent: SentMessage, on: date) -> None:
        """Remember it for as long as news may come."""

    def find(self, provider_id: str) -> SentMessage | None:
        """Return the message, None if nobody knows it."""


class Links(Protocol):
    """Links that act without signing in; nobody but us can make one."""

    def unsubscribe_url(self, institution_id: str, person_id: str, channel: str) -> str:
        """Return where this person ends all messages of this channel."""

    def read(self, token: str) -> UnsubscribeClaim | None:
        """Return what the link's token says, None if it is not one of ours."""


class MessageQueue(Protocol):
    """Persons with a wish to consider."""

    def put(self, wakes: Sequence[Wake], *, delay_seconds: int = 0) -> None:
        """Queue the wakes, to be considered after this delay at the earliest, or a little sooner
        if the delay is long."""


class Messenger(Protocol):
    """Sends messages, returning the provider's id."""

    def send_email(
        self,
        address: str,
        subject: str,
        text: str,
        html: str,
        sender: str = "",
        *,
        reply_to: str = "",
        sent: SentMessage | None = None,
        unsubscribe_url: str = "",
        attachments: Sequence[MailAttachment] = (),
    ) -> str:
        """Send an e-mail; ``sender`` is the name it is from, ``reply_to`` the address for replies,
        if any.

        News of its delivery will name ``sent``. At ``unsubscribe_url`` whoever gets it ends all
        e-mail, at one click (RFC 8058).
        """

    def send_sms(self, phone: str, text: str, *, sender: str = "") -> str:
        """Send a text message; ``sender`` is the number it is from, if any."""
