"""When a loan has to be reviewed next: the first day on which anything may follow by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypedDict

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements import payment_plan, promise
from recovery.domain.agreements.core_booking import booking_due_on
from recovery.domain.agreements.settlement import is_settled
from recovery.domain.cases import stage
from recovery.domain.cases.season_visits import visit_dates
from recovery.domain.cases.stage import Outcome
from recovery.domain.contact import plan
from recovery.domain.contact.answers import answer_due
from recovery.domain.contact.plan import CLEARANCE_LETTER, Wish, clearance_due
from recovery.domain.contact.who_hears import behind_since, needs_reminder, quiet_until
from recovery.domain.judicial import listing_duties
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring import delinquency
from recovery.domain.monitoring.behaviour import Warned
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outlook import warning_of
from recovery.domain.policy import Policy


def clearance(state: LoanState, standing: Standing) -> Wish | None:
    """Return the wish to confirm that nothing is owed any more, after a loss or a settlement; None
    if there is none."""
    paid_on = state.position.last_value_date
    has_ended = state.facts.loss is not None or is_settled(state.facts.plans, standing.as_of)
    return clearance_due(has_ended, standing, paid_on, state.asked, state.retry_on)


def next_review_on(
    loan: Loan,
    policy: Policy,
    state: LoanState,
    standing: Standing,
    collectible: Standing | None = None,
    *,
    warning: Warned | None = None,
) -> date | None:
    """Return the first later date on which anything may follow if nothing is paid.

    ``warning`` is the one before the next due date, where it is known already.

    While a part is disputed both standings have dates: what is owed goes on being late.
    """
    if state.closed not in (None, Outcome.WRITTEN_OFF):
        return None
    changes_hands = state.ownership.next_dates(standing.as_of)
    if state.ownership.silence_on(standing.as_of):
        return min(changes_hands, default=None)
    has_to_say = state.wish or clearance(state, standing) or _awaits_answer(state, standing)
    tomorrow = [standing.as_of + timedelta(days=1)] if has_to_say else []
    if state.closed:
        later = [on for rule, on in state.retry_on.items() if rule == CLEARANCE_LETTER]
        return min((*later, *tomorrow), default=None)
    listed = listing_duties.next_dates(state.facts.listed)
    if standing.outstanding.total == 0:
        return min((*state.retry_on.values(), *tomorrow), default=None)
    warning = warning or warning_of(loan, state, policy, standing.as_of)
    warns_on = [warning.on] if warning else []
    dates = [*changes_hands, *tomorrow, *warns_on, *listed, *_dates(loan, policy, state, standing)]
    dates += [state.facts.clocks_on] if state.facts.clocks_on else []
    dates += filter(None, [_booking_due_on(policy, state)])
    dates += promise.next_dates(state.facts.promises, policy.agreements.promises)
    dates += payment_plan.next_dates(state.facts.plans, policy.agreements.plans)
    if collectible and collectible is not standing:
        dates += _dates(loan, policy, state, collectible)
    return min((each for each in dates if each > standing.as_of), default=None)


def _booking_due_on(policy: Policy, state: LoanState) -> date | None:
    within_days = policy.agreements.core_books_within_days
    return booking_due_on(state.facts.unbooked_since, within_days)


def _awaits_answer(state: LoanState, standing: Standing) -> bool:
    """Whether the person waits for another answer in writing: one is said a day."""
    known = state.facts, state.restraints, state.asked, state.retry_on
    return answer_due(*known, standing.as_of) is not None


def _dates(loan: Loan, policy: Policy, state: LoanState, standing: Standing) -> Iterator[date]:
    """Yield the dates of one standing; some may be past."""
    yield from visit_dates(policy.cases.tasks, loan, state.position)
    yield from delinquency.next_dates(loan.schedule, standing, policy.monitoring)
    yield from stage.next_dates(
        policy.cases,
        standing,
        state.case,
        restraints=state.restraints,
        hold_from_days=policy.agreements.hold_from_days,
    )
    yield from plan.next_dates(
        *(policy.contact, standing, state.case, state.wish, state.asked, state.retry_on),
        reminds=reminds(loan, state, policy, standing),
        **spans(loan, state, policy, standing.as_of),
    )


class Spans(TypedDict):
    """From when arrears may be spoken of again, None if nothing keeps quiet; and since when they
    last, None if nothing is overdue."""

    quiet_until: date | None
    rests_until: date | None
    behind_since: date | None


def spans(loan: Loan, state: LoanState, policy: Policy, as_of: date) -> Spans:
    """Return how long it is quiet after the last payment, and rests after the last demand; and
    since when the loan is behind."""
    contact, demanded_on = policy.contact, state.demanded_on
    rests = demanded_on and demanded_on + timedelta(days=contact.days_between_demands)
    quiet = quiet_until(loan, state.position, contact.quiet_days)
    since = behind_since(loan, state.position, as_of)
    return Spans(quiet_until=quiet, rests_until=rests, behind_since=since)


def reminds(loan: Loan, state: LoanState, policy: Policy, standing: Standing) -> bool:
    """Whether the borrower is reminded of the next instalment."""
    everybody = policy.contact.remind == "everybody"
    changed_on = policy.contact.account_changed_on
    return everybody or needs_reminder(loan, state.position, standing.as_of, changed_on)
