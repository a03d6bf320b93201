"""Choose what a person hears now: one message, over all their loans and channels.

Each wish not chosen gets its reason, and a date to try again if it may still be right then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from recovery.domain.agreements.restraints import Block, Restraint, blocks, in_force, longest
from recovery.domain.cases.stage import CaseState
from recovery.domain.contact.answers import PROMISE_REMINDER
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Written
from recovery.domain.contact.education_policy import EDUCATION, LESSON
from recovery.domain.contact.gate import (
    RetryOn,
    Send,
    WaitUntil,
    Withhold,
    channels,
    check_contact,
    must_be_neutral,
    next_allowed_day,
    proving_channels,
)
from recovery.domain.contact.places import Limits
from recovery.domain.contact.plan import (
    AGREEMENT_LETTER,
    APOLOGY,
    CLEARANCE_LETTER,
    DECIDED,
    NOTICE,
    PLEASE_CALL,
    RELIEF_GRANTED,
    THANK_YOU,
    WARNINGS,
    Wish,
    is_present_notice,
    why_outdated,
)
from recovery.domain.contact.rewards import LOAN_END_THANKS
from recovery.domain.contact.way_back import WAY_BACK, has_moved_on
from recovery.domain.monitoring.delinquency import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanWish:
    """A loan's wish, with what decides whether it still holds.

    ``silent`` is why nobody is contacted about the loan now, None if somebody may be. Until
    ``quiet_until`` nothing is said of arrears, after a payment: it may have come since the review.
    ``demanded_on`` is when the person last heard of arrears, on whichever loan.
    """

    loan_id: str
    wish: Wish
    standing: Standing
    case: CaseState | None = None
    restraints: tuple[Restraint, ...] = ()
    closed: bool = False
    silent: str | None = None
    quiet_until: date | None = None
    demanded_on: date | None = None


@dataclass(frozen=True, slots=True)
class NotSaid:
    """A wish not chosen, and why; with a date, it may be wished for again from then on.

    ``missing`` is what nobody recorded, if that is why. ``by_person``: somebody says it instead.
    """

    about: LoanWish
    reason: str
    retry_on: date | None = None
    missing: str | None = None
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What to say by which channel, what not, and until when to wait if it is too early.

    ``neutral``: a neutral word is said instead, as others may see it there. ``by_people`` are the
    notices that no message would prove: a person has to deliver them.
    """

    say: LoanWish | None = None
    channel: Written = "email"
    neutral: bool = False
    not_said: tuple[NotSaid, ...] = ()
    by_people: tuple[LoanWish, ...] = ()
    wait_until: datetime | None = None


_PURPOSES = {
    "reminder_before_due": Block.REMINDERS,
    "due_today": Block.REMINDERS,
    **dict.fromkeys(WARNINGS, Block.REMINDERS),
    THANK_YOU: Block.THANKS,
    APOLOGY: Block.THANKS,  # the other kind word: whoever may be thanked may be told sorry
    CLEARANCE_LETTER: Block.THANKS,
    NOTICE: Block.NOTICES,
    PLEASE_CALL: Block.CALLS,  # it demands nothing
    PROMISE_REMINDER: Block.ANSWERS,
    RELIEF_GRANTED: Block.ANSWERS,
    AGREEMENT_LETTER: Block.ANSWERS,
    LOAN_END_THANKS: Block.THANKS,
    **dict.fromkeys(EDUCATION, Block.EDUCATION),
    **dict.fromkeys(DECIDED, Block.ANSWERS),
}
_DEMANDS = (Block.ARREARS, Block.NOTICES)
_NOT_NEUTRAL = (THANK_YOU, LOAN_END_THANKS, *EDUCATION)
_MOST_PRESSING = (
    *(Block.ANSWERS, Block.NOTICES, Block.ARREARS),
    *(Block.THANKS, Block.REMINDERS, Block.EDUCATION),
)


def purpose_of(kind: str) -> Block:
    """Return a kind's purpose, as restraints name it; most are about arrears."""
    return _PURPOSES.get(kind, Block.ARREARS)


def choose(wishes: Sequence[LoanWish], borrower: Borrower, limits: Limits, now: datetime) -> Choice:
    """Choose at ``now``, an aware datetime in the borrower's time zone.

    What is no longer true, and what a restraint blocks, is dropped first. The most pressing of the
    rest is said: an answer to what the person said, a notice that the law asks for, then an
    apology, the oldest arrears, thanks, then what falls due first. Answers and such a notice pass
    the weekly cap, which is for kind messages. A notice that no message to the person would prove
    is for people to deliver.
    """
    today = now.date()
    dropped = tuple(_dropped(wishes, borrower, limits, today))
    out = {each.about.loan_id for each in dropped}
    left = sorted((each for each in wishes if each.loan_id not in out), key=_rank)
    proving = proving_channels(limits, borrower, today)
    is_for_people = limits.places and not proving
    by_people = tuple(each for each in left if each.wish.kind == NOTICE and is_for_people)
    left = [each for each in left if each not in by_people]
    if not left:
        return Choice(not_said=dropped, by_people=by_people)
    chosen = _first_of(left, borrower, limits, now, proving)
    waits = chosen.wait_until is not None
    not_said = () if waits else (*dropped, *chosen.not_said)  # those are asked about again then
    return replace(chosen, not_said=not_said, by_people=by_people)


def _first_of(
    left: Sequence[LoanWish],
    borrower: Borrower,
    limits: Limits,
    now: datetime,
    proving: tuple[Written, ...],
) -> Choice:
    """Say the first of these, most pressing first, if that is possible now."""
    first, rest = left[0], left[1:]
    by = proving if first.wish.kind == NOTICE else None
    capped, room_on = not _passes_the_cap(first.wish.kind), _room_on(first)
    match check_contact(limits, borrower, now, capped=capped, room_on=room_on, by=by):
        case Withhold(reason, missing):
            return Choice(not_said=tuple(_withheld(e, reason, missing) for e in left))
        case WaitUntil(at, _):
            return Choice(wait_until=at)
        case RetryOn(on, reason):
            return Choice(not_said=tuple(NotSaid(each, reason, on) for each in left))
        case Send(channel, neutral):
            tomorrow = next_allowed_day(limits, borrower, now.date(), channel)
            reason = f"one message at a time: today it is about {first.loan_id}"
            later = tuple(NotSaid(each, reason, tomorrow) for each in rest)
            if neutral and first.wish.kind == WAY_BACK:
                offer = _withheld(first, "an offer does not go where others may see it", None)
                return Choice(not_said=(offer, *later))
            return Choice(first, channel, neutral, later)


def _withheld(about: LoanWish, reason: str, missing: str | None) -> NotSaid:
    """Return that no message can say it; an offer of an agreement is then made by a person."""
    return NotSaid(about, reason, missing=missing, by_person=about.wish.kind == WAY_BACK)


def _room_on(about: LoanWish) -> date | None:
    """Return the first day late, for which a reminder or a lesson has to leave room."""
    purpose, due_date = purpose_of(about.wish.kind), about.wish.due_date
    if purpose not in (Block.REMINDERS, Block.EDUCATION):
        return None
    if about.wish.kind == LESSON:
        due_date = about.standing.next_due_date or due_date
    return due_date + timedelta(days=1)


def _passes_the_cap(kind: str) -> bool:
    return purpose_of(kind) in (Block.NOTICES, Block.ANSWERS)


def _dropped(
    wishes: Sequence[LoanWish], borrower: Borrower, limits: Limits, today: date
) -> Iterator[NotSaid]:
    of_person = borrower.restraints
    channel = next(channels(limits, borrower, today), None)
    neutral = channel is not None and must_be_neutral(limits, borrower, channel, today)
    for each in wishes:
        reason = _why_wrong(each)
        if neutral and each.wish.kind in _NOT_NEUTRAL:  # nobody should have to call to hear these
            what = "thanks" if purpose_of(each.wish.kind) is Block.THANKS else "lessons"
            reason = reason or f"{what} do not go where others may see them"
        if reason:
            yield NotSaid(each, reason)
            continue
        if each.wish.kind in EDUCATION and (bad_hour := _bad_hour(each, wishes, borrower, limits)):
            yield bad_hour
            continue
        purpose, as_of = purpose_of(each.wish.kind), each.standing.as_of
        restraint = blocks((*of_person, *each.restraints), purpose, as_of)
        if purpose in _DEMANDS and each.quiet_until and as_of < each.quiet_until:
            reason = f"a payment came: quiet until {each.quiet_until}"
            yield NotSaid(each, reason, each.quiet_until)
        elif restraint:
            ends = restraint.until + timedelta(days=1) if restraint.until else None
            yield NotSaid(each, f"held back: {restraint.in_words()}", ends)


def _bad_hour(
    each: LoanWish, wishes: Sequence[LoanWish], borrower: Borrower, limits: Limits
) -> NotSaid | None:
    """Return why the person is not to learn or to be reminded of a goal now; None if they may.

    They said no yes, something holds back for them or the loan, or something hard is to be said.
    """
    learning, as_of = borrower.learning, each.standing.as_of
    if not learning.wanted:
        said = "no yes to lessons" if learning.wanted is None else "stopped lessons"
        return NotSaid(each, said)
    if restraint := longest(in_force((*borrower.restraints, *each.restraints), as_of)):
        ends = restraint.until + timedelta(days=1) if restraint.until else None
        return NotSaid(each, f"held back: {restraint.in_words()}", ends)
    education = limits.policy.education
    if any(other is not each and purpose_of(other.wish.kind) in _DEMANDS for other in wishes):
        later = as_of + timedelta(days=education.calm_days)
        return NotSaid(each, "something harder is to be said to this person", later)
    calm_on = each.demanded_on and each.demanded_on + timedelta(days=education.calm_days)
    if calm_on and as_of < calm_on:
        return NotSaid(each, f"arrears were spoken of on {each.demanded_on}", calm_on)
    if each.wish.kind == LESSON and learning.given_on:
        free_on = learning.given_on + timedelta(days=education.every_days)
        is_repeat = learning.given_by == each.wish.message_id(each.loan_id)
        if each.wish.due_date < free_on and not is_repeat:
            return NotSaid(each, f"the last lesson was on {learning.given_on}", free_on)
    return None


def _why_wrong(each: LoanWish) -> str | None:
    if each.closed and each.wish.kind != CLEARANCE_LETTER:
        return "recovery of this loan has ended"
    if each.silent:
        return each.silent
    if each.wish.kind == NOTICE and not is_present_notice(each.wish.rule_key, each.case):
        return "the case has moved on since this notice was wished for"
    if each.wish.kind == WAY_BACK and has_moved_on(each.case):
        return "the case has moved on since this offer was wished for"
    return why_outdated(each.wish, each.standing)


def _rank(each: LoanWish) -> tuple[int, int, str]:
    """Sort the most pressing first."""
    kind, days = each.wish.kind, each.standing.days_past_due
    order = _MOST_PRESSING.index(purpose_of(kind)) * 2
    if kind == APOLOGY:  # before anything is asked for again
        order = _MOST_PRESSING.index(Block.NOTICES) * 2 + 1
    return order, -days if days else each.wish.due_date.toordinal(), each.loan_id
