"""Review one loan at a business date: everything that follows from its standing.

``review`` is the heart of the system and a pure function. Its result is stored in one conditional
write, together with its wish and an outbox of effects: a case to open or move, a person with a wish
to consider, events and the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain

from recovery.domain.accounting.late_charges import NO_CHARGES, Accrued, ChargeRules
from recovery.domain.accounting.ledger import accrue
from recovery.domain.accounting.loan import NOTHING, Loan
from recovery.domain.accounting.loan_facts import NO_FACTS, LoanFacts
from recovery.domain.accounting.owner_facts import NEVER_CHANGED_HANDS, Ownership
from recovery.domain.accounting.owner_facts import in_words as silence_in_words
from recovery.domain.accounting.ownership import SilentPeriod
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Restraint, in_force
from recovery.domain.cases import stage
from recovery.domain.cases.signals import Signal, follow, track_current
from recovery.domain.cases.stage import (
    CaseState,
    Decision,
    Outcome,
    decide,
    in_words,
)
from recovery.domain.cases.write_offs import Proposal, next_proposal, proposal_id
from recovery.domain.contact import plan
from recovery.domain.contact.plan import (
    CLEARANCE_LETTER,
    NOTICE,
    Wish,
    clearance_due,
    is_present_notice,
    kind_word_due,
    message_due,
    said_a_kind_word,
    why_outdated,
)
from recovery.domain.monitoring import delinquency
from recovery.domain.monitoring.behaviour import risk_signals
from recovery.domain.monitoring.delinquency import Standing, standing_at
from recovery.domain.outbox import (
    DomainEvent,
    Outbox,
    TimelineEntry,
    not_sent_entry,
    outbox_id,
    proposal_entries,
)
from recovery.domain.policy import Policy

_REMEMBERED_DAYS = 90  # most payments that are reversed are reversed sooner


@dataclass(frozen=True, slots=True)
class LoanState:
    """What a review needs to know about a loan besides its contract, in one small item.

    ``wish`` is what the borrower should hear, until it is answered: said, dropped or put off.
    ``asked`` maps the rules of answered wishes to the due date they were about, as long as a review
    could wish for the same again; ``retry_on`` maps a rule put off to the date before which it is
    not wished for. ``closed`` is ``settled`` or ``written_off`` once recovery has ended for good.
    ``pulled_to`` is the bucket to which another loan of the borrower pulls this one.
    ``restraints`` are copies of those on the loan and its borrower, past and future ones too. While
    ``ownership`` says that the loan is silent, nobody is contacted and no case moves.
    ``proposal`` is the last one to write the loan off, as long as it waits or should not be
    repeated.
    """

    version: int
    position: Position
    standing: Standing | None = None
    case: CaseState | None = None
    cases: int = 0
    wish: Wish | None = None
    asked: Mapping[str, date] = field(default_factory=dict)
    retry_on: Mapping[str, date] = field(default_factory=dict)
    next_review_on: date | None = None
    closed: str | None = None
    restraints: tuple[Restraint, ...] = ()
    facts: LoanFacts = NO_FACTS
    ownership: Ownership = NEVER_CHANGED_HANDS
    pulled_to: str | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A loan's new state and standing, and the side effects."""

    state: LoanState
    standing: Standing
    outbox: Outbox


def standing_of(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    as_of: date,
    charges: ChargeRules = NO_CHARGES,
) -> tuple[Standing, Accrued | None]:
    """Evaluate the standing at ``as_of``, with the late charges until then, and what accrued.

    Nothing counts as overdue before the last payment's value date.
    """
    as_of = max(as_of, state.position.last_value_date or as_of)
    facts, position = state.facts, state.position
    schedule, accrued = accrue(loan.schedule, position, facts.accrued, charges, facts.pauses, as_of)
    monitoring = policy.monitoring
    standing = standing_at(
        schedule, position, monitoring, as_of, facts.pauses, monitoring.days_between
    )
    if facts.loss and facts.loss.on:
        standing = replace(standing, bucket=None, written_off_on=facts.loss.on)
    return replace(
        standing,
        loss=facts.loss.remaining if facts.loss else NOTHING,
        restructured_on=facts.restructured_on,
        frozen_days_past_due=facts.frozen_days_past_due,
        pulled_to=state.pulled_to,
    ), accrued


def review(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    as_of: date,
    charges: ChargeRules = NO_CHARGES,
) -> Review:
    """Evaluate the loan at ``as_of`` and decide what follows; deterministic.

    ``charges`` are the late charges of all versions of the policy.
    """
    standing, accrued = standing_of(loan, state, policy, as_of, charges)
    as_of = standing.as_of
    case, cases, signal = track_current(state.case, standing), state.cases, None
    closed = state.closed
    if standing.written_off_on and not closed:
        closed = Outcome.WRITTEN_OFF.value
        if case:
            gone = Decision(closed, f"written off on {standing.written_off_on}")
            case, signal = follow(loan.loan_id, case, cases, gone, as_of, policy.version)
    silent = state.ownership.silence_on(as_of)
    if not closed and not silent:
        risks = risk_signals(
            loan.schedule, state.position, policy.monitoring, policy.accounting.allocation, as_of
        )
        held = in_force(state.restraints, as_of)
        decision = decide(
            policy.cases, standing, risks, case, as_of, loan.currency, restraints=held
        )
        if decision:
            cases += case is None
            case, signal = follow(loan.loan_id, case, cases, decision, as_of, policy.version)
    wish = None if silent else _wish(loan, state, policy, standing, case, closed)
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
        facts=replace(
            state.facts,
            has_news=False,
            told_minor=accrued.charged_minor if accrued else state.facts.told_minor,
        ),
    )
    reviewed = replace(reviewed, next_review_on=next_review_on(loan, policy, standing, reviewed))
    outbox = Outbox(
        outbox_id=outbox_id(reviewed.version),
        as_of=as_of,
        policy_version=policy.version,
        signal=signal,
        wakes=loan.borrower_id if wish else None,
        weighs=loan.borrower_id if _may_mark_others(state, standing, policy) else None,
        timeline=(
            *_overtaken(state.wish, wish, standing, policy.version, silent),
            *_timeline(state.standing, standing, signal, policy.version, reviewed.version),
            *proposal_entries(asks, withdraws, as_of, policy.version),
        ),
        events=(
            *_events(loan, state.standing, standing, policy.version),
            *_charged(loan, state, reviewed, as_of),
        ),
        asks=asks,
        withdraws=withdraws,
    )
    return Review(reviewed, standing, outbox)


def _wish(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    standing: Standing,
    case: CaseState | None,
    closed: str | None,
) -> Wish | None:
    """Return what the borrower should hear; of a loan written off, at most that all is paid."""
    asked, retry_on = state.asked, state.retry_on
    if closed in (None, Outcome.WRITTEN_OFF):
        paid_on = state.position.last_value_date
        cleared = clearance_due(state.facts.loss, standing, paid_on, asked, retry_on)
        if cleared or closed:
            return cleared
    if closed:
        return None
    kind_word = kind_word_due(state.standing, standing, state.wish, retry_on)
    if kind_word or said_a_kind_word(asked, standing.as_of):
        return kind_word
    return message_due(policy.contact, standing, case, asked, retry_on)


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
    case = answered.case
    is_first_notice = wish.kind == NOTICE and case is not None and case.notice_on is None
    if said_on and case and is_first_notice and is_present_notice(wish.rule_key, case):
        answered = replace(answered, case=replace(case, notice_on=said_on))
    if answered is state or state.standing is None:
        return state
    due_on = next_review_on(loan, policy, state.standing, answered)
    if state.facts.has_news:  # which made the loan due; its review is still to come
        due_on = min(filter(None, (due_on, state.next_review_on)), default=None)
    return replace(answered, version=state.version + 1, next_review_on=due_on)


def _still_asked(asked: Mapping[str, date], standing: Standing) -> dict[str, date]:
    """Forget what was asked about instalments paid long ago: no review wishes for it again.

    Should one become unpaid once more, its message's id still tells that it was sent. The clearance
    letter is remembered for as long as it is true.
    """
    long_ago = standing.as_of - timedelta(days=_REMEMBERED_DAYS)
    earliest = min(standing.oldest_due_date or standing.as_of, long_ago)
    owes = plan.owed_with_loss_minor(standing) > 0
    return {
        rule_key: about
        for rule_key, about in asked.items()
        if (not owes if rule_key == CLEARANCE_LETTER else about >= earliest)
    }


def next_review_on(loan: Loan, policy: Policy, standing: Standing, state: LoanState) -> date | None:
    """Return the first later date on which anything may follow if nothing is paid."""
    if state.closed not in (None, Outcome.WRITTEN_OFF):
        return None
    changes_hands = state.ownership.next_dates(standing.as_of)
    if state.ownership.silence_on(standing.as_of):
        return min(changes_hands, default=None)
    tomorrow = [standing.as_of + timedelta(days=1)] if state.wish else []
    if state.closed:
        later = [on for rule, on in state.retry_on.items() if rule == CLEARANCE_LETTER]
        return min((*later, *tomorrow), default=None)
    if standing.outstanding.total == 0:
        return min((*state.retry_on.values(), *tomorrow), default=None)
    dates = chain(
        changes_hands,
        delinquency.next_dates(loan.schedule, standing, policy.monitoring),
        stage.next_dates(policy.cases, standing, state.case, restraints=state.restraints),
        plan.next_dates(
            policy.contact, standing, state.case, state.wish, state.asked, state.retry_on
        ),
    )
    return min((each for each in dates if each > standing.as_of), default=None)


def _changed(before: Standing | None, now: Standing) -> bool:
    return before is None or (before.bucket, before.overdue, before.outstanding) != (
        now.bucket,
        now.overdue,
        now.outstanding,
    )


def _may_mark_others(before: LoanState, now: Standing, policy: Policy) -> bool:
    """Whether the borrower's loans may now be marked differently because of this one."""
    contagion, was = policy.monitoring.contagion, before.standing
    if contagion is None:
        return before.pulled_to is not None

    def weight(standing: Standing) -> tuple[object, ...]:
        is_badly_late = standing.days_delinquent >= contagion.from_days
        is_ours = not before.ownership.is_outside(standing.as_of)
        return standing.bucket, standing.outstanding.principal, is_badly_late, is_ours

    return was is None or weight(was) != weight(now)


def _overtaken(
    before: Wish | None,
    wish: Wish | None,
    now: Standing,
    policy_version: int,
    silent: SilentPeriod | None,
) -> Iterator[TimelineEntry]:
    """Say why an earlier wish was never answered."""
    if before and before != wish:
        why = silence_in_words(silent) if silent else why_outdated(before, now)
        why = why or "a later review wished for something else"
        yield not_sent_entry(before, why, now.as_of, policy_version)


def _events(
    loan: Loan, before: Standing | None, now: Standing, policy_version: int
) -> Iterator[DomainEvent]:
    if not _changed(before, now):
        return
    yield DomainEvent(
        "StandingChanged",
        {
            "loan_id": loan.loan_id,
            "as_of": now.as_of.isoformat(),
            "days_past_due": now.days_past_due,
            "bucket": now.bucket,
            "overdue_minor": now.overdue.total,
            "outstanding_minor": now.outstanding.total,
            "currency": loan.currency,
            "policy_version": policy_version,
        },
    )


def _charged(
    loan: Loan, before: LoanState, reviewed: LoanState, as_of: date
) -> Iterator[DomainEvent]:
    """Announce late charges as the difference to what was last told; negative once facts that came
    late undo some."""
    difference_minor = reviewed.facts.told_minor - before.facts.told_minor
    if difference_minor:
        yield DomainEvent(
            "LateChargesChanged",
            {
                "loan_id": loan.loan_id,
                "as_of": as_of.isoformat(),
                "difference_minor": difference_minor,
                "charged_minor": reviewed.facts.told_minor,
                "currency": loan.currency,
            },
        )


def _timeline(
    before: Standing | None,
    now: Standing,
    signal: Signal | None,
    policy_version: int,
    state_version: int,
) -> Iterator[TimelineEntry]:
    was = before.bucket if before else None
    if was != now.bucket and (before or now.days_past_due):
        since = f", overdue since {now.oldest_due_date}" if now.oldest_due_date else ""
        text = f"bucket {was or 'none'} -> {now.bucket or 'none'}{since}"
        key = f"standing#{state_version}"  # a day may see the same change twice
        yield TimelineEntry(now.as_of, "standing", text, policy_version, key)
    if now.written_off_on and not (before and before.written_off_on):
        text = f"written off on {now.written_off_on}: no more days past due, no more contact"
        key = f"written off#{state_version}"
        yield TimelineEntry(now.as_of, "standing", text, policy_version, key)
    if signal:
        verb = "opens at" if signal.opens else "goes to"
        text = f"case {signal.case_id} {verb} {in_words(signal.to)}: {signal.reason}"
        yield TimelineEntry(now.as_of, "decision", text, policy_version, signal.signal_id)
