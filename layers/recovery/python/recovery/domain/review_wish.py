"""What a borrower should hear after a review, if anything: one wish, the most useful first."""

from __future__ import annotations

from recovery.domain import review_dates as dates
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Outcome
from recovery.domain.contact.answers import after_missed_promise, answer_due
from recovery.domain.contact.education import education_due
from recovery.domain.contact.loan_end import loan_end_thanks_due
from recovery.domain.contact.plan import (
    APOLOGY,
    Wish,
    kind_word_due,
    message_due,
    said_a_kind_word,
)
from recovery.domain.contact.warning_wish import warning_wish
from recovery.domain.contact.who_hears import is_worth_a_claim, received_minor
from recovery.domain.review_dates import clearance
from recovery.domain.review_seen import Seen


def wish_of(seen: Seen, case: CaseState | None) -> Wish | None:
    """Return what the borrower should hear; of a loan written off, at most that all is paid.

    Answers come first: what the person asked is said before anything is asked of them.
    """
    loan, state, policy, standings = seen.loan, seen.state, seen.policy, seen.standings
    closed = seen.closed
    asked, retry_on, standing = state.asked, state.retry_on, standings.contractual
    if answer := answer_due(state.facts, state.restraints, asked, retry_on, standing.as_of):
        return answer
    kind_word = None
    if not closed:
        known_minor = state.received_minor
        new_minor = 0 if known_minor is None else received_minor(state.position) - known_minor
        kind_word = kind_word_due(
            state.standing, standing, state.wish, asked, retry_on, received_minor=new_minor
        )
    if kind_word and kind_word.kind == APOLOGY:
        return kind_word
    if closed in (None, Outcome.WRITTEN_OFF):
        cleared = clearance(state, standing)
        if cleared or closed:
            return cleared
    if closed or kind_word or said_a_kind_word(asked, standing.as_of):
        return kind_word
    if standing.outstanding.total == 0:
        return loan_end_thanks_due(
            *(policy.contact.education.rewards, loan, state.position, state.facts.paid_by_others),
            *(standing, asked, retry_on),
        )
    spans = dates.spans(loan, state, policy, standing.as_of)
    missed = None
    speaks_from = filter(None, (spans["quiet_until"], spans["rests_until"]))
    if max(speaks_from, default=standing.as_of) <= standing.as_of:
        missed = after_missed_promise(
            state.facts, policy.agreements.promises, standings.collectible, asked, retry_on
        )
    warns = warning_wish(seen.warning, state.restraints, asked, retry_on, standing.as_of)
    wish = (
        missed
        or warns
        or message_due(
            *(policy.contact, standings.collectible, case, asked, retry_on),
            reminds=dates.reminds(loan, state, policy, standing),
            **spans,
            may_claim=is_worth_a_claim(policy.cases, loan, standings.collectible),
        )
    )
    return wish or education_due(dates.hour(loan, state, policy, standings.collectible, case))
