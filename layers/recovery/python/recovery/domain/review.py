"""Review one loan at a business date: everything that follows from its standing.

``review`` is the heart of the system and a pure function. Its result is stored in one conditional
write, together with its wish and an outbox of effects: a case to open or move, a person with a wish
to consider, events and the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recovery.domain import review_dates as dates
from recovery.domain.accounting.late_charges import NO_CHARGES, ChargeRules
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.said import PromiseState
from recovery.domain.agreements import payment_plan, promise
from recovery.domain.agreements.dispute import is_disputed
from recovery.domain.agreements.restraints import Block, in_force
from recovery.domain.agreements.settlement import is_settled
from recovery.domain.cases.core_bookings import bookings_due
from recovery.domain.cases.court_tasks import (
    approvers_to_remind,
    filing_ended,
    money_to_tell,
    reminder_ended,
)
from recovery.domain.cases.first_contact import first_contact
from recovery.domain.cases.notice_delivery import notice_task_id
from recovery.domain.cases.plan_calls import breach_calls_ended, calls_after_breach
from recovery.domain.cases.promise_calls import calls_after, calls_ended
from recovery.domain.cases.season_visits import visits_due
from recovery.domain.cases.signals import follow, track_current
from recovery.domain.cases.stage import CaseState, Decision, decide, notice_since, remind_on
from recovery.domain.cases.stages import Outcome
from recovery.domain.cases.warning_calls import called_for, warning_calls, warnings_ended
from recovery.domain.cases.withdrawals import approval_gone
from recovery.domain.cases.write_offs import next_proposal, proposal_id
from recovery.domain.contact import plan
from recovery.domain.contact.answers import after_missed_promise, answer_due
from recovery.domain.contact.choose import purpose_of
from recovery.domain.contact.education import education_due
from recovery.domain.contact.loan_end import loan_end_thanks_due, offer_tasks, offers_earned
from recovery.domain.contact.plan import (
    APOLOGY,
    CLEARANCE_LETTER,
    NOTICE,
    REMEMBERED_DAYS,
    Wish,
    is_present_notice,
    kind_word_due,
    message_due,
    said_a_kind_word,
)
from recovery.domain.contact.rewards import RewardRule
from recovery.domain.contact.silence import unanswered
from recovery.domain.contact.warning_wish import warning_wish
from recovery.domain.contact.way_back import way_back_due
from recovery.domain.contact.while_placed import silenced
from recovery.domain.contact.who_hears import (
    is_worth_a_claim,
    notice_answered,
    paid_in_all,
    received_minor,
)
from recovery.domain.judicial.limitation_watch import Look, limitation_tasks, restrained
from recovery.domain.judicial.listing_duties import listing_tasks
from recovery.domain.loan_end import has_ended
from recovery.domain.loan_state import LoanState, Standings, standings_of
from recovery.domain.monitoring.behaviour import Warned, risk_signals
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import (
    Outbox,
    outbox_id,
    proposal_entries,
)
from recovery.domain.outlook import (
    capacity_looks,
    may_strain_others,
    segment_change,
    segment_entries,
    segment_events,
    warning_of,
)
from recovery.domain.policy import Policy
from recovery.domain.review_dates import clearance, next_review_on
from recovery.domain.review_news import (
    barred_entries,
    charge_events,
    may_mark_others,
    notice_entries,
    overtaken,
    plan_entries,
    plan_events,
    promise_entries,
    promise_events,
    reward_events,
    standing_events,
    timeline_entries,
)


@dataclass(frozen=True, slots=True)
class Review:
    """A loan's new state and standing, and the side effects."""

    state: LoanState
    standing: Standing
    outbox: Outbox


def review(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    as_of: date,
    charges: ChargeRules = NO_CHARGES,
    look: Look | None = None,
    ready: str = "",
) -> Review:
    """Evaluate the loan at ``as_of`` and decide what follows; deterministic.

    ``charges`` are the late charges of all versions of the policy. ``look`` is what the limitation
    clocks say; None: as at the last look. ``ready`` says why a case in pre-action may go on, "" if
    it may not.
    """
    was_restrained = state.restraints
    if look:
        facts = replace(state.facts, clocks_on=look.again_on)
        state = replace(state, facts=facts, restraints=restrained(state.restraints, look))
    standings = standings_of(loan, state, policy, as_of, charges)
    standing, collectible, accrued = standings.contractual, standings.collectible, standings.accrued
    as_of = standing.as_of
    promises, judgements = promise.judged(state.facts.promises, state.restraints, as_of)
    plans, plan_news = payment_plan.judged(state.facts.plans, as_of)
    case, cases, signal = track_current(state.case, standing), state.cases, None
    if case and case.notice_on:  # what a bank took back since is no answer, nor spoils a later one
        paid_minor = min(case.notice_paid_minor, paid_in_all(state.position))
        case = replace(case, notice_paid_minor=paid_minor)
    answered = notice_answered(policy.cases, case, state.position, promises)
    if case and answered:
        pause_ends = as_of + timedelta(days=policy.cases.notice_answered_days)
        case = replace(case, notice_on=None, answered_on=None, judicial_not_before=pause_ends)
    closed = state.closed
    if standing.written_off_on and not closed:
        closed = Outcome.WRITTEN_OFF.value
        if case:
            gone = Decision(closed, f"written off on {standing.written_off_on}")
            case, signal = follow(loan.loan_id, case, cases, gone, as_of, policy.version)
    silent = state.ownership.silence_on(as_of)
    rests = bool(closed or silent)
    state = _as_told(state, promises)
    warning = None if rests else warning_of(loan, state, policy, as_of)
    change = None if rests else segment_change(loan, state, policy, standing, warning)
    if not rests:
        risks = risk_signals(
            loan.schedule,
            state.position,
            policy.monitoring,
            policy.accounting.allocation,
            as_of,
            state.known(),
            warning,
        )
        held = in_force(state.restraints, as_of)
        decision = decide(
            policy.cases,
            standing,
            risks,
            case,
            as_of,
            loan.currency,
            restraints=held,
            collectible=collectible,
            hold_from_days=policy.agreements.hold_from_days,
            ready=ready,
            news=state.facts.has_news,
            court=state.facts.court,
        )
        if decision and decision.to == Outcome.PAID_OFF and is_settled(plans, as_of):
            decision = Decision(Outcome.SETTLED, "the settled sum is in, the rest is let go")
        if decision:
            cases += case is None
            case, signal = follow(loan.loan_id, case, cases, decision, as_of, policy.version)
    wish = _wish(loan, state, policy, standings, case, closed, warning)
    wish = None if silenced(wish, silent) else wish
    proposal, asks, withdraws = next_proposal(
        policy.cases,
        standing,
        case,
        state.proposal,
        decision_id=proposal_id(loan.loan_id, state.version + 1),
        restraints=state.restraints,
        silent=silent,
        closed=closed,
    )
    contact = first_contact(
        policy.cases.tasks, loan, state.first_contact, collectible, case, state.restraints,
        rests=rests,
    )  # fmt: skip
    reviewed_on = state.standing.as_of if state.standing else None
    warns = tuple(warning_calls(warning, loan, state.restraints, reviewed_on, as_of))
    calls_over = tuple(warnings_ended(state.called_for, loan, state.position))
    reviewed = replace(
        state,
        version=state.version + 1,
        standing=standing,
        case=case,
        cases=cases,
        wish=wish,
        asked=_still_asked(state.asked, standing),
        retry_on={rule_key: on for rule_key, on in state.retry_on.items() if on > as_of},
        closed=closed,
        proposal=proposal,
        first_contact=contact.since,
        received_minor=received_minor(state.position),
        called_for=called_for(warning, warns) or (None if calls_over else state.called_for),
        segment=(change.now.segment if change.now else None) if change else state.segment,
        facts=replace(
            state.facts,
            has_news=False,
            promises=promises,
            plans=plans,
            told_minor=accrued.charged_minor if accrued else state.facts.told_minor,
        ),
    )
    due_on = next_review_on(loan, policy, reviewed, standing, collectible, warning=warning)
    reviewed = replace(reviewed, next_review_on=due_on)
    offers = () if closed or silent else _offers(loan, state, policy, standing)
    outbox = Outbox(
        outbox_id=outbox_id(reviewed.version),
        as_of=as_of,
        policy_version=policy.version,
        signal=signal,
        wakes=loan.borrower_id if wish else None,
        weighs=loan.borrower_id
        if may_mark_others(state, standing, policy) or may_strain_others(state, standing, policy)
        else None,
        timeline=(
            *overtaken(state.wish, wish, collectible, policy.version, silent),
            *segment_entries(change, as_of, policy.version, reviewed.version),
            *timeline_entries(state.standing, standing, signal, policy.version, reviewed.version),
            *proposal_entries(asks, withdraws, as_of, policy.version),
            *promise_entries(loan, judgements, as_of, policy.version),
            *plan_entries(plan_news, as_of, policy.version),
            *notice_entries(state.case, answered, as_of, policy.version),
            *barred_entries(was_restrained, state.restraints, as_of, policy.version),
        ),
        events=(
            *standing_events(loan, state.standing, standing, policy.version),
            *charge_events(loan, state, reviewed, as_of),
            *promise_events(loan, judgements, as_of, policy.version),
            *plan_events(loan, plan_news, as_of, policy.version),
            *segment_events(loan, change, as_of, policy.version),
            *reward_events(loan, offers, as_of, policy.version),
        ),
        asks=asks,
        withdraws=withdraws,
        withdraws_approval=approval_gone(state.case, signal, state.restraints, as_of),
        tasks=(
            *contact.tasks,
            *limitation_tasks(None if closed else look, loan, as_of),
            *listing_tasks(
                state.facts.listed,
                loan,
                None if state.facts.has_news else state.standing,
                standing,
                state.restraints,
                as_of,
            ),
            *offer_tasks(offers, loan, state.restraints, as_of),
            *money_to_tell(
                *(loan, state.facts.court, state.received_minor),
                *(received_minor(state.position), standing.outstanding.total, as_of),
            ),
            *approvers_to_remind(loan, case, remind_on(policy.cases, case), reviewed_on, as_of),
            *bookings_due(
                loan,
                state.facts.unbooked_since,
                policy.agreements.core_books_within_days,
                policy.monitoring.business_days,
                state.standing.as_of if state.standing else None,
                as_of,
                has_news=state.facts.has_news,
            ),
            *visits_due(
                policy.cases.tasks,
                loan,
                state.position,
                state.restraints,
                None if closed or silent or not state.standing else state.standing.as_of,
                as_of,
            ),
            *calls_after_breach(
                () if closed or silent else plan_news,
                loan,
                state.restraints,
                policy.monitoring.business_days,
                as_of,
            ),
            *warns,
            *capacity_looks(change, loan, state, as_of),
            *calls_after(
                () if closed or silent else judgements,
                loan,
                state.restraints,
                policy.monitoring.business_days,
                as_of,
            ),
        ),
        ends_tasks=(
            *contact.ends_tasks,
            *calls_ended(judgements, loan),
            *breach_calls_ended(plan_news, loan),
            *calls_over,
            *_notice_ended(loan, state, case),
            *filing_ended(state.case, signal is not None),
            *reminder_ended(state.case, signal is not None),
        ),
        retains=has_ended(reviewed, as_of) or has_ended(state, as_of),
    )
    return Review(reviewed, standing, outbox)


def _as_told(state: LoanState, promises: tuple[PromiseState, ...]) -> LoanState:
    """Return the state with what became of the promises, and the contacts not answered yet."""
    paid_on = state.position.last_value_date
    contacts = unanswered(state.contacts, paid_on, promises, state.restraints)
    if contacts == state.contacts and promises == state.facts.promises:
        return state
    return replace(state, contacts=contacts, facts=replace(state.facts, promises=promises))


def _offers(
    loan: Loan, state: LoanState, policy: Policy, standing: Standing
) -> tuple[RewardRule, ...]:
    rules, by_others = policy.contact.education.rewards, state.facts.paid_by_others
    return offers_earned(rules, loan, state.position, by_others, state.standing, standing)


def _notice_ended(loan: Loan, before: LoanState, case: CaseState | None) -> Iterator[str]:
    """Yield the task to deliver a notice that is of no use any more: the case has moved on."""
    was = before.case
    if was is None or was.notice_on or (case and notice_since(case) == notice_since(was)):
        return
    if any(is_present_notice(rule_key, was) for rule_key in before.asked):
        yield notice_task_id(loan.loan_id, was)


def _wish(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    standings: Standings,
    case: CaseState | None,
    closed: str | None,
    warning: Warned | None,
) -> Wish | None:
    """Return what the borrower should hear; of a loan written off, at most that all is paid.

    Answers come first: what the person asked is said before anything is asked of them.
    """
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
    missed = offer = None
    speaks_from = filter(None, (spans["quiet_until"], spans["rests_until"]))
    if max(speaks_from, default=standing.as_of) <= standing.as_of:
        missed = after_missed_promise(
            state.facts, policy.agreements.promises, standings.collectible, asked, retry_on
        )
        offer = way_back_due(case, state.facts.court, asked, retry_on, standing.as_of)
    warns = warning_wish(warning, state.restraints, asked, retry_on, standing.as_of)
    wish = (
        missed
        or offer
        or warns
        or message_due(
            *(policy.contact, standings.collectible, case, asked, retry_on),
            reminds=dates.reminds(loan, state, policy, standing),
            **spans,
            may_claim=is_worth_a_claim(policy.cases, loan, standings.collectible),
        )
    )
    return wish or education_due(dates.hour(loan, state, policy, standings.collectible, case))


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


def _still_asked(asked: Mapping[str, date], standing: Standing) -> dict[str, date]:
    """Forget what was asked about instalments paid long ago: no review wishes for it again.

    Should one become unpaid once more, its message's id still tells that it was sent. The clearance
    letter is remembered for as long as it is true.
    """
    long_ago = standing.as_of - timedelta(days=REMEMBERED_DAYS)
    earliest = min(standing.oldest_due_date or standing.as_of, long_ago)
    owes = plan.owed_with_loss_minor(standing) > 0
    return {
        rule_key: about
        for rule_key, about in asked.items()
        if (not owes if rule_key == CLEARANCE_LETTER else about >= earliest)
    }
