"""Conduct: what was said after a payment, what was repeated, and what too few people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.history import Chargeback
from recovery.domain.accounting.said import Promise
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import Step
from recovery.domain.portfolio.conduct import (
    Decided,
    Finding,
    LoanRecord,
    LoanThen,
    NoticeGiven,
    PersonConduct,
    Said,
)
from recovery.domain.portfolio.conduct_kinds import ANSWER, DEMANDS, NOTICE, REMINDER, purpose_of

JUDICIAL_STEPS = ("judicial_recovery", "filing", "in_proceedings", "enforcement")
_OFTEN = 3
_FIRST_INSTALMENTS = 3
_LONG_GAP_DAYS = 45
_APPROVED = "approved"
_JUDICIAL_APPROVAL = "judicial_approval"
_SERVICE = "service"


def what_findings(record: PersonConduct) -> Iterator[Finding]:
    """Yield each message with wrong or repeated words, and each step that was not ripe."""
    for said in record.said:
        for rule in filter(None, (_not_owed_or_just_paid(said), _without_need(said))):
            yield Finding(rule, said.on, record.person_id, said.loan_id, said.message_id)
    yield from _repeated(record)
    for loan in record.loans:
        for step in loan.steps:
            if step.stage in JUDICIAL_STEPS:
                for rule in _unripe(step, loan):
                    yield Finding(rule, step.on, record.person_id, loan.loan_id, step.stage)
        for each in _whole(loan):
            if each.decision.outcome == _APPROVED and _too_few(each.decision, each.approvals):
                ref = each.decision.decision_id
                yield Finding("too_few_deciders", each.on, record.person_id, loan.loan_id, ref)


def _repeated(record: PersonConduct) -> Iterator[Finding]:
    times: Counter[str] = Counter()
    before: str | None = None
    for said in record.said:
        words = said.contact.words
        may_repeat = purpose_of(said.meant) in (NOTICE, ANSWER)  # somebody waits for these
        if words and not may_repeat:
            times[words] += 1
            broken = {
                "same_text_twice": words == before,
                "same_text_often": times[words] > _OFTEN,
            }
            for rule in (each for each, is_broken in broken.items() if is_broken):
                yield Finding(rule, said.on, record.person_id, said.loan_id, said.message_id)
        before = words


def _not_owed_or_just_paid(said: Said) -> str | None:
    """Judge a demand by what was paid until then."""
    loan = said.loan
    if loan is None or purpose_of(said.meant) not in DEMANDS:
        return None
    overdue = [
        instalment
        for instalment, paid in zip(loan.schedule, loan.position.paid, strict=False)
        if instalment.due_date < said.on and paid.total < instalment.due.total
    ]
    if not overdue:
        return "not_owed"
    paid_on = _last_paid_on(loan, said.on)
    if paid_on is None:
        return None
    if paid_on == said.on:
        return "day_of_a_payment"
    quiet = timedelta(days=_quiet_days(loan, paid_on, said.policy.quiet_days))
    return "quiet_days" if said.on < paid_on + quiet else None


def _last_paid_on(loan: LoanThen, on: date) -> date | None:
    """Return the day of the last money that still counted then; what a bank took back does not."""
    gone = {
        each.fact.payment_id for each in loan.recorded.facts if isinstance(each.fact, Chargeback)
    }
    days = (
        each.payment.value_date
        for each in loan.recorded.payments
        if each.reversed_on is None
        and each.payment.payment_id not in gone
        and each.payment.value_date <= on
    )
    return max(days, default=None)


def _quiet_days(loan: LoanThen, paid_on: date, most: int) -> int:
    """Return how long it is quiet: all days after a whole instalment, fewer after a part."""
    if paid_on in loan.position.paid_off_on:
        return most
    for instalment, paid in zip(loan.schedule, loan.position.paid, strict=False):
        if paid.total < instalment.due.total:
            return most * paid.total // instalment.due.total
    return most


# An early warning rests on more than lateness: silence, other loans, promises.
_BY_PATTERN = ("warning_reminder", "offer_due_day")


def _without_need(said: Said) -> str | None:
    """Judge a reminder: the person was never late, and the instalment is one like the others."""
    loan = said.loan
    if loan is None or said.policy.remind == "everybody":
        return None
    if purpose_of(said.meant) != REMINDER or loan.rescheduled:
        return None
    if said.meant in _BY_PATTERN:
        return None
    number = next((n for n, e in enumerate(loan.schedule) if e.due_date == said.about), 0)
    if number < _FIRST_INSTALMENTS:
        return None
    this, before = loan.schedule[number], loan.schedule[number - 1]
    is_usual = this.due == before.due and (this.due_date - before.due_date).days <= _LONG_GAP_DAYS
    paid_off = zip(loan.schedule[:number], loan.position.paid_off_on, strict=False)
    in_time = all(on is not None and on <= each.due_date for each, on in paid_off)
    return "reminded_without_need" if is_usual and in_time else None


def _unripe(step: Step, loan: LoanRecord) -> Iterator[str]:
    given = [each for each in loan.notices if each.on <= step.on]
    if not given or not given[-1].proved:
        yield "notice_without_proof"
    if given and _is_answered(given[-1], step.on, loan.recorded):
        yield "notice_answered"
    decisions = (each.decision for each in _whole(loan) if each.on <= step.on)
    approved = any(e.kind == _JUDICIAL_APPROVAL and e.outcome == _APPROVED for e in decisions)
    if step.stage in JUDICIAL_STEPS[1:] and not approved:
        yield "too_few_deciders"


def _whole(loan: LoanRecord) -> Iterator[Decided]:
    """Yield the decisions; of an approval by two people only the second answer, which ends it."""
    known = {each.decision.decision_id for each in loan.decisions}
    for each in loan.decisions:
        if f"{each.decision.decision_id}-2" not in known:
            yield each


def _is_answered(notice: NoticeGiven, by: date, recorded: Recorded) -> bool:
    """Whether money above the policy's share came between the notice and this day, or a promise
    whose time was not over.

    Of what came on the last day it is not known whether it came first.
    """
    paid_minor = sum(
        each.payment.amount_minor
        for each in recorded.payments
        if notice.on <= each.payment.value_date < by
        and (each.reversed_on is None or each.reversed_on > by)
        and (each.posted_at is None or notice.since is None or each.posted_at > notice.since)
    )
    if notice.answered_by_minor and paid_minor >= notice.answered_by_minor:
        return True
    undone = recorded.undone_ids
    return any(
        isinstance(each.fact, Promise)
        and each.fact_id not in undone
        and notice.on <= each.fact.on < by < each.fact.judged_on
        for each in recorded.facts
    )


def _too_few(decision: PendingDecision, approvals: int) -> bool:
    """Whether one person alone decided what takes two, or one who may not."""
    asked, decided = decision.asked_by, decision.decided_by
    if decided is None:
        return True
    is_same = asked.id == decided.id or asked.name.casefold() == decided.name.casefold()
    named_not = {each.casefold() for each in decision.not_by}
    by_service = any(role == _SERVICE for role in asked.roles)
    wants_two = decision.kind == _JUDICIAL_APPROVAL and approvals > 1
    return is_same or decided.name.casefold() in named_not or (wants_two and by_service)
