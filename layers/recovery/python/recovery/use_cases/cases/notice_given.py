"""A notice that a person delivered: as a fact, and what it means for the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.cases.notice_delivery import AGAIN_AFTER_DAYS
from recovery.domain.cases.tasks import Task, TaskOutcome
from recovery.domain.contact.places import Limits
from recovery.domain.contact.plan import is_present_notice
from recovery.domain.contact.who_hears import paid_in_all
from recovery.domain.loan_state import LoanState
from recovery.ports.accounting import LoanChange


def notice_of(done: Task, limits: Limits) -> NoticeGiven | None:
    """Return the notice as the task ended; None where it ended otherwise.

    Whether it counts is for the law of the place where the person lives.
    """
    result, on = done.result, done.ended_on
    if result is None or on is None or not (result.medium and result.sent_on and result.on):
        return None
    return NoticeGiven(
        notice=done.about,
        on=result.on,
        medium=result.medium,
        sent_on=result.sent_on,
        ended=result.code,
        proof=result.proof or "",
        counts=result.code != TaskOutcome.NOT_DELIVERED
        and limits.proves(result.medium, result.code, result.on),
    )


def with_notice(change: LoanChange, record: FactRecord, recorded: Recorded) -> LoanChange:
    """Return the change with the case's notice given, or as if it had not been once undone.

    Only a notice of the case's present stage or pause counts. One that does not count is tried
    again after some days, by another medium.
    """
    fact, state = record.fact, change.state
    if isinstance(fact, Undo):
        undone = next((e.fact for e in recorded.facts if e.fact_id == fact.fact_id), None)
        case = state.case
        if not isinstance(undone, NoticeGiven) or undone.persons:
            return change
        if case is None or case.notice_on != undone.on:
            return change
        return replace(change, state=_begun_again(state, record.known_on))
    if not isinstance(fact, NoticeGiven) or state.case is None:
        return change
    if not is_present_notice(fact.notice, state.case) or state.case.notice_on:
        return change
    if not fact.counts:
        return replace(change, state=_begun_again(state, record.known_on))
    case = replace(
        state.case,
        notice_on=fact.on,
        notice_paid_minor=_paid_before(state, recorded, fact.on),
        notice_overdue_minor=state.standing.overdue.total if state.standing else 0,
    )
    return replace(change, state=replace(state, case=case))


def _begun_again(state: LoanState, today: date) -> LoanState:
    """Return the state with a pause, after which another notice is wished for."""
    assert state.case is not None
    again_on = today + timedelta(days=AGAIN_AFTER_DAYS)
    case = replace(state.case, notice_on=None, judicial_not_before=again_on)
    return replace(state, case=case)


def _paid_before(state: LoanState, recorded: Recorded, on: date) -> int:
    """Return what had been paid when the notice arrived: a payment on that day may answer it."""
    since = sum(
        each.payment.amount_minor
        for each in recorded.payments
        if each.reversed_on is None and each.payment.value_date >= on
    )
    return max(0, paid_in_all(state.position) - since)
