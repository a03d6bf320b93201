"""Send a queued message, or record on the timeline why it was not sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.gate import RetryOn, Send, WaitUntil, Withhold, check_contact
from recovery.domain.contact.plan import NOTICE, THANK_YOU, is_present_notice, why_outdated
from recovery.domain.monitoring.delinquency import Standing, standing_at
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.domain.policy import Policy
from recovery.domain.review import LoanState
from recovery.messages import MessageFacts, render
from recovery.ports.accounting import LoanRepository, StoredLoan
from recovery.ports.contact import QueuedMessage, SendingFailedError, UndeliverableError
from recovery.ports.institutions import InstitutionDay, InstitutionRepository
from recovery.ports.needs import (
    HasBorrowers,
    HasBus,
    HasInstitutions,
    HasLoans,
    HasMessenger,
    HasTimeline,
)
from recovery.ports.shared import DomainEvent
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_until_fresh, retry_when_stale

_LEASE = timedelta(minutes=5)  # far longer than a sender may run


@dataclass(frozen=True, slots=True)
class Sent:
    """The message was sent, now or in an earlier attempt."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """This request will not be sent."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Try again after this many seconds."""

    seconds: int


class SendingPorts(
    HasLoans, HasBorrowers, HasInstitutions, HasMessenger, HasTimeline, HasBus, Protocol
):
    """What sending a message needs."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt to send a message: all that is known when it starts.

    ``as_of`` is the date of what is sent, ``local`` the borrower's time, ``now`` the wall clock.
    """

    message: QueuedMessage
    stored: StoredLoan
    borrower: Borrower
    policy: Policy
    standing: Standing
    as_of: date
    local: datetime
    now: datetime


@retry_when_stale  # only the contact log can be stale, before anything is sent
def send_message(
    message: QueuedMessage, now: datetime, ports: SendingPorts
) -> Sent | Withheld | Later:
    """Send the message if it still applies and the borrower may be contacted now.

    ``now`` is an aware datetime. A quiet hour today gives Later; for a quiet day or a full week,
    the loan is marked for a later review. Raises what the messenger and the repositories raise.
    """
    attempt = _prepare(message, now, ports)
    contact = ports.borrowers.contact(attempt.borrower.borrower_id, message.message_id)
    if contact and contact.provider_id:
        _record_notice(attempt, contact.contacted_on, ports.loans)
        return Sent()
    if contact and contact.leased_until and contact.leased_until > now:
        return Later(1 + int((contact.leased_until - now).total_seconds()))
    if contact and contact.leased_until:  # missing one is better than repeating it
        reason = "it may already be sent: its sender stopped before confirming"
        return _withheld(attempt, reason, ports)
    wrong = _why_wrong(attempt)
    if wrong:
        return _withheld(attempt, wrong, ports)
    match check_contact(attempt.policy.contact, attempt.borrower, attempt.local):
        case Withhold(reason):
            return _withheld(attempt, reason, ports)
        case WaitUntil(at, _):
            return Later(max(60, int((at - attempt.local).total_seconds())))
        case RetryOn(on, reason):
            _retry_on(attempt, on, ports.loans)
            return _withheld(attempt, f"{reason}; retry on {on} if it still applies", ports)
        case Send(channel):
            return _send(attempt, channel, ports)


def _prepare(message: QueuedMessage, now: datetime, ports: SendingPorts) -> _Attempt:
    stored = ports.loans.load(message.loan_id)
    institution_id = stored.loan.institution_id
    day = ports.institutions.day(institution_id)
    borrower = ports.borrowers.load(stored.loan.borrower_id)
    as_of = max(_today(institution_id, now, day, ports.institutions), message.as_of)
    policy = ports.institutions.policy(institution_id, as_of)
    return _Attempt(
        message=message,
        stored=stored,
        borrower=borrower,
        policy=policy,
        standing=standing_at(stored.loan.schedule, stored.state.position, policy.monitoring, as_of),
        as_of=as_of,
        local=_local_time(now, borrower, day, as_of),
        now=now,
    )


def _why_wrong(attempt: _Attempt) -> str | None:
    """Why the message should not be sent any more; None when it still applies."""
    message, state = attempt.message, attempt.stored.state
    if state.closed:
        return "recovery of this loan has ended"
    if message.kind == NOTICE and not is_present_notice(message.rule_key, state.case):
        return "the case has moved on since this notice was requested"
    return why_outdated(message.kind, message.due_date, attempt.standing)


def _send(attempt: _Attempt, channel: str, ports: SendingPorts) -> Sent | Withheld:
    """Lease the message, give it to the provider, and record what came of it."""
    message, borrower_id = attempt.message, attempt.borrower.borrower_id
    # Contact limits count the borrower's local days.
    ports.borrowers.lease_contact(
        attempt.borrower, message.message_id, attempt.local.date(), attempt.now + _LEASE
    )
    try:
        provider_id = _deliver(attempt, channel, ports)
    except UndeliverableError as error:
        ports.borrowers.release_contact(borrower_id, message.message_id)
        return _withheld(attempt, f"undeliverable by {channel}: {error}", ports)
    except SendingFailedError:
        ports.borrowers.release_contact(borrower_id, message.message_id)
        raise
    ports.borrowers.confirm_contact(borrower_id, message.message_id, provider_id)
    _record_notice(attempt, attempt.as_of, ports.loans)
    text = f"sent by {channel}: {message.kind}"
    ports.timeline.add(message.loan_id, [_entry(attempt, text)])
    ports.bus.publish([_message_sent(message, channel, attempt.as_of)])
    return Sent()


def _withheld(attempt: _Attempt, reason: str, ports: SendingPorts) -> Withheld:
    text = f"not sent ({attempt.message.kind}): {reason}"
    ports.timeline.add(attempt.message.loan_id, [_entry(attempt, text)])
    return Withheld(reason)


def _deliver(attempt: _Attempt, channel: str, ports: SendingPorts) -> str:
    """Write the message and pass it to the provider; return the provider's id."""
    message, loan, standing = attempt.message, attempt.stored.loan, attempt.standing
    borrower = attempt.borrower
    amount_minor = standing.overdue.total or standing.next_due.total
    if message.kind == THANK_YOU:
        counting = [r for r in ports.loans.payments(message.loan_id) if r.reversed_on is None]
        if not counting:
            raise UndeliverableError("there is no payment to thank for")
        amount_minor = max(counting, key=lambda r: r.payment.value_date).payment.amount_minor
    facts = MessageFacts(
        borrower_name=borrower.name,
        advisor_name=loan.advisor_name,
        institution_name=ports.institutions.name(loan.institution_id),
        loan_id=loan.loan_id,
        currency=loan.currency,
        amount_minor=amount_minor,
        due_date=message.due_date,
        overdue_minor=standing.overdue.total,
        outstanding_minor=standing.outstanding.total,
        days_past_due=standing.days_past_due,
        answer_by=attempt.as_of + timedelta(days=attempt.policy.cases.notice_days),
        paid_off=standing.outstanding.total == 0,
        country=borrower.country,
    )
    written = render(message.kind, borrower.language, facts)
    if channel == "email" and borrower.email:
        return ports.messenger.send_email(
            borrower.email, written.subject, written.text, written.html
        )
    if channel == "sms" and borrower.phone:
        return ports.messenger.send_sms(borrower.phone, written.sms)
    raise UndeliverableError(f"no address for {channel}")


def _today(
    institution_id: str, now: datetime, day: InstitutionDay, institutions: InstitutionRepository
) -> date:
    """The date of a message sent now: the business date or, while that lags behind, today.

    Otherwise the time to answer could run out before the notice is read.
    """
    today = business_date(institution_id, now, institutions)
    if day.clock == "wall":
        today = max(today, local_date(institution_id, now, institutions))
    return today


def _local_time(now: datetime, borrower: Borrower, day: InstitutionDay, as_of: date) -> datetime:
    """The borrower's local time; in a replay, an hour into the day's contact window."""
    zone = ZoneInfo(borrower.time_zone)
    if day.clock == "replay":
        return datetime.combine(as_of, time(10), zone)
    return now.astimezone(zone)


def _retry_on(attempt: _Attempt, on: date, loans: LoanRepository) -> None:
    """Let the loan's review request the message again, on that date or later."""
    message = attempt.message

    def step() -> None:
        stored = loans.load(message.loan_id)
        asked = {
            rule_key: day
            for rule_key, day in stored.state.asked.items()
            if rule_key != message.rule_key
        }
        state = replace(
            stored.state,
            asked=asked,
            retry_on={**stored.state.retry_on, message.rule_key: on},
            next_review_on=min(stored.state.next_review_on or on, on),
        )
        _save(stored, state, attempt, loans)

    retry_until_fresh(step)


def _record_notice(attempt: _Attempt, on: date, loans: LoanRepository) -> None:
    """Start the answer period when a notice is sent, from its first delivery only."""
    message = attempt.message

    def step() -> None:
        stored = loans.load(message.loan_id)
        case = stored.state.case
        if case is None or case.notice_on or not is_present_notice(message.rule_key, case):
            return
        answer_by = on + timedelta(days=attempt.policy.cases.notice_days)
        state = replace(
            stored.state,
            case=replace(case, notice_on=on),
            next_review_on=min(stored.state.next_review_on or answer_by, answer_by),
        )
        _save(stored, state, attempt, loans)

    if message.kind == NOTICE:
        retry_until_fresh(step)


def _save(stored: StoredLoan, state: LoanState, attempt: _Attempt, loans: LoanRepository) -> None:
    version = stored.state.version + 1
    outbox = Outbox(f"{attempt.as_of}#{version}", attempt.as_of, attempt.policy.version)
    loans.save_review(replace(state, version=version), outbox, stored.loan)


def _entry(attempt: _Attempt, text: str) -> TimelineEntry:
    message = attempt.message
    key = f"{message.rule_key}#{message.due_date}#{'sent' if text.startswith('sent') else 'not'}"
    return TimelineEntry(attempt.as_of, "message", text, attempt.policy.version, key)


def _message_sent(message: QueuedMessage, channel: str, on: date) -> DomainEvent:
    return DomainEvent(
        "MessageSent",
        {
            "loan_id": message.loan_id,
            "message_id": message.message_id,
            "kind": message.kind,
            "channel": channel,
            "on": on.isoformat(),
            "policy_version": message.policy_version,
        },
    )
