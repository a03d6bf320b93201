"""What a review finds on a loan at a date, before it says what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from recovery.domain.accounting.agreed import PlanState
from recovery.domain.accounting.late_charges import ChargeRules
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.ownership import SilentPeriod
from recovery.domain.accounting.said import PromiseState
from recovery.domain.agreements import payment_plan, promise
from recovery.domain.cases.stages import Outcome
from recovery.domain.contact.silence import unanswered
from recovery.domain.judicial.limitation_watch import Look, restrained
from recovery.domain.loan_state import LoanState, Standings, standings_of
from recovery.domain.monitoring.behaviour import Warned
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outlook import SegmentChange, segment_change, warning_of
from recovery.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A loan as a review sees it.

    ``before`` is its state as stored, ``state`` the same with what the limitation clocks say, what
    became of its promises, and which contacts stand unanswered. ``closed`` is the outcome of a loan
    whose recovery has ended; ``silent`` is when somebody else speaks with the borrower.
    """

    loan: Loan
    before: LoanState
    state: LoanState
    policy: Policy
    standings: Standings
    look: Look | None
    promises: tuple[PromiseState, ...]
    judgements: tuple[tuple[PromiseState, promise.PromiseOutcome], ...]
    plans: tuple[PlanState, ...]
    plan_news: tuple[tuple[PlanState, payment_plan.PlanStatus], ...]
    closed: str | None
    silent: SilentPeriod | None
    warning: Warned | None
    change: SegmentChange | None

    @property
    def standing(self) -> Standing:
        """What is owed by the contract."""
        return self.standings.contractual

    @property
    def as_of(self) -> date:
        """The business date."""
        return self.standing.as_of

    @property
    def reviewed_on(self) -> date | None:
        """The date of the review before this one; None if it is the first."""
        return self.before.standing.as_of if self.before.standing else None

    @property
    def rests(self) -> bool:
        """Whether nobody here does anything about the loan."""
        return bool(self.closed or self.silent)


def see(
    loan: Loan,
    before: LoanState,
    policy: Policy,
    as_of: date,
    charges: ChargeRules,
    look: Look | None,
) -> Seen:
    """Return what there is to see at ``as_of``; ``review`` explains the arguments."""
    state = before
    if look:
        facts = replace(before.facts, clocks_on=look.again_on)
        state = replace(before, facts=facts, restraints=restrained(before.restraints, look))
    standings = standings_of(loan, state, policy, as_of, charges)
    standing = standings.contractual
    as_of = standing.as_of
    promises, judgements = promise.judged(state.facts.promises, state.restraints, as_of)
    plans, plan_news = payment_plan.judged(state.facts.plans, as_of)
    closed = state.closed or (Outcome.WRITTEN_OFF.value if standing.written_off_on else None)
    silent = state.ownership.silence_on(as_of)
    rests = bool(closed or silent)
    state = _as_told(state, promises)
    warning = None if rests else warning_of(loan, state, policy, as_of)
    return Seen(
        loan=loan,
        before=before,
        state=state,
        policy=policy,
        standings=standings,
        look=look,
        promises=promises,
        judgements=judgements,
        plans=plans,
        plan_news=plan_news,
        closed=closed,
        silent=silent,
        warning=warning,
        change=None if rests else segment_change(loan, state, policy, standing, warning),
    )


def _as_told(state: LoanState, promises: tuple[PromiseState, ...]) -> LoanState:
    """Return the state with what became of the promises, and the contacts not answered yet."""
    paid_on = state.position.last_value_date
    contacts = unanswered(state.contacts, paid_on, promises, state.restraints)
    if contacts == state.contacts and promises == state.facts.promises:
        return state
    return replace(state, contacts=contacts, facts=replace(state.facts, promises=promises))
