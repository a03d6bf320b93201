"""Send one message once: lease it, give it to the provider, confirm it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.payment import allocated_in
from recovery.domain.accounting.said import DisputeEnd
from recovery.domain.agreements.person_facts import ComplaintEnd
from recovery.domain.contact.answers import PROMISE_REMINDER
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Said
from recovery.domain.contact.plan import (
    APOLOGY,
    CLEARANCE_LETTER,
    DECIDED,
    PLEASE_CALL,
    THANK_YOU,
    Wish,
    owed_with_loss_minor,
)
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.policy import Policy
from recovery.messages import (
    MessageFacts,
    RenderedMessage,
    fingerprint,
    language_of,
    language_with_text,
    render,
    render_please_call,
)
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import SendingFailedError, UndeliverableError
from recovery.ports.institutions import Institution
from recovery.ports.needs import HasBorrowers, HasInstitutions, HasLoans, HasMessenger, HasPeople

_LEASE = timedelta(minutes=5)  # far longer than a sender may run


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


class SendingPorts(HasLoans, HasBorrowers, HasPeople, HasInstitutions, HasMessenger, Protocol):
    """What sending a message needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to send: what about, to whom, how, and when.

    ``as_of`` dates what is said, ``local`` is the borrower's time, ``now`` the wall clock.
    ``neutral``: others may see it, so that the borrower is only asked to call. ``must_say`` is what
    the law asks of a message by this channel.
    """

    wish: Wish
    stored: StoredLoan
    standing: Standing
    borrower: Borrower
    channel: str
    policy: Policy
    as_of: date
    local: datetime
    now: datetime
    neutral: bool = False
    must_say: frozenset[Said] = frozenset()

    @property
    def message_id(self) -> str:
        return self.wish.message_id(self.stored.loan.loan_id)

    @property
    def language(self) -> str | None:
        """The first language that the person named and we have texts in, None if there is none."""
        return language_with_text((self.borrower.language, self.borrower.second_language))

    @property
    def said(self) -> str | None:
        """The kind that is said instead of the one wished for, None if that is said."""
        return PLEASE_CALL if self.neutral else None


def send_once(message: Message, ports: SendingPorts) -> Sent | NotSent | InOtherHands:
    """Send the message unless it was sent before, or is being sent.

    A lease that ended unconfirmed leaves a doubt that only the provider could settle: the message
    is not repeated. Raises StaleWriteError, with nothing sent, if another message to the person
    came first; SendingFailedError if sending may work later.
    """
    borrower_id, message_id = message.borrower.borrower_id, message.message_id
    contact = ports.borrowers.contact(borrower_id, message_id)
    if contact and contact.provider_id:
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
    # Contact limits count the borrower's local days.
    today, until = message.local.date(), message.now + _LEASE
    ports.borrowers.lease_contact(
        *(message.borrower, message_id, today, until),
        at=message.local,
        taken_at=message.now,
        channel=message.channel,
        said=message.said,
    )
    try:
        written = _write(message, institution, ports)
        provider_id = _deliver(written, message, institution, ports)
    except UndeliverableError as error:
        ports.borrowers.release_contact(borrower_id, message_id)
        return NotSent(f"undeliverable by {message.channel}: {error}")
    except SendingFailedError:
        ports.borrowers.release_contact(borrower_id, message_id)
        raise
    ports.borrowers.confirm_contact(
        borrower_id, message_id, provider_id, message.said, fingerprint(written)
    )
    return Sent(message.as_of, message.said or message.wish.kind)


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


def _write(message: Message, institution: Institution, ports: SendingPorts) -> RenderedMessage:
    language = message.language or message.borrower.language
    if message.neutral:
        return _please_call(message, language)
    return _about_the_loan(message, institution, language, ports)


def _deliver(
    written: RenderedMessage, message: Message, institution: Institution, ports: SendingPorts
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
        )
    if message.channel == "sms" and borrower.phone:
        return ports.messenger.send_sms(borrower.phone, written.sms, sender=institution.sms_number)
    raise UndeliverableError(f"no address for {message.channel}")


def _please_call(message: Message, language: str) -> RenderedMessage:
    name, loan = message.borrower.name, message.stored.loan
    return render_please_call(language, name, loan.advisor_name, loan.advisor_phone or "")


def _about_the_loan(
    message: Message, institution: Institution, language: str, ports: SendingPorts
) -> RenderedMessage:
    kind, amount_minor, allocated = _kind_and_amount(message, ports)
    facts = _facts(message, institution, amount_minor, _answer(message, ports))
    return render(kind, language, replace(facts, allocated=allocated))


def _kind_and_amount(message: Message, ports: HasLoans) -> tuple[str, int, Mapping[str, int]]:
    """Return the text to use and the amount: of a payment, what is overdue, or what is due next;
    and where a payment went.

    For another's payment the borrower is told of the payment alone, not who made it.
    """
    kind = message.wish.kind
    if kind == PROMISE_REMINDER:
        return kind, _promised_minor(message), {}
    if kind not in (THANK_YOU, APOLOGY, CLEARANCE_LETTER):
        return kind, message.standing.overdue.total or message.standing.next_due.total, {}
    recorded = ports.loans.recorded(message.stored.loan.loan_id).payments
    counting = [each for each in recorded if each.reversed_on is None]
    if kind == APOLOGY:
        counting = [each for each in counting if each.links.moved_from]
    if not counting:
        raise UndeliverableError("the payment that it is about does not count any more")
    newest = max(counting, key=lambda each: (each.payment.value_date, each.payment.payment_id))
    if kind == THANK_YOU and newest.payment.payer_kind != "borrower":
        kind = "payment_received"
    return kind, newest.payment.amount_minor, allocated_in(newest)


def _promised_minor(message: Message) -> int:
    """Return what is still missing of the promise that the reminder is about."""
    promise_id = message.wish.rule_key.partition("@")[2]
    for each in message.stored.state.facts.promises:
        if each.promise_id == promise_id:
            return each.promise.amount_minor - each.own_minor - each.others_minor
    raise UndeliverableError("the promise that it is about does not count any more")


def _answer(message: Message, ports: SendingPorts) -> str:
    """Return what was decided on the dispute or complaint that the message is about."""
    about, to = message.wish.rule_key.partition("@")[2], message.wish.kind.partition("_")[0]
    if message.wish.kind not in DECIDED:
        return ""
    if to == "dispute":
        for each in ports.loans.recorded(message.stored.loan.loan_id).counting():
            if isinstance(each.fact, DisputeEnd) and each.fact.dispute_id == about:
                return each.fact.answer
    for said in ports.people.facts(message.borrower.borrower_id):
        if isinstance(said.fact, ComplaintEnd) and said.fact.complaint_id == about:
            return said.fact.answer
    raise UndeliverableError("the answer that it is about does not count any more")


def _facts(
    message: Message, institution: Institution, amount_minor: int, answer: str
) -> MessageFacts:
    loan, standing, borrower = message.stored.loan, message.standing, message.borrower
    return MessageFacts(
        borrower_name=borrower.name,
        advisor_name=loan.advisor_name,
        institution_name=institution.name,
        loan_id=loan.loan_id,
        currency=loan.currency,
        amount_minor=amount_minor,
        due_date=message.wish.due_date,
        overdue_minor=standing.overdue.total,
        outstanding_minor=standing.outstanding.total,
        days_past_due=standing.days_past_due,
        answer_by=message.as_of + timedelta(days=message.policy.cases.notice_days),
        paid_off=owed_with_loss_minor(standing) == 0,
        country=borrower.country,
        answer=answer,
        complaints_to=message.policy.agreements.complaints_to,
        phone=loan.advisor_phone or institution.phone,
        institution_phone=institution.phone,
        pay_account=institution.pay_account,
        pay_link=institution.pay_link,
        debt_advice=institution.debt_advice,
        registration_mark=institution.registration_mark,
        grievance_officer=institution.grievance_officer,
        must_say=message.must_say,
    )
