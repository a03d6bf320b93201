"""The tasks for people that a review opens, and those whose reason is gone."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.cases.core_bookings import bookings_due
from recovery.domain.cases.court_tasks import filing_ended, money_to_tell
from recovery.domain.cases.notice_delivery import notice_task_id
from recovery.domain.cases.plan_calls import breach_calls_ended, calls_after_breach
from recovery.domain.cases.promise_calls import calls_after, calls_ended
from recovery.domain.cases.season_visits import visits_due
from recovery.domain.cases.stage import CaseState, notice_since
from recovery.domain.cases.tasks import Task
from recovery.domain.contact.loan_end import offer_tasks
from recovery.domain.contact.plan import is_present_notice
from recovery.domain.contact.rewards import RewardRule
from recovery.domain.contact.who_hears import received_minor
from recovery.domain.judicial.limitation_watch import limitation_tasks
from recovery.domain.judicial.listing_duties import listing_tasks
from recovery.domain.loan_state import LoanState
from recovery.domain.outlook import capacity_looks
from recovery.domain.review_case import CaseStep
from recovery.domain.review_seen import Seen


def tasks_of(seen: Seen, offers: tuple[RewardRule, ...]) -> Iterator[Task]:
    """Yield what people are asked to do; ``offers`` are rewards to be granted."""
    loan, state, policy, as_of = seen.loan, seen.state, seen.policy, seen.as_of
    facts, workdays = state.facts, policy.monitoring.business_days
    received, owed_minor = received_minor(state.position), seen.standing.outstanding.total
    yield from limitation_tasks(None if seen.closed else seen.look, loan, as_of)
    earlier = None if facts.has_news else seen.before.standing
    yield from listing_tasks(facts.listed, loan, earlier, seen.standing, state.restraints, as_of)
    yield from offer_tasks(offers, loan, state.restraints, as_of)
    told = loan, facts.court, state.received_minor
    yield from money_to_tell(*told, received, owed_minor, as_of)
    yield from bookings_due(
        loan,
        facts.unbooked_since,
        policy.agreements.core_books_within_days,
        workdays,
        seen.reviewed_on,
        as_of,
        has_news=facts.has_news,
    )
    visited = policy.cases.tasks, loan, state.position, state.restraints
    yield from visits_due(*visited, None if seen.rests else seen.reviewed_on, as_of)
    breached = () if seen.rests else seen.plan_news
    yield from calls_after_breach(breached, loan, state.restraints, workdays, as_of)
    yield from capacity_looks(seen.change, loan, state, as_of)
    judged = () if seen.rests else seen.judgements
    yield from calls_after(judged, loan, state.restraints, workdays, as_of)


def ended_tasks(seen: Seen, step: CaseStep) -> Iterator[str]:
    """Yield the ids of tasks that lapse."""
    yield from calls_ended(seen.judgements, seen.loan)
    yield from breach_calls_ended(seen.plan_news, seen.loan)
    yield from _notice_ended(seen.loan.loan_id, seen.before, step.case)
    yield from filing_ended(seen.before.case, step.signal is not None)


def _notice_ended(loan_id: str, before: LoanState, case: CaseState | None) -> Iterator[str]:
    """Yield the task to deliver a notice that is of no use any more: the case has moved on."""
    was = before.case
    if was is None or was.notice_on or (case and notice_since(case) == notice_since(was)):
        return
    if any(is_present_notice(rule_key, was) for rule_key in before.asked):
        yield notice_task_id(loan_id, was)
