"""Write one message: what about, in whose words, from the facts as they are now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.payment import allocated_in
from recovery.domain.accounting.said import DisputeEnd
from recovery.domain.agreements.person_facts import ComplaintEnd
from recovery.domain.agreements.relief import reliefs_of
from recovery.domain.agreements.restraints import is_too_old, rests
from recovery.domain.agreements.settlement import is_settled
from recovery.domain.contact.answers import PROMISE_REMINDER
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Said
from recovery.domain.contact.education_policy import SAVING_REMINDER
from recovery.domain.contact.plan import (
    APOLOGY,
    CLEARANCE_LETTER,
    DECIDED,
    PLEASE_CALL,
    RELIEF_GRANTED,
    THANK_YOU,
    WARNINGS,
    Wish,
    is_said_again,
    owed_with_loss_minor,
)
from recovery.domain.contact.warning_wish import why
from recovery.domain.contact.way_back import is_offered_again
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outlook import warning_of
from recovery.domain.policy import Policy
from recovery.domain.shared.actor import as_read
from recovery.messages import (
    MessageFacts,
    RenderedMessage,
    language_with_text,
    render,
    render_please_call,
)
from recovery.messages.lesson_words import LessonFacts, render_lesson
from recovery.messages.pattern_words import pattern_words
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import SentMessage, UndeliverableError
from recovery.ports.institutions import Institution
from recovery.ports.needs import (
    HasBorrowers,
    HasLoans,
    HasPeople,
)
from recovery.use_cases.monitoring.review_loans import readable_loans


class WritingPorts(HasLoans, HasPeople, HasBorrowers, Protocol):
    """What writing a message needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to send: what about, to whom, how, and when.

    ``as_of`` dates what is said, ``local`` is the borrower's time, ``now`` the wall clock.
    ``neutral``: others may see it, so that the borrower is only asked to call. ``must_say`` is what
    the law asks of a message by this channel. ``lesson_id`` is the lesson that it brings.
    ``signed_by`` and ``wording`` are what an experiment changes, "" if it is as usual.
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
    lesson_id: str | None = None
    signed_by: str = ""
    wording: str = ""

    @property
    def message_id(self) -> str:
        return self.wish.message_id(self.stored.loan.loan_id)

    @property
    def sent(self) -> SentMessage:
        """What the provider's news of it are about."""
        institution_id = self.stored.loan.institution_id
        return SentMessage(institution_id, self.borrower.borrower_id, self.message_id)

    @property
    def language(self) -> str | None:
        """The first language that the person named and we have texts in, None if there is none."""
        return language_with_text((self.borrower.language, self.borrower.second_language))

    @property
    def said(self) -> str | None:
        """The kind that is said instead of the one wished for, None if that is said."""
        return PLEASE_CALL if self.neutral else None


def write(message: Message, institution: Institution, ports: WritingPorts) -> RenderedMessage:
    """Write the message in the person's language.

    Raises UndeliverableError if what it is about does not count any more.
    """
    language = message.language or message.borrower.language
    if message.neutral:
        return _please_call(message, language)
    if message.lesson_id:
        return _lesson(message, message.lesson_id, institution, language)
    return _about_the_loan(message, institution, language, ports)


def _please_call(message: Message, language: str) -> RenderedMessage:
    name, loan = message.borrower.name, message.stored.loan
    return render_please_call(language, name, loan.advisor_name, loan.advisor_phone or "")


def _lesson(
    message: Message, lesson_id: str, institution: Institution, language: str
) -> RenderedMessage:
    """Write the lesson: of the loan it says nothing."""
    loan = message.stored.loan
    facts = LessonFacts(
        borrower_name=message.borrower.name,
        advisor_name=loan.advisor_name,
        institution_name=institution.name,
        phone=loan.advisor_phone or institution.phone,
        country=message.borrower.country,
    )
    return render_lesson(lesson_id, language, facts)


def _about_the_loan(
    message: Message, institution: Institution, language: str, ports: WritingPorts
) -> RenderedMessage:
    kind, facts = _facts_of_kind(message, _facts(message, institution), ports)
    return render(kind, language, facts)


def _facts_of_kind(
    message: Message, facts: MessageFacts, ports: WritingPorts
) -> tuple[str, MessageFacts]:
    """Return the text to use, and the facts with what it is about: a promise, what is overdue or
    due next, or a payment and where it went.

    For another's payment the borrower is told of the payment alone, not who made it.
    """
    kind, standing = message.wish.kind, message.standing
    if kind in DECIDED:
        return kind, replace(facts, answer=_answer(message, ports))
    if kind in WARNINGS:
        return kind, _of_warning(message, facts, ports)
    if kind == RELIEF_GRANTED:
        return kind, _of_relief(message, facts, ports)
    if kind == PROMISE_REMINDER:
        return kind, replace(facts, amount_minor=_promised_minor(message))
    if kind == SAVING_REMINDER:
        return kind, replace(facts, amount_minor=_goal_minor(message))
    if kind not in (THANK_YOU, APOLOGY, CLEARANCE_LETTER):
        amount_minor = standing.overdue.total or standing.next_due.total
        again = is_said_again(message.policy.contact, message.wish)
        again = again or message.wording == "second_wording" or is_offered_again(message.wish)
        return kind, replace(facts, amount_minor=amount_minor, again=again)
    recorded = ports.loans.recorded(message.stored.loan.loan_id).payments
    counting = [each for each in recorded if each.reversed_on is None]
    if kind == APOLOGY:
        counting = [each for each in counting if each.links.moved_from]
    if not counting:
        raise UndeliverableError("the payment that it is about does not count any more")
    newest = max(counting, key=lambda each: (each.payment.value_date, each.payment.payment_id))
    if kind == CLEARANCE_LETTER and is_settled(message.stored.state.facts.plans, standing.as_of):
        kind = "settlement_letter"
    if kind == THANK_YOU and newest.payment.payer_kind != "borrower":
        kind = "payment_received"
    return kind, replace(
        facts,
        amount_minor=newest.payment.amount_minor,
        due_date=newest.payment.value_date,
        allocated=allocated_in(newest),
    )


def _of_warning(message: Message, facts: MessageFacts, ports: WritingPorts) -> MessageFacts:
    """Return the facts with why the message comes: the pattern that weighs most, in two sentences.

    It is signed by an officer whom the person knows from before; another name does nothing (Karlan,
    Morten and Zinman 2016).
    """
    loan, state = message.stored.loan, message.stored.state
    warning = warning_of(loan, state, message.policy, message.as_of)
    if warning is None or warning.due_date != message.wish.due_date:
        raise UndeliverableError("the warning that it is about does not hold any more")
    language = message.language or message.borrower.language
    seen, help_ = pattern_words(why(warning, message.wish.kind), language, message.borrower.country)
    return replace(
        facts,
        advisor_name=facts.advisor_name if _knows_the_officer(message, ports) else "",
        amount_minor=message.standing.next_due.total,
        why_seen=seen,
        why_help=help_,
        later_days=warning.later_days,
    )


def _knows_the_officer(message: Message, ports: WritingPorts) -> bool:
    """Whether the loan's officer served an earlier loan of the person."""
    loan = message.stored.loan
    others = ports.borrowers.loans_of(message.borrower.borrower_id)
    known, _ = readable_loans([each for each in others if each != loan.loan_id], ports.loans)
    return any(
        each.loan.disbursed_on < loan.disbursed_on
        and as_read(each.loan.advisor_name) == as_read(loan.advisor_name)
        for each in known
    )


def _of_relief(message: Message, facts: MessageFacts, ports: WritingPorts) -> MessageFacts:
    """Return the facts with the relief that the letter is about, and what falls due after it."""
    about, standing = message.wish.rule_key.partition("@")[2], message.standing
    for record, each in reliefs_of(ports.loans.recorded(message.stored.loan.loan_id)):
        if record.fact_id == about:
            return replace(
                facts,
                rest_until=each.until,
                sorry=each.sorry,
                amount_minor=standing.next_due.total,
                due_date=standing.next_due_date or each.until,
            )
    raise UndeliverableError("the relief that it is about does not count any more")


def _promised_minor(message: Message) -> int:
    """Return what is still missing of the promise that the reminder is about."""
    promise_id = message.wish.rule_key.partition("@")[2]
    for each in message.stored.state.facts.promises:
        if each.promise_id == promise_id:
            return each.promise.amount_minor - each.own_minor - each.others_minor
    raise UndeliverableError("the promise that it is about does not count any more")


def _goal_minor(message: Message) -> int:
    """Return what the person wants to lay aside for the due day, in the loan's currency."""
    learning = message.borrower.learning
    if not learning.goal_minor or learning.currency != message.stored.loan.currency:
        raise UndeliverableError("the goal that it is about is none any more")
    return learning.goal_minor


def _answer(message: Message, ports: WritingPorts) -> str:
    """Return what was decided on the dispute or complaint that the message is about."""
    about, to = message.wish.rule_key.partition("@")[2], message.wish.kind.partition("_")[0]
    if to == "dispute":
        for each in ports.loans.recorded(message.stored.loan.loan_id).counting():
            if isinstance(each.fact, DisputeEnd) and each.fact.dispute_id == about:
                return each.fact.answer
    for said in ports.people.facts(message.borrower.borrower_id):
        if isinstance(said.fact, ComplaintEnd) and said.fact.complaint_id == about:
            return said.fact.answer
    raise UndeliverableError("the answer that it is about does not count any more")


def _facts(message: Message, institution: Institution) -> MessageFacts:
    loan, standing, borrower = message.stored.loan, message.standing, message.borrower
    restraints = (*message.stored.state.restraints, *borrower.restraints)
    too_old = is_too_old(message.stored.state.restraints, message.as_of)
    return MessageFacts(
        borrower_name=borrower.name,
        advisor_name=institution.name if message.signed_by else loan.advisor_name,
        institution_name=institution.name,
        loan_id=loan.loan_id,
        currency=loan.currency,
        amount_minor=0,
        due_date=message.wish.due_date,
        overdue_minor=standing.overdue.total,
        outstanding_minor=standing.outstanding.total,
        days_past_due=standing.days_past_due,
        answer_by=message.as_of + timedelta(days=message.policy.cases.notice_days),
        paid_off=owed_with_loss_minor(standing) == 0,
        country=borrower.country,
        complaints_to=message.policy.agreements.complaints_to,
        phone=loan.advisor_phone or institution.phone,
        institution_phone=institution.phone,
        pay_account="" if too_old else institution.pay_account,
        pay_link="" if too_old else institution.pay_link,
        debt_advice=institution.debt_advice,
        registration_mark=institution.registration_mark,
        grievance_officer=institution.grievance_officer,
        must_say=message.must_say,
        too_old=too_old,
        nothing_asked=rests(restraints, message.as_of),
    )
