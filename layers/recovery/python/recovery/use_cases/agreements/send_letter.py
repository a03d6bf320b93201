"""Send a person the letter about an agreement, to an address that only they read, once.

By e-mail the letter goes with it; a text message tells that it is ready. Where neither may go, a
person hands it over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.agreements.restraints import Block, blocks
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.gate import (
    RetryOn,
    Send,
    WaitUntil,
    Withhold,
    check_contact,
    contact_hours,
)
from recovery.domain.contact.plan import AGREEMENT_LETTER, Wish
from recovery.domain.contact.private_channels import private_channels
from recovery.domain.outbox import DomainEvent, not_sent_entry, sent_entry
from recovery.domain.shared.actor import Role
from recovery.messages import fingerprint, language_with_text
from recovery.messages.agreement_letter import AgreementFacts, render_letter_sent
from recovery.ports.contact import (
    MailAttachment,
    SendingFailedError,
    SentMessage,
    UndeliverableError,
)
from recovery.ports.institutions import Institution
from recovery.ports.needs import (
    HasBorrowers,
    HasBus,
    HasInstitutions,
    HasLetters,
    HasLoans,
    HasMessenger,
    HasSentTexts,
    HasTasks,
    HasTimeline,
)
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.contact.limits import limits_for, zone_of
from recovery.use_cases.shared.rules import Rules

_LEASE = timedelta(minutes=5)  # far longer than a sender may run
_REPLAYED = time(10)
_TIME_TO_HAND_OVER = timedelta(days=7)
_LONGEST_WAIT_SECONDS = 12 * 60 * 60


class LetterPorts(
    HasLoans,
    HasBorrowers,
    HasInstitutions,
    HasMessenger,
    HasSentTexts,
    HasTimeline,
    HasTasks,
    HasBus,
    HasLetters,
    Protocol,
):
    """What sending a letter needs."""


@dataclass(frozen=True, slots=True)
class ToSend:
    """A letter that is kept, with what it tells and to whom."""

    letter: KeptLetter
    facts: AgreementFacts
    person: Borrower
    loan: Loan
    institution: Institution
    rules: Rules

    @property
    def wish(self) -> Wish:
        on = self.facts.agreed.on
        return Wish(f"{AGREEMENT_LETTER}@{self.letter.agreement_id}", AGREEMENT_LETTER, on)


def send_letter(
    to_send: ToSend, now: datetime, ports: LetterPorts
) -> tuple[KeptLetter, int | None]:
    """Return the letter as it is after this, and in how many seconds to come back, None if done.

    Raises SendingFailedError, with nothing sent, if it may work later; StaleWriteError if another
    message to the person came first.
    """
    person, rules = to_send.person, to_send.rules
    contact = ports.borrowers.contact(person.borrower_id, _message_id(to_send))
    if contact and contact.provider_id and not contact.came_back:
        return _sent(to_send, contact.channel or "", ports), None
    if contact and contact.leased_until:
        if contact.leased_until > now:
            return to_send.letter, 1 + int((contact.leased_until - now).total_seconds())
        reason = "it may already be sent: its sender stopped before confirming"
        return _not_sent(to_send, reason, ports), None
    if language_with_text((person.language, person.second_language)) is None:
        return _not_sent(to_send, f"no text in {person.language}", ports), None
    if blocks(person.restraints, Block.ANSWERS, rules.as_of):
        return _not_sent(to_send, "something holds back all messages", ports), None
    limits = limits_for(person, rules.policy.contact)
    private = private_channels(limits, person, rules.as_of)
    if not private:
        return _not_sent(to_send, "no address that only they read is known", ports), None
    local = _local(to_send, now, ports)
    match check_contact(limits, person, local, capped=False, by=private):
        case Send(channel):
            return _send(to_send, channel, local, now, ports), None
        case WaitUntil(at):
            return to_send.letter, _seconds(at - local)
        case RetryOn(on):
            return to_send.letter, _seconds(datetime.combine(on, time(), local.tzinfo) - local)
        case Withhold(reason):
            return _not_sent(to_send, reason, ports), None


def _send(
    to_send: ToSend, channel: str, local: datetime, now: datetime, ports: LetterPorts
) -> KeptLetter:
    person, message_id = to_send.person, _message_id(to_send)
    written = render_letter_sent(to_send.facts)
    institution = to_send.institution
    sent = SentMessage(institution.institution_id, person.borrower_id, message_id)
    ports.borrowers.lease_contact(
        *(person, message_id, local.date(), now + _LEASE), at=local, taken_at=now, channel=channel
    )
    address = person.address_of(channel) or ""
    try:
        if channel == "email":
            provider_id = ports.messenger.send_email(
                *(address, written.subject, written.text, written.html, written.sender),
                reply_to=institution.reply_to,
                sent=sent,
                attachments=[_attached(to_send.letter, ports)],
            )
        else:
            number = institution.sms_number
            provider_id = ports.messenger.send_sms(address, written.sms, sender=number)
    except UndeliverableError as error:
        ports.borrowers.release_contact(person.borrower_id, message_id)
        return _not_sent(to_send, f"undeliverable by {channel}: {error}", ports)
    except SendingFailedError:
        ports.borrowers.release_contact(person.borrower_id, message_id)
        raise
    if channel == "sms":  # news of it names nobody
        ports.sent_texts.add(provider_id, sent, local.date())
    ports.borrowers.confirm_contact(
        person.borrower_id, message_id, provider_id, None, fingerprint(written)
    )
    return _sent(to_send, channel, ports)


def _attached(letter: KeptLetter, ports: LetterPorts) -> MailAttachment:
    name = f"{letter.agreement_id}.pdf"
    return MailAttachment(name, ports.letter_files.read(letter), "application/pdf")


def _sent(to_send: ToSend, channel: str, ports: LetterPorts) -> KeptLetter:
    rules, letter, wish = to_send.rules, to_send.letter, to_send.wish
    entry = sent_entry(wish, channel, rules.as_of, rules.policy.version, wish.kind)
    ports.timeline.add(letter.loan_id, [replace(entry, key=_entry_key(entry.key, letter))])
    told = {
        "loan_id": letter.loan_id,
        "message_id": _message_id(to_send),
        "kind": wish.kind,
        "channel": channel,
        "on": rules.as_of.isoformat(),
        "policy_version": rules.policy.version,
    }
    ports.bus.publish([DomainEvent("MessageSent", told)])
    done = replace(letter, sent_by=channel, sent_on=rules.as_of)
    ports.letters.save(done)
    return done


def _not_sent(to_send: ToSend, reason: str, ports: LetterPorts) -> KeptLetter:
    """Leave it to a person to hand the letter over."""
    rules, letter = to_send.rules, to_send.letter
    task = Task(
        task_id=f"{letter.loan_id}.letter.{letter.agreement_id}.{letter.person_id}"[:160],
        kind=TaskKind.CALL,
        person_id=letter.person_id,
        loan_id=letter.loan_id,
        role=Role.ADVISOR,
        officer=to_send.loan.advisor_name or None,
        reason=f"hand over the letter of agreement {letter.agreement_id}: it was not sent",
        opened_on=rules.as_of,
        do_by=rules.as_of + _TIME_TO_HAND_OVER,
        about=letter.agreement_id,
    )
    open_tasks([task], ports)
    entry = not_sent_entry(to_send.wish, reason, rules.as_of, rules.policy.version)
    ports.timeline.add(letter.loan_id, [replace(entry, key=_entry_key(entry.key, letter))])
    done = replace(letter, not_sent=reason)
    ports.letters.save(done)
    return done


def _entry_key(key: str, letter: KeptLetter) -> str:
    """Tell the letters of several people about one loan apart."""
    return f"{key}#{letter.person_id}"


def _message_id(to_send: ToSend) -> str:
    return to_send.wish.message_id(to_send.loan.loan_id)


def _local(to_send: ToSend, now: datetime, ports: HasInstitutions) -> datetime:
    """Return the person's time; in a replay, ten or the first hour for contact on its day."""
    zone = zone_of(to_send.person) or UTC  # nothing is sent to who has none
    if ports.institutions.day(to_send.institution.institution_id).clock != "replay":
        return now.astimezone(zone)
    on = to_send.rules.as_of
    limits = limits_for(to_send.person, to_send.rules.policy.contact)
    hours = contact_hours(limits, to_send.person, on)
    local = datetime.combine(on, _REPLAYED, zone)
    return hours[0] if hours and not hours[0] <= local < hours[1] else local


def _seconds(wait: timedelta) -> int:
    return max(60, min(_LONGEST_WAIT_SECONDS, int(wait.total_seconds())))
