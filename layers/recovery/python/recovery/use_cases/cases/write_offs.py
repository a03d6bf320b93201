"""Write loans off: the daily review or a person proposes it, a second person decides.

The loan's state says which proposal stands; question, answer and what follows from it are stored
with the state in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.fact_checks import OnRecord, fact_problems
from recovery.domain.accounting.history import WriteOff
from recovery.domain.accounting.write_off import LossClass
from recovery.domain.agreements.dispute import is_fraud_proven
from recovery.domain.cases.approval import (
    LONGEST_REASON,
    Answer,
    DecisionKind,
    PendingDecision,
    ask,
)
from recovery.domain.cases.approval import decide as answer_decision
from recovery.domain.cases.signals import Signal, follow
from recovery.domain.cases.stage import Decision
from recovery.domain.cases.stages import Outcome
from recovery.domain.cases.write_offs import (
    Proposal,
    answered,
    fact_id,
    loan_of,
    proposal_id,
    why_withdrawn,
)
from recovery.domain.loan_state import standing_of
from recovery.domain.outbox import Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor, actor_problems, same_person
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.free_text import free_text_problems
from recovery.domain.shared.money import Money
from recovery.ports.accounting import FactExistsError, LoanChange, StoredLoan
from recovery.ports.needs import HasCases, LoansAndInstitutions
from recovery.use_cases.accounting.record_fact import change_by
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision on record, and the signal that follows; None while a second person is needed,
    or if the case goes on."""

    decision: PendingDecision
    signal: Signal | None = None


class WriteOffPorts(LoansAndInstitutions, HasCases, Protocol):
    """What a write-off needs."""


@retry_when_stale
def propose_write_off(
    loan_id: str,
    amount_minor: int | None,
    by: Actor,
    why: str,
    now: datetime,
    ports: WriteOffPorts,
) -> PendingDecision:
    """Ask a second person to write the loan off, all of it (None) or a part in minor units.

    Asking the same again changes nothing. Raises LoanNotFoundError; RefusedError with everything
    wrong with it, and while another proposal waits.
    """
    check_words(by, why)
    stored = ports.loans.load(loan_id)
    state, last = stored.state, stored.state.proposal
    if last and last.is_open:
        known = ports.cases.decision(loan_id, last.decision_id)
        if known and _asked(known) == (by, why.strip(), amount_minor):
            return known
        reason = f"{loan_id} has a proposal that waits, {last.decision_id}"
        remedy = "Let a second person approve or decline that one first"
        raise RefusedError(Problem("loan_id", reason, remedy, "conflict"))
    rules = _rules(stored, now, ports)
    question = PendingDecision(
        decision_id=proposal_id(loan_id, state.version + 1),
        kind=DecisionKind.WRITE_OFF,
        loan_id=loan_id,
        case_id=state.case.case_id if state.case else "",
        asked_by=by,
        asked_at=now,
        reason=why.strip(),
        amount_minor=amount_minor,
    )
    ask(question, rules.policy.cases)
    proposal = Proposal(question.decision_id)
    _check(question, proposal, stored, rules, ports)
    of = f" of {Money(amount_minor, stored.loan.currency)}" if amount_minor else ""
    text = f"write-off{of} proposed by {by.in_words()}: {question.reason}; a second person decides"
    entry = _entry(text, question.decision_id, rules)
    proposed = replace(state, proposal=proposal)
    outbox = Outbox(
        outbox_id(state.version + 1), rules.as_of, rules.policy.version, timeline=(entry,)
    )
    ports.loans.commit(
        LoanChange(stored.loan, stored.loan, proposed, outbox, decisions=(question,))
    )
    return question


@retry_when_stale
def answer_write_off(
    decision_id: str, answer: Answer, by: Actor, why: str, now: datetime, ports: WriteOffPorts
) -> Decided:
    """Approve or decline a proposal; an approval writes the loan off and closes its case.

    After a part, the case goes on. Answering the same again changes nothing. Raises
    LoanNotFoundError; RefusedError for who asked, without the right to decide, and when the
    proposal does not stand any more.
    """
    loan_id = loan_of(decision_id) or ""
    known = ports.cases.decision(loan_id, decision_id) if loan_id else None
    if known is None or known.kind != DecisionKind.WRITE_OFF:
        reason = f"{decision_id} is no proposal to write a loan off"
        raise RefusedError(
            Problem("decision_id", reason, "Use an id from the list of write-offs", "not_found")
        )
    # The day of a replayed review may be ahead of the clock.
    decided = answer_decision(known, by, max(now, known.asked_at), answer, why)
    if decided == known:
        return Decided(known)
    stored = ports.loans.load(loan_id)
    last = stored.state.proposal
    if not (last and last.is_open and last.decision_id == decision_id):
        reason = f"{decision_id} was withdrawn"
        raise RefusedError(Problem("decision_id", reason, "Propose it anew if need be", "conflict"))
    rules = _rules(stored, now, ports)
    if answer is Answer.APPROVED:
        change = _written_off(decided, last, stored, rules, ports)
    else:
        outbox = Outbox(
            outbox_id(stored.state.version + 1), rules.as_of, policy_version=rules.policy.version
        )
        change = LoanChange(stored.loan, stored.loan, stored.state, outbox)
    text = f"write-off {decision_id} {decided.outcome} by {by.in_words()}"
    entry = _entry(f"{text}: {decided.decided_because}", f"{decision_id}#answer", rules)
    change = replace(
        change,
        state=replace(change.state, proposal=answered(last)),
        outbox=replace(change.outbox, timeline=(*change.outbox.timeline, entry)),
        decisions=(decided,),
    )
    try:
        ports.loans.commit(change)
    except FactExistsError as error:
        remedy = "Decline it and propose it anew"
        raise RefusedError(Problem("decision_id", str(error), remedy, "conflict")) from error
    return Decided(decided, change.outbox.signal)


def decide_write_off(
    loan_id: str, by: Actor, why: str, now: datetime, ports: WriteOffPorts
) -> Decided:
    """Approve the proposal of another that waits; without one, propose to write all off.

    Repeating it changes nothing. Raises what proposing and answering raise.
    """
    check_words(by, why)
    last = ports.loans.load(loan_id).state.proposal
    known = ports.cases.decision(loan_id, last.decision_id) if last else None
    if known:
        said_before = known.decided_by == by and known.decided_because == why.strip()
        if said_before or (known.is_pending and not same_person(known.asked_by, by)):
            return answer_write_off(known.decision_id, Answer.APPROVED, by, why, now, ports)
    return Decided(propose_write_off(loan_id, None, by, why, now, ports))


def check_words(by: Actor, why: str) -> None:
    """Raise RefusedError unless actor and reason may go on record."""
    problems = [*free_text_problems("why", why, LONGEST_REASON)]
    problems += (problem.within("by") for problem in actor_problems(by))
    if problems:
        raise RefusedError(*problems)


def _written_off(
    decided: PendingDecision,
    proposal: Proposal,
    stored: StoredLoan,
    rules: Rules,
    ports: WriteOffPorts,
) -> LoanChange:
    """Return the change that records the write-off and, if nothing is left, closes the case."""
    loan, state, policy = stored.loan, stored.state, rules.policy
    on_record = _check(decided, proposal, stored, rules, ports)
    fact = _fact(decided, rules, on_record.recorded)
    if fact.amount_minor == on_record.unpaid.total:
        fact = replace(fact, amount_minor=None)  # all of it, whatever late news says of its amount
    assert decided.decided_by and decided.decided_at and decided.decided_because
    record = FactRecord(
        fact_id=fact_id(decided.decision_id),
        loan_id=loan.loan_id,
        fact=fact,
        known_on=rules.as_of,
        fingerprint=decided.decision_id,
        reason=decided.reason,
        recorded_by=decided.decided_by.id,
        recorded_at=decided.decided_at,
    )
    change = change_by(record, stored, on_record.recorded, rules)
    after, signal = change.state, None
    if after.facts.loss and after.facts.loss.on:
        after = replace(after, closed=Outcome.WRITTEN_OFF.value, case=None)
        if state.case:
            reason = f"written off by a person, decision {decided.decision_id}"
            ends = Decision(Outcome.WRITTEN_OFF, reason)
            _, signal = follow(
                loan.loan_id, state.case, state.cases, ends, rules.as_of, policy.version
            )
    outbox = replace(change.outbox, policy_version=policy.version, signal=signal)
    return replace(change, state=after, outbox=outbox)


def _fact(decision: PendingDecision, rules: Rules, recorded: Recorded) -> WriteOff:
    why = LossClass.FRAUD if is_fraud_proven(recorded) else LossClass.CREDIT
    return WriteOff(rules.as_of, decision.amount_minor, why)


def _check(
    decision: PendingDecision,
    proposal: Proposal,
    stored: StoredLoan,
    rules: Rules,
    ports: WriteOffPorts,
) -> OnRecord:
    """Return what is on record; raises RefusedError if it could not be written off now."""
    loan, state, as_of = stored.loan, stored.state, rules.as_of
    standing = standing_of(loan, state, rules.policy, as_of, rules.charges(loan, state))
    why = why_withdrawn(proposal, standing, state.closed, state.ownership.silence_on(as_of))
    if why:
        reason = f"{loan.loan_id} is not to be written off: {why}"
        remedy = "Leave it; a review withdraws a proposal that does not stand any more"
        raise RefusedError(Problem("loan_id", reason, remedy, "conflict"))
    recorded = ports.loans.recorded(loan.loan_id)
    on_record = OnRecord(loan, state.position, state.facts, recorded, as_of)
    problems = tuple(fact_problems(_fact(decision, rules, recorded), on_record))
    if problems:
        raise RefusedError(*problems)
    return on_record


def _rules(stored: StoredLoan, now: datetime, ports: LoansAndInstitutions) -> Rules:
    institution_id = stored.loan.institution_id
    as_of = business_date(institution_id, now, ports.institutions)
    return rules_of(institution_id, as_of, ports.institutions)


def _asked(decision: PendingDecision) -> tuple[Actor, str, int | None]:
    return decision.asked_by, decision.reason, decision.amount_minor


def _entry(text: str, key: str, rules: Rules) -> TimelineEntry:
    return TimelineEntry(rules.as_of, "decision", text, rules.policy.version, key)
