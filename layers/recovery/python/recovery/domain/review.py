"""Review one loan at a business date: everything that follows from its standing.

``review`` is the heart of the system and a pure function: it sees (``review_seen``), says where the
case goes (``review_case``), what the borrower should hear (``review_wish``), what people do
(``review_tasks``) and what others learn (``review_news``). Its result is stored in one conditional
write: the state with its wish, and an outbox of effects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recovery.domain.accounting.late_charges import NO_CHARGES, ChargeRules
from recovery.domain.accounting.loan import Loan
from recovery.domain.cases.first_contact import first_contact
from recovery.domain.cases.warning_calls import called_for, warning_calls, warnings_ended
from recovery.domain.cases.withdrawals import approval_gone
from recovery.domain.cases.write_offs import next_proposal, proposal_id
from recovery.domain.contact import plan
from recovery.domain.contact.loan_end import offers_earned
from recovery.domain.contact.plan import CLEARANCE_LETTER, REMEMBERED_DAYS
from recovery.domain.contact.rewards import RewardRule
from recovery.domain.contact.while_placed import silenced
from recovery.domain.contact.who_hears import received_minor
from recovery.domain.judicial.limitation_watch import Look
from recovery.domain.loan_end import has_ended
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import Outbox, outbox_id, proposal_entries
from recovery.domain.outlook import may_strain_others
from recovery.domain.policy import Policy
from recovery.domain.review_case import CaseStep, case_step
from recovery.domain.review_dates import next_review_on
from recovery.domain.review_news import entries_of, events_of, may_mark_others
from recovery.domain.review_seen import Seen, see
from recovery.domain.review_tasks import ended_tasks, tasks_of
from recovery.domain.review_wish import wish_of


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
    seen = see(loan, state, policy, as_of, charges, look)
    step = case_step(seen, ready)
    standing, as_of, held = seen.standing, seen.as_of, seen.state.restraints
    wish = wish_of(seen, step.case)
    wish = None if silenced(wish, seen.silent) else wish
    proposal, asks, withdraws = next_proposal(
        policy.cases,
        standing,
        step.case,
        state.proposal,
        decision_id=proposal_id(loan.loan_id, state.version + 1),
        restraints=held,
        silent=seen.silent,
        closed=seen.closed,
    )
    collectible, tasks = seen.standings.collectible, policy.cases.tasks
    known = loan, state.first_contact, collectible, step.case, held
    contact = first_contact(tasks, *known, rests=seen.rests)
    warns = tuple(warning_calls(seen.warning, loan, held, seen.reviewed_on, as_of))
    calls_over = tuple(warnings_ended(seen.state.called_for, loan, seen.state.position))
    reviewed = replace(
        _reviewed(seen, step),
        wish=wish,
        proposal=proposal,
        first_contact=contact.since,
        called_for=called_for(seen.warning, warns) or (None if calls_over else state.called_for),
    )
    due_on = next_review_on(loan, policy, reviewed, standing, collectible, warning=seen.warning)
    reviewed = replace(reviewed, next_review_on=due_on)
    offers = _offers(seen)
    weighs = may_mark_others(seen.state, standing, policy) or may_strain_others(
        seen.state, standing, policy
    )
    outbox = Outbox(
        outbox_id=outbox_id(reviewed.version),
        as_of=as_of,
        policy_version=policy.version,
        signal=step.signal,
        wakes=loan.borrower_id if wish else None,
        weighs=loan.borrower_id if weighs else None,
        timeline=(
            *entries_of(seen, step, wish, reviewed.version),
            *proposal_entries(asks, withdraws, as_of, policy.version),
        ),
        events=tuple(events_of(seen, reviewed, offers)),
        asks=asks,
        withdraws=withdraws,
        withdraws_approval=approval_gone(state.case, step.signal, held, as_of),
        tasks=(*contact.tasks, *warns, *tasks_of(seen, offers)),
        ends_tasks=(*contact.ends_tasks, *calls_over, *ended_tasks(seen, step)),
        retains=has_ended(reviewed, as_of) or has_ended(state, as_of),
    )
    return Review(reviewed, standing, outbox)


def _reviewed(seen: Seen, step: CaseStep) -> LoanState:
    """Return the state after the review, but for what is wished for and proposed."""
    state, accrued = seen.state, seen.standings.accrued
    segment = seen.change.now.segment if seen.change and seen.change.now else None
    return replace(
        state,
        version=state.version + 1,
        standing=seen.standing,
        case=step.case,
        cases=step.cases,
        asked=_still_asked(state.asked, seen.standing),
        retry_on={key: on for key, on in state.retry_on.items() if on > seen.as_of},
        closed=seen.closed,
        received_minor=received_minor(state.position),
        segment=segment if seen.change else state.segment,
        facts=replace(
            state.facts,
            has_news=False,
            promises=seen.promises,
            plans=seen.plans,
            told_minor=accrued.charged_minor if accrued else state.facts.told_minor,
        ),
    )


def _offers(seen: Seen) -> tuple[RewardRule, ...]:
    """Return the rewards that the borrower earned with the end of the loan."""
    if seen.rests:
        return ()
    state, rules = seen.state, seen.policy.contact.education.rewards
    paid = seen.loan, state.position, state.facts.paid_by_others
    return offers_earned(rules, *paid, state.standing, seen.standing)


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
