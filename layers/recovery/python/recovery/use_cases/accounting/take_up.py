"""What is owed on a loan once everything on record is taken up."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.allocation import take_up
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.loan_facts import LoanFacts, with_history
from recovery.domain.accounting.write_off import Loss
from recovery.domain.agreements import (
    core_booking,
    dispute,
    forbearance,
    payment_plan,
    promise,
    relief,
)
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.stages import Outcome
from recovery.domain.judicial.proceedings import court_of
from recovery.domain.loan_state import LoanState
from recovery.use_cases.judicial.listings import listed_of
from recovery.use_cases.shared.rules import Rules


def taken_up(
    loan: Loan,
    state: LoanState,
    recorded: Recorded,
    rules: Rules,
) -> tuple[Loan, LoanState]:
    """Return the loan and its state after everything on record, due for review in the same write.

    The stream asks for a review at once; should that be lost, the next daily review finds the loan.
    A loan whose write-off is undone is open again.
    """
    today = rules.as_of
    first, history = loan.schedule_agreed, recorded.history()
    latest = max([today, *(each.value_date for each in history.payments)])
    owed = take_up(
        first,
        history,
        rules.allocation,
        rules.charges(loan, state),
        latest,
    )
    facts = with_history(state.facts, history, owed)
    made = promise.promises_of(recorded)
    promises = promise.remembered(made, state.facts.promises, today)
    answers = (
        *dispute.written_answers(dispute.disputes_of(recorded), today),
        *relief.written_letters(recorded, today),
        *dispute.still_told(state.facts.answers, today),
    )
    plans = payment_plan.remembered(payment_plan.plans_of(recorded), state.facts.plans, today)
    days = rules.policy.agreements.forbearance_probation_days
    facts = replace(
        facts,
        promises=promises,
        promised=promise.forgotten(made, today),
        answers=answers,
        plans=plans,
        unbooked_since=core_booking.unbooked_since(recorded),
        forborne=forbearance.forborne_of(recorded, days),
        listed=listed_of(loan, recorded, owed, today),
        court=court_of(recorded.counting()),
    )
    owed_loan = replace(
        loan,
        schedule=owed.schedule,
        first_schedule=None if owed.schedule == first else first,
        schedule_version=max((each.version for each in history.versions), default=1),
    )
    return owed_loan, replace(
        state,
        closed=None if _is_open_again(state, owed.loss) else state.closed,
        position=owed.position,
        facts=facts,
        restraints=_restraints(state, recorded, facts, rules),
        next_review_on=min(state.next_review_on or today, today),
    )


def _restraints(
    state: LoanState, recorded: Recorded, facts: LoanFacts, rules: Rules
) -> tuple[Restraint, ...]:
    """Return what holds the loan back: of the person as it was, of the loan as its facts say."""
    others = [each for each in state.restraints if each.of_person or not each.fact_id]
    policy = rules.policy.agreements.promises
    of_disputes = dispute.restraints_by(dispute.disputes_of(recorded))
    of_promises = promise.restraints_by(facts.promises, policy, others)
    of_plans = payment_plan.restraints_by(facts.plans, rules.policy.agreements.plans)
    of_reliefs = relief.restraints_by(recorded)
    return (*others, *of_disputes, *of_promises, *of_plans, *of_reliefs)


def _is_open_again(before: LoanState, loss: Loss | None) -> bool:
    """Whether the whole loan was written off, and no longer is."""
    lost = before.facts.loss
    was_whole = before.closed == Outcome.WRITTEN_OFF and lost is not None and lost.on is not None
    return was_whole and not (loss and loss.on)
