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
from recovery.ports.contact import NotSentError, QueuedMessage, UndeliverableError
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
class NotSent:
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


@retry_when_stale  # only the contact log can be stale, before anything is sent
def send_message(
    message: QueuedMessage, now: datetime, ports: SendingPorts
) -> Sent | NotSent | Later:
    """Send the message if it still applies and the borrower may be contacted now.

    ``now`` is an aware datetime. A quiet hour today gives Later; for a quiet day or a full week,
    the loan is marked for a later review. Raises what the messenger and the repositories raise.
    """
    stored = ports.loans.load(message.loan_id)
    day = ports.institutions.day(stored.loan.institution_id)
    borrower = ports.borrowers.load(stored.loan.borrower_id)
    as_of = max(_today(stored.loan.institution_id, now, day, ports.institutions), message.as_of)
    local = _local_time(now, borrower, day, as_of)
    policy = ports.institutions.policy(stored.loan.institution_id, as_of)
    standing = standing_at(stored.loan.schedule, stored.state.position, policy.monitoring, as_of)
    contact = ports.borrowers.contact(borrower.borrower_id, message.message_id)
    if contact and contact.provider_id:
        _record_notice(message, contact.contacted_on, policy, ports.loans)
        return Sent()
    if contact and contact.leased_until and contact.leased_until > now:
        return Later(1 + int((contact.leased_until - now).total_seconds()))

    def not_sent(reason: str) -> NotSent:
        text = f"not sent ({message.kind}): {reason}"
        ports.timeline.add(message.loan_id, [_entry(message, as_of, text, policy.version)])
        return NotSent(reason)

    if contact and contact.leased_until:  # the one doubt that is left: better silent than twice
        return not_sent("it may have been sent: its sender stopped before confirming")
    wrong = _why_wrong(message, stored, standing)
    if wrong:
        return not_sent(wrong)
    match check_contact(policy.contact, borrower, local):
        case Withhold(reason):
            return not_sent(reason)
        case WaitUntil(at, _):
            return Later(max(60, int((at - local).total_seconds())))
        case RetryOn(on, reason):
            _retry_on(message, on, as_of, ports.loans, policy.version)
            return not_sent(f"{reason}; again on {on} if still true")
        case Send(channel):
            pass
    # Contact limits count the borrower's local days.
    ports.borrowers.lease_contact(borrower, message.message_id, local.date(), now + _LEASE)
    try:
        provider_id = _deliver(
            channel,
            message,
            stored,
            borrower,
            standing,
            as_of + timedelta(days=policy.cases.notice_days),
            ports,
        )
    except UndeliverableError as error:
        ports.borrowers.release_contact(borrower.borrower_id, message.message_id)
        return not_sent(f"undeliverable by {channel}: {error}")
    except NotSentError:
        ports.borrowers.release_contact(borrower.borrower_id, message.message_id)
        raise
    ports.borrowers.confirm_contact(borrower.borrower_id, message.message_id, provider_id)
    _record_notice(message, as_of, policy, ports.loans)
    text = f"sent by {channel}: {message.kind}"
    ports.timeline.add(message.loan_id, [_entry(message, as_of, text, policy.version)])
    ports.bus.publish([_message_sent(message, channel, as_of)])
    return Sent()


def _why_wrong(message: QueuedMessage, stored: StoredLoan, standing: Standing) -> str | None:
    """Why the message should not be sent any more; None when it still applies."""
    if stored.state.closed:
        return "recovery of this loan has ended"
    if message.kind == NOTICE and not is_present_notice(message.rule_key, stored.state.case):
        return "the case has moved on since this notice was requested"
    return why_outdated(message.kind, message.due_date, standing)


def _deliver(
    channel: str,
    message: QueuedMessage,
    stored: StoredLoan,
    borrower: Borrower,
    standing: Standing,
    answer_by: date,
    ports: SendingPorts,
) -> str:
    """Render and send the message; return the provider's id."""
    amount_minor = standing.overdue.total or standing.next_due.total
    if message.kind == THANK_YOU:
        counting = [r for r in ports.loans.payments(message.loan_id) if r.reversed_on is None]
        if not counting:
            raise UndeliverableError("there is no payment to thank for")
        amount_minor = max(counting, key=lambda r: r.payment.value_date).payment.amount_minor
    facts = MessageFacts(
        borrower_name=borrower.name,
        advisor_name=stored.loan.advisor_name,
        institution_name=ports.institutions.name(stored.loan.institution_id),
        loan_id=stored.loan.loan_id,
        currency=stored.loan.currency,
        amount_minor=amount_minor,
        due_date=message.due_date,
        overdue_minor=standing.overdue.total,
        outstanding_minor=standing.outstanding.total,
        days_past_due=standing.days_past_due,
        answer_by=answer_by,
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


def _retry_on(
    message: QueuedMessage, on: date, as_of: date, loans: LoanRepository, policy_version: int
) -> None:
    def step() -> None:
        stored = loans.load(message.loan_id)
        asked = {
            rule_key: day
            for rule_key, day in stored.state.asked.items()
            if rule_key != message.rule_key
        }
        next_on = min(stored.state.next_review_on or on, on)
        state = replace(
            stored.state,
            asked=asked,
            retry_on={**stored.state.retry_on, message.rule_key: on},
            next_review_on=next_on,
        )
        _save(stored, state, as_of, policy_version, loans)

    retry_until_fresh(step)


def _record_notice(message: QueuedMessage, on: date, policy: Policy, loans: LoanRepository) -> None:
    """Start the time to answer, which runs from the first notice that was sent."""

    def step() -> None:
        stored = loans.load(message.loan_id)
        case = stored.state.case
        if case is None or case.notice_on or not is_present_notice(message.rule_key, case):
            return
        answer_by = on + timedelta(days=policy.cases.notice_days)
        state = replace(
            stored.state,
            case=replace(case, notice_on=on),
            next_review_on=min(stored.state.next_review_on or answer_by, answer_by),
        )
        _save(stored, state, on, policy.version, loans)

    if message.kind == NOTICE:
        retry_until_fresh(step)


def _save(
    stored: StoredLoan, state: LoanState, as_of: date, policy_version: int, loans: LoanRepository
) -> None:
    version = stored.state.version + 1
    outbox = Outbox(f"{as_of}#{version}", as_of, policy_version)
    loans.save_review(replace(state, version=version), outbox, stored.loan)


def _entry(message: QueuedMessage, on: date, text: str, policy_version: int) -> TimelineEntry:
    key = f"{message.rule_key}#{message.due_date}#{'sent' if text.startswith('sent') else 'not'}"
    return TimelineEntry(on, "message", text, policy_version, key)


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
