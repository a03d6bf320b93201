"""What answers a wish: a message sent or put off, or one that turned out to reach nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.dispute import is_disputed
from recovery.domain.agreements.restraints import Block
from recovery.domain.contact.choose import purpose_of
from recovery.domain.contact.plan import NOTICE, Wish, is_present_notice
from recovery.domain.contact.who_hears import paid_in_all
from recovery.domain.loan_state import LoanState
from recovery.domain.policy import Policy
from recovery.domain.review_dates import next_review_on


def answer_wish(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    wish: Wish,
    *,
    retry_on: date | None = None,
    said_on: date | None = None,
) -> LoanState:
    """Return the state, one version higher, once this wish is answered; unchanged if there is
    nothing to record.

    With ``retry_on`` it is put off, otherwise not wished for again. A later review's other wish
    stays. A notice said for the first time in its stage or pause starts the time to answer it.
    """
    answered = state
    if state.wish == wish:
        asked = state.asked if retry_on else {**state.asked, wish.rule_key: wish.due_date}
        put_off = {**state.retry_on, wish.rule_key: retry_on} if retry_on else state.retry_on
        answered = replace(state, wish=None, asked=asked, retry_on=put_off)
    if said_on and purpose_of(wish.kind) in (Block.ARREARS, Block.NOTICES):
        answered = replace(answered, demanded_on=said_on)
    case = answered.case
    is_first_notice = wish.kind == NOTICE and case is not None and case.notice_on is None
    if said_on and case and is_first_notice and is_present_notice(wish.rule_key, case):
        noticed = replace(
            case,
            notice_on=said_on,
            notice_paid_minor=paid_in_all(state.position),
            notice_overdue_minor=state.standing.overdue.total if state.standing else 0,
        )
        answered = replace(answered, case=noticed)
    if answered is state or state.standing is None:
        return state
    due_on = next_review_on(loan, policy, answered, state.standing)
    # A dispute has dates of its own, and news made the loan due: its review is still to come.
    if state.facts.has_news or is_disputed(state.restraints, state.standing.as_of):
        due_on = min(filter(None, (due_on, state.next_review_on)), default=None)
    return replace(answered, version=state.version + 1, next_review_on=due_on)


def withdraw_answer(state: LoanState, wish: Wish, as_of: date) -> LoanState:
    """Return the state, to be committed, once the message that answered the wish turned out to have
    reached nobody; unchanged if the wish was not answered, or was wished for again.

    It is wished for again from ``as_of`` on, as long as it is true. What nobody received is no
    demand, and a notice that came back was not given: its time to answer does not run.
    """
    if state.asked.get(wish.rule_key) != wish.due_date:
        return state
    case, demands = state.case, purpose_of(wish.kind) in (Block.ARREARS, Block.NOTICES)
    if case and wish.kind == NOTICE and is_present_notice(wish.rule_key, case):
        case = replace(case, notice_on=None, notice_paid_minor=0, notice_overdue_minor=0)
    return replace(
        state,
        asked={key: on for key, on in state.asked.items() if key != wish.rule_key},
        retry_on={**state.retry_on, wish.rule_key: as_of},
        case=case,
        demanded_on=None if demands else state.demanded_on,
        next_review_on=min(state.next_review_on or as_of, as_of),
        facts=replace(state.facts, has_news=True),
    )
