"""Consider what a person should hear now, say it once, and record why the rest was not said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Protocol

from recovery.domain.accounting.owner_facts import in_words
from recovery.domain.cases.notice_delivery import deliver_notice
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.choose import Choice, LoanWish, NotSaid, choose
from recovery.domain.contact.education_policy import LESSON
from recovery.domain.contact.gate import contact_hours
from recovery.domain.contact.places import Limits
from recovery.domain.contact.plan import Wish
from recovery.domain.contact.silence import Reached, counted, why_not
from recovery.domain.contact.while_placed import silenced
from recovery.domain.contact.who_hears import quiet_until
from recovery.domain.loan_state import standings_of
from recovery.domain.outbox import DomainEvent, not_sent_entry, sent_entry
from recovery.domain.policy import Policy
from recovery.domain.wish_answers import answer_wish
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import Wake
from recovery.ports.institutions import InstitutionDay, InstitutionRepository
from recovery.ports.needs import HasBus, HasExperiments, HasLoans, HasTasks, HasTimeline
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.contact.lessons import lesson_of, needs_telling, tell_lesson
from recovery.use_cases.contact.limits import limits_for, zone_of
from recovery.use_cases.contact.missing_details import ask_for
from recovery.use_cases.contact.mornings import morning_to_wait_for
from recovery.use_cases.contact.send_message import (
    InOtherHands,
    NotSent,
    SendingPorts,
    Sent,
    send_once,
)
from recovery.use_cases.contact.try_out import AS_USUAL, try_out
from recovery.use_cases.contact.write_message import Message
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_until_fresh, retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of

_REPLAYED = time(10)
_OTHER_REVIEWS_SECONDS = {"wall": 60, "replay": 0}  # a replayed day takes a second or two


@dataclass(slots=True)
class Told:
    """How many messages were sent and wishes not said; when to come back, if not done."""

    sent: int = 0
    not_said: int = 0
    again_in_seconds: int | None = None


class TellingPorts(SendingPorts, HasTasks, HasTimeline, HasBus, HasExperiments, Protocol):
    """What telling a person something needs."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """When we speak: ``as_of`` dates what is said, ``local`` is the borrower's time."""

    as_of: date
    local: datetime
    now: datetime
    rules: Rules

    @property
    def policy(self) -> Policy:
        return self.rules.policy


@retry_when_stale  # only the contact log can be stale, before anything is sent
def tell_borrower(wake: Wake, now: datetime, ports: TellingPorts) -> Told:
    """Answer the wishes of all the person's loans: at most one is said, each gets an answer.

    ``now`` is an aware datetime. Too early in the day, or while another loan of the person awaits
    its review, it asks to come back. A repeated or an old wake finds no wish and does nothing.
    Raises what the messenger and the repositories raise.
    """
    borrower = ports.borrowers.load(wake.borrower_id)
    # A loan that cannot be read must not silence the others.
    loans, _ = readable_loans(ports.borrowers.loans_of(wake.borrower_id), ports.loans)
    if all(each.state.wish is None for each in loans):
        return Told()
    day = ports.institutions.day(wake.institution_id)
    moment = _moment(wake, borrower, day, now, ports.institutions)
    if _awaits_review(loans, borrower, day, moment):
        return Told(again_in_seconds=_OTHER_REVIEWS_SECONDS[day.clock])
    demanded = [each.state.demanded_on for each in loans if each.state.demanded_on]
    wishes = [
        _loan_wish(each, wish, moment, max(demanded, default=None))
        for each in loans
        if (wish := each.state.wish)
    ]
    limits = limits_for(borrower, moment.policy.contact)
    choice = choose(wishes, borrower, limits, moment.local)
    if day.clock == "wall":
        institution = ports.institutions.find(wake.institution_id)
        if at := morning_to_wait_for(choice, borrower, limits, moment.local, institution):
            dropped = tuple(each for each in choice.not_said if not each.retry_on)
            choice = replace(choice, not_said=dropped, wait_until=at)
    by_id = {each.loan.loan_id: each for each in loans}
    for each in choice.not_said:
        stored = by_id[each.about.loan_id]
        if each.about.wish.kind == LESSON and needs_telling(borrower, limits, moment.as_of):
            wish, why = each.about.wish, f"contact only by {borrower.instructions.only_by}"
            if lesson := lesson_of(wish, stored, borrower, moment.policy, moment.as_of):
                task = tell_lesson(lesson.lesson_id, stored, why, moment.as_of)
                open_tasks([task], ports)
        _record_not_said(each, stored, moment, ports)
    for notice in choice.by_people:
        _leave_to_people(notice, by_id[notice.loan_id], moment, ports)
    told = Told(not_said=len(choice.not_said) + len(choice.by_people))
    if choice.wait_until:
        wait_seconds = int((choice.wait_until - moment.local).total_seconds())
        told.again_in_seconds = max(60, wait_seconds)
    if choice.say:
        stored = by_id[choice.say.loan_id]
        _say(choice.say, choice, stored, borrower, limits, moment, told, ports)
    return told


def _say(
    about: LoanWish,
    choice: Choice,
    stored: StoredLoan,
    borrower: Borrower,
    limits: Limits,
    moment: _Moment,
    told: Told,
    ports: TellingPorts,
) -> None:
    tried = AS_USUAL
    if not choice.neutral:
        tried = try_out(about, stored, borrower, moment.policy, moment.as_of, ports)
    if tried.why_not:
        _record_not_said(NotSaid(about, tried.why_not, tried.retry_on), stored, moment, ports)
        told.not_said += 1
        return
    lesson_id = None
    if about.wish.kind == LESSON:
        lesson = lesson_of(about.wish, stored, borrower, moment.policy, moment.as_of)
        if lesson is None:
            nothing = NotSaid(about, "nothing is left to learn")
            _record_not_said(nothing, stored, moment, ports)
            told.not_said += 1
            return
        lesson_id = lesson.lesson_id
        if tried.lesson_id and tried.lesson_id not in borrower.learning.given:
            lesson_id = tried.lesson_id
    message = Message(
        wish=about.wish,
        lesson_id=lesson_id,
        signed_by=tried.signed_by,
        wording=tried.wording,
        stored=stored,
        standing=about.standing,
        borrower=borrower,
        channel=choice.channel,
        neutral=choice.neutral,
        policy=moment.policy,
        as_of=moment.as_of,
        local=moment.local,
        now=moment.now,
        must_say=limits.must_say(choice.channel, moment.local.date()),
    )
    match send_once(message, ports):
        case Sent() as sent:
            _record_said(message, sent, ports)
            told.sent += 1
        case NotSent(reason, missing):
            if lesson_id and message.language is None:
                open_tasks([tell_lesson(lesson_id, stored, reason, moment.as_of)], ports)
            _record_not_said(NotSaid(about, reason, missing=missing), stored, moment, ports)
            told.not_said += 1
        case InOtherHands(seconds):
            told.again_in_seconds = seconds


def _leave_to_people(
    about: LoanWish, stored: StoredLoan, moment: _Moment, ports: TellingPorts
) -> None:
    """Open the task to deliver the notice; its time to answer starts once that is proved."""
    if about.case:
        task = deliver_notice(stored.loan, about.case, about.wish.rule_key, moment.as_of)
        open_tasks([task], ports)
    reason = "no message to this person proves a notice: a person delivers it"
    _record_not_said(NotSaid(about, reason), stored, moment, ports)


def _moment(
    wake: Wake,
    borrower: Borrower,
    day: InstitutionDay,
    now: datetime,
    institutions: InstitutionRepository,
) -> _Moment:
    """The date of what is said now: the business date or, while that lags behind, today.

    Otherwise the time to answer could run out before the notice is read. In a replay the local time
    is ten, or the first of the hours for contact if ten is none of them.
    """
    institution_id = wake.institution_id
    as_of = max(business_date(institution_id, now, institutions), wake.as_of)
    zone = zone_of(borrower) or UTC  # nothing is sent to who has none
    if day.clock == "replay":
        rules = rules_of(institution_id, as_of, institutions)
        hours = contact_hours(limits_for(borrower, rules.policy.contact), borrower, as_of)
        local = datetime.combine(as_of, _REPLAYED, zone)
        if hours and not hours[0] <= local < hours[1]:
            local = hours[0]
        return _Moment(as_of, local, now, rules)
    as_of = max(as_of, local_date(institution_id, now, institutions))
    rules = rules_of(institution_id, as_of, institutions)
    return _Moment(as_of, now.astimezone(zone), now, rules)


def _awaits_review(
    loans: Sequence[StoredLoan], borrower: Borrower, day: InstitutionDay, moment: _Moment
) -> bool:
    """Whether a loan of the person has yet to say today what it wishes for.

    We wait no longer than the day's reviews take, and no later than the last contact hour. A replay
    stands still before the day's review is opened: there would be no end to waiting for it.
    """
    if len(loans) < 2:
        return False
    limits = limits_for(borrower, moment.policy.contact)
    hours = contact_hours(limits, borrower, moment.local.date())
    if hours is None or moment.local >= hours[1]:
        return False
    if day.reviewed_through and day.reviewed_through >= moment.as_of:
        return False
    if day.clock == "replay" and day.business_date and day.business_date < moment.as_of:
        return False
    due = (each.state.next_review_on for each in loans)
    return any(on is not None and on <= moment.as_of for on in due)


def _loan_wish(
    stored: StoredLoan, wish: Wish, moment: _Moment, demanded_on: date | None
) -> LoanWish:
    loan, state = stored.loan, stored.state
    charges = moment.rules.charges(loan, state)
    standings = standings_of(loan, state, moment.policy, moment.as_of, charges)
    silent = silenced(wish, state.ownership.silence_on(moment.as_of))
    return LoanWish(
        loan_id=loan.loan_id,
        wish=wish,
        standing=standings.collectible,
        case=state.case,
        restraints=state.restraints,
        closed=state.closed is not None,
        silent=in_words(silent) if silent else None,
        quiet_until=quiet_until(loan, state.position, moment.policy.contact.quiet_days),
        demanded_on=demanded_on,
    )


def _record_not_said(
    each: NotSaid, stored: StoredLoan, moment: _Moment, ports: TellingPorts
) -> None:
    """Record why, and ask the institution for what is missing; the state last."""
    wish, loan_id, version = each.about.wish, each.about.loan_id, moment.policy.version
    entry = not_sent_entry(wish, each.reason, moment.as_of, version, each.retry_on)
    ports.timeline.add(loan_id, [entry])
    if each.missing:
        open_tasks([ask_for(each.missing, stored.loan.borrower_id, loan_id, moment.as_of)], ports)
    reached = None if each.retry_on else why_not(each.reason, each.missing)
    _answer(stored, wish, moment.policy, ports, retry_on=each.retry_on, reached=reached)


def _record_said(message: Message, sent: Sent, ports: TellingPorts) -> None:
    """Record what was sent, the state last: if this is interrupted, the wish brings us back.

    Where another word was said instead, no notice was given: its time to answer does not start.
    """
    loan_id, wish, policy = message.stored.loan.loan_id, message.wish, message.policy
    entry = sent_entry(wish, message.channel, sent.on, policy.version, sent.said)
    ports.timeline.add(loan_id, [entry])
    ports.bus.publish([_message_sent(message, sent)])
    said_on = sent.on if sent.said == wish.kind else None
    _answer(message.stored, wish, policy, ports, said_on=said_on)


def _answer(
    known: StoredLoan,
    wish: Wish,
    policy: Policy,
    ports: HasLoans,
    *,
    retry_on: date | None = None,
    said_on: date | None = None,
    reached: Reached | None = None,
) -> None:
    """Record the answer on the loan as it is; read it again only if it has changed.

    What could not be asked of the person, and why, is counted: it is no silence of theirs.
    """

    def record(stored: StoredLoan) -> None:
        known = stored.state
        if reached and known.standing:
            contacts = counted(known.contacts, wish.kind, reached, known.standing.as_of)
            known = replace(known, contacts=contacts)
        state = answer_wish(stored.loan, known, policy, wish, retry_on=retry_on, said_on=said_on)
        if state is not known:
            ports.loans.save_state(state, stored.loan)

    try:
        record(known)
    except StaleWriteError:
        retry_until_fresh(lambda: record(ports.loans.load(known.loan.loan_id)))


def _message_sent(message: Message, sent: Sent) -> DomainEvent:
    return DomainEvent(
        "MessageSent",
        {
            "loan_id": message.stored.loan.loan_id,
            "message_id": message.message_id,
            "kind": sent.said,
            "channel": message.channel,
            "on": sent.on.isoformat(),
            "policy_version": message.policy.version,
        },
    )
