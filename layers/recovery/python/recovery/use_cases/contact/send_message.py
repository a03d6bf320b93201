"""Send one message once: lease it, give it to the provider, confirm it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from recovery.domain.agreements.learning import with_given
from recovery.domain.agreements.restraints import Block
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.choose import purpose_of
from recovery.domain.contact.plan import NOTICE
from recovery.messages import (
    RenderedMessage,
    fingerprint,
    language_of,
)
from recovery.ports.contact import SendingFailedError, UndeliverableError
from recovery.ports.institutions import Institution
from recovery.ports.needs import (
    HasBorrowers,
    HasInstitutions,
    HasLinks,
    HasLoans,
    HasMessenger,
    HasPeople,
    HasSentTexts,
)
from recovery.use_cases.contact.write_message import Message, write

_LEASE = timedelta(minutes=5)  # far longer than a sender may run
_MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """The message was sent, now or in an earlier attempt on this date; ``said`` is its kind."""

    on: date
    said: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """The message will not be sent; ``missing`` is what nobody recorded, if that is why."""

    reason: str
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class InOtherHands:
    """Another sender is at work on it, for at most this long."""

    seconds: int


class SendingPorts(
    HasLoans,
    HasBorrowers,
    HasPeople,
    HasInstitutions,
    HasMessenger,
    HasSentTexts,
    HasLinks,
    Protocol,
):
    """What sending a message needs."""


def send_once(message: Message, ports: SendingPorts) -> Sent | NotSent | InOtherHands:
    """Send the message unless it was sent before, or is being sent.

    A lease that ended unconfirmed leaves a doubt that only the provider could settle: the message
    is not repeated. Raises StaleWriteError, with nothing sent, if another message to the person
    came first; SendingFailedError if sending may work later.
    """
    borrower_id, message_id = message.borrower.borrower_id, message.message_id
    contact = ports.borrowers.contact(borrower_id, message_id)
    if contact and contact.provider_id and not contact.came_back:
        return Sent(contact.contacted_on, contact.said or message.wish.kind)
    if contact and contact.leased_until and contact.leased_until > message.now:
        return InOtherHands(1 + int((contact.leased_until - message.now).total_seconds()))
    if contact and contact.leased_until:  # missing one is better than repeating it
        return NotSent("it may already be sent: its sender stopped before confirming")
    if message.language is None:  # never in a language that the person did not name
        language = message.borrower.language
        return NotSent(f"no text in {language}", f"language.{language_of(language)}")
    if message.neutral and not message.stored.loan.advisor_phone:
        where = f"others may see what is sent by {message.channel}"
        return NotSent(f"{where}, and no telephone number of the advisor is on record to call")
    institution = ports.institutions.find(message.stored.loan.institution_id)
    if missing := _cannot_say(message, institution):
        what = missing.replace("_", " ")
        reason = f"the law asks that it says the institution's {what}, which is not on record"
        return NotSent(reason, missing)
    try:
        written = write(message, institution, ports)
    except UndeliverableError as error:
        return NotSent(f"undeliverable by {message.channel}: {error}")
    if repeated := _repeats(message, fingerprint(written), ports):
        return NotSent(repeated)
    unsubscribe_url = _unsubscribe_url(message, ports)
    # Contact limits count the borrower's local days.
    today, until = message.local.date(), message.now + _LEASE
    ports.borrowers.lease_contact(
        *(_learner(message), message_id, today, until),
        at=message.local,
        taken_at=message.now,
        channel=message.channel,
        said=message.said,
    )
    try:
        provider_id = _deliver(written, message, institution, unsubscribe_url, ports)
    except UndeliverableError as error:
        ports.borrowers.release_contact(borrower_id, message_id)
        return NotSent(f"undeliverable by {message.channel}: {error}")
    except SendingFailedError:
        ports.borrowers.release_contact(borrower_id, message_id)
        raise
    if message.channel == "sms":  # news of it names nobody
        ports.sent_texts.add(provider_id, message.sent, today)
    ports.borrowers.confirm_contact(
        borrower_id, message_id, provider_id, message.said, fingerprint(written)
    )
    return Sent(message.as_of, message.said or message.wish.kind)


def _learner(message: Message) -> Borrower:
    """Return the borrower, to whom a lesson counts as given from the moment it is taken on."""
    borrower = message.borrower
    if message.lesson_id is None or message.neutral:
        return borrower
    learning = with_given(borrower.learning, message.lesson_id, message.message_id, message.as_of)
    return replace(borrower, learning=learning)


def _cannot_say(message: Message, institution: Institution) -> str | None:
    """Return what the law asks the message to say and the institution did not record.

    A registration mark is for who collects for others. A neutral word names nobody.
    """
    if message.neutral:
        return None
    asked = set(message.must_say & {"registration_mark", "grievance_officer"})
    if not message.stored.state.ownership.owners:
        asked.discard("registration_mark")
    return next((each for each in sorted(asked) if not getattr(institution, each)), None)


def _repeats(message: Message, words: str, ports: HasBorrowers) -> str | None:
    """Return why the same words are not said again; None if they may be.

    Nobody reads a text anew that they just had. What the law asks to be told, and answers, are said
    however often.
    """
    if purpose_of(message.wish.kind) in (Block.NOTICES, Block.ANSWERS):
        return None
    told = sorted(
        (each for each in ports.borrowers.contacts(message.borrower.borrower_id).items()),
        key=lambda each: (each[1].taken_at or message.now, each[0]),
    )
    said = [each.words for _, each in told if each.provider_id and not each.came_back]
    if said and said[-1] == words:
        return "the last message said the same in the same words"
    if said.count(words) >= _MOST_ALIKE:
        return f"{_MOST_ALIKE} messages said the same in the same words"
    return None


def _deliver(
    written: RenderedMessage,
    message: Message,
    institution: Institution,
    unsubscribe_url: str,
    ports: SendingPorts,
) -> str:
    """Pass the message to the provider; return the provider's id."""
    borrower = message.borrower
    if message.channel == "email" and borrower.email:
        return ports.messenger.send_email(
            borrower.email,
            written.subject,
            written.text,
            written.html,
            written.sender,
            reply_to=institution.reply_to,
            sent=message.sent,
            unsubscribe_url=unsubscribe_url,
        )
    if message.channel == "sms" and borrower.phone:
        return ports.messenger.send_sms(borrower.phone, written.sms, sender=institution.sms_number)
    raise UndeliverableError(f"no address for {message.channel}")


def _unsubscribe_url(message: Message, ports: HasLinks) -> str:
    """Return where all e-mail ends at one click; a notice that the law asks for offers no end."""
    if message.channel != "email" or message.wish.kind == NOTICE:
        return ""
    sent = message.sent
    return ports.links.unsubscribe_url(sent.institution_id, sent.person_id, message.channel)
