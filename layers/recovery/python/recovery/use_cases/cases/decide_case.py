"""Decisions reserved for a named person: judicial recovery, settlement, write-off.

What is bound to a dossier is in ``dossier_decisions``. A write-off is asked by one and decided by
another: see ``write_offs``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.owner_facts import in_words as silence_in_words
from recovery.domain.cases.approval import (
    DAILY_REVIEW,
    Answer,
    DecisionKind,
    PendingDecision,
    ask,
    first_id,
    needs_second_person,
    second_id,
)
from recovery.domain.cases.approval import decide as answer_decision
from recovery.domain.cases.court_tasks import claim_to_file, question_to_answer, reminder_ended
from recovery.domain.cases.signals import Signal, follow
from recovery.domain.cases.stage import Decision, bar_to
from recovery.domain.cases.stages import CLOSING, Outcome, Stage, in_words
from recovery.domain.cases.tasks import Task
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox, TimelineEntry, outbox_id
from recovery.domain.policy import Policy
from recovery.domain.shared.actor import Actor, same_person
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.use_cases.cases.dossier_decisions import (
    DossierDecidingPorts,
    check_enforcement,
    dossier_question,
    refuse_unbound,
    refuse_unoffered,
)
from recovery.use_cases.cases.write_offs import Decided, check_words, decide_write_off
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh

DECISIONS = {
    "approve": Stage.FILING,
    "decline": Stage.INTERMEDIATE_RECOVERY,
    "send-back": Stage.PRE_ACTION,
    "enforce": Stage.ENFORCEMENT,
    "settle": Outcome.SETTLED,
    "write-off": Outcome.WRITTEN_OFF,
}
_OF_DOSSIER = ("approve", "decline", "send-back")
_BY_TWO = ("approve", "enforce")
_ANSWERS = {"decline": Answer.DECLINED, "send-back": Answer.SENT_BACK}
_DONE = {
    "approve": "approved",
    "decline": "declined",
    "send-back": "sent back with a question",
    "enforce": "enforcement approved",
    "settle": "settled",
}


class DecidingPorts(DossierDecidingPorts, Protocol):
    """What a decision about a case needs."""


def decide_case(
    loan_id: str,
    decision: str,
    by: Actor,
    why: str,
    now: datetime,
    ports: DecidingPorts,
    *,
    dossier: str = "",
    until: date | None = None,
) -> Decided:
    """Put a person's decision on record with the signal that it sends to the case, in one write.

    The signal names the decision, not the person or their words, which may name the borrower. An
    approval is bound to ``dossier``, the hash of what the person read, whole or as it is shown:
    whatever goes on record in between withdraws it. Where the policy wants two approvals of a step
    in court, the first one asks for the second; so does whoever wants a write-off that nobody
    proposed yet. ``until`` is the last day of the pause after "decline", by default as the policy
    says. Repeating a decision changes nothing. Raises LoanNotFoundError; RefusedError without an
    open case, the right to decide or a reason, when no approval is pending, for another dossier,
    or while a restraint on the loan or the person bars the step.
    """
    if decision not in DECISIONS:
        raise RefusedError(
            Problem("decision", f"{decision!r} is unknown", f"Use one of: {', '.join(DECISIONS)}")
        )
    if decision == "write-off":
        return decide_write_off(loan_id, by, why, now, ports)
    check_words(by, why)

    def step() -> Decided:
        stored = ports.loans.load(loan_id)
        institution_id = stored.loan.institution_id
        as_of = business_date(institution_id, now, ports.institutions)
        policy = ports.institutions.policy(institution_id, as_of)
        _check(stored, decision, until, as_of, ports)
        question = _question(stored, decision, now, ports)
        first, words = ports.cases.decision(loan_id, first_id(question.decision_id)), why.strip()
        if first and decision in _BY_TWO and _is_repeat(first, question, by, words):
            return Decided(question)
        answer = _ANSWERS.get(decision, Answer.APPROVED)
        answered = answer_decision(question, by, now, answer, why)
        if decision == "approve":
            refuse_unbound(stored, question, dossier, as_of, ports)
            refuse_unoffered(stored, ports)
        if decision == "enforce":
            check_enforcement(stored, as_of, ports)
        if decision in _BY_TWO and needs_second_person(policy.cases) and not _is_second(question):
            asks = _second(answered, by, now, words, policy)
            _commit(stored, stored.state, decision, (answered, asks), None, as_of, policy, ports)
            return Decided(asks)
        reason = f"{_DONE[decision]} by a person, decision {answered.decision_id}"
        state, signal = _decided(stored, decision, reason, until, as_of, policy)
        _commit(stored, state, decision, (answered,), signal, as_of, policy, ports)
        return Decided(answered, signal)

    return retry_until_fresh(step)


def _question(
    stored: StoredLoan, decision: str, now: datetime, ports: DecidingPorts
) -> PendingDecision:
    """Return the question to answer: the one on record, or for the second person the one by which
    the first asked; for what needs no dossier one that asks for itself."""
    case, loan_id = stored.state.case, stored.loan.loan_id
    assert case is not None
    if decision in _OF_DOSSIER:
        question = dossier_question(stored, ports)
    else:
        kind = DecisionKind.ENFORCEMENT if decision == "enforce" else DecisionKind.SETTLEMENT
        decision_id = f"{case.case_id}#{case.signals + 1}-{kind}"
        question = ports.cases.decision(loan_id, decision_id) or PendingDecision(
            decision_id=decision_id,
            kind=kind,
            loan_id=loan_id,
            case_id=case.case_id,
            asked_by=DAILY_REVIEW,
            asked_at=now,
            reason=f"the case is in {in_words(case.target_stage)}",
            not_by=(stored.loan.advisor_name,) if kind is DecisionKind.ENFORCEMENT else (),
        )
    if question.outcome == Answer.APPROVED:
        second = ports.cases.decision(loan_id, second_id(question.decision_id))
        return second or question
    return question


def _is_second(question: PendingDecision) -> bool:
    return first_id(question.decision_id) != question.decision_id


def _is_repeat(first: PendingDecision, question: PendingDecision, by: Actor, words: str) -> bool:
    """Whether the first person says the same again, and the second has still to answer."""
    if not (_is_second(question) and question.is_pending and first.decided_by):
        return False
    return same_person(first.decided_by, by) and first.decided_because == words


def _second(
    answered: PendingDecision, by: Actor, now: datetime, words: str, policy: Policy
) -> PendingDecision:
    """Return the question by which the first person asks a second one."""
    asked = PendingDecision(
        decision_id=second_id(answered.decision_id),
        kind=answered.kind,
        loan_id=answered.loan_id,
        case_id=answered.case_id,
        asked_by=by,
        asked_at=now,
        reason=words,
        not_by=answered.not_by,
        about=answered.about,
    )
    return ask(asked, policy.cases)


def _commit(
    stored: StoredLoan,
    state: LoanState,
    decision: str,
    decisions: tuple[PendingDecision, ...],
    signal: Signal | None,
    as_of: date,
    policy: Policy,
    ports: DecidingPorts,
) -> None:
    """Store answer, what it asks, state, signal and timeline together, or nothing."""
    answered = decisions[0]
    assert answered.decided_by
    text = f"{decision} by {answered.decided_by.in_words()}: {answered.decided_because}"
    text += "" if signal else "; a second person decides"
    key = signal.signal_id if signal else answered.decision_id
    entry = TimelineEntry(as_of, "decision", text, policy.version, key)
    outbox = Outbox(
        outbox_id(state.version + 1),
        as_of,
        policy.version,
        signal,
        timeline=(entry,),
        tasks=_tasks(stored, decision, answered, as_of) if signal else (),
        ends_tasks=reminder_ended(stored.state.case, signal is not None),
    )
    loan = stored.loan
    ports.loans.commit(LoanChange(loan, loan, state, outbox, decisions=decisions))


def _tasks(
    stored: StoredLoan, decision: str, answered: PendingDecision, as_of: date
) -> tuple[Task, ...]:
    if decision == "approve":
        return (claim_to_file(stored.loan, answered.case_id, as_of),)
    if decision == "send-back":
        return (question_to_answer(stored.loan, answered.decision_id, as_of),)
    return ()


def _check(
    stored: StoredLoan, decision: str, until: date | None, as_of: date, ports: DecidingPorts
) -> None:
    """Refuse what does not fit the case, or is barred at this moment."""
    case, to = stored.state.case, DECISIONS[decision]
    if case is None:
        raise RefusedError(
            Problem("loan_id", "the loan has no open case", "Check its status first")
        )
    if until is not None and (decision != "decline" or until <= as_of):
        reason = f"{until} ends no pause" if decision == "decline" else "is only for a pause"
        raise RefusedError(
            Problem("until", reason, "Give a later day, with decline alone", "out_of_range")
        )
    if decision in _OF_DOSSIER and case.target_stage is not Stage.JUDICIAL_RECOVERY:
        raise RefusedError(
            Problem(
                "decision",
                f"the case is in {in_words(case.target_stage)}; no approval is pending",
                "Decide so only on a case that awaits approval in judicial recovery",
            ),
        )
    if decision == "enforce" and case.target_stage is not Stage.IN_PROCEEDINGS:
        reason = f"the case is in {in_words(case.target_stage)}"
        raise RefusedError(
            Problem("decision", reason, "Enforce only what is in proceedings", "conflict")
        )
    ownership = stored.state.ownership
    silent = ownership.silence_on(as_of)
    if silent and (decision in _BY_TWO or ownership.is_outside(as_of)):
        reason = f"{in_words(to)} is held: {silence_in_words(silent)}"
        raise RefusedError(
            Problem(
                "decision", reason, "Buy or call the loan back, or prove the notice", "conflict"
            )
        )
    person = ports.borrowers.load(stored.loan.borrower_id)
    restraints = (*stored.state.restraints, *person.restraints)
    bar = isinstance(to, Stage) and bar_to(to, case.target_stage, restraints, as_of)
    if bar:
        reason = f"{in_words(to)} is held: {bar.in_words()}"
        raise RefusedError(
            Problem("decision", reason, "Wait until it ends, or end it first", "conflict")
        )


def _decided(
    stored: StoredLoan,
    decision: str,
    reason: str,
    until: date | None,
    as_of: date,
    policy: Policy,
) -> tuple[LoanState, Signal]:
    case, to = stored.state.case, DECISIONS[decision]
    followed, signal = follow(
        stored.loan.loan_id, case, stored.state.cases, Decision(to, reason), as_of, policy.version
    )
    next_review_on = stored.state.next_review_on
    if followed and decision == "decline":
        pause_ends = until or as_of + timedelta(days=policy.cases.judicial_pause_days)
        followed = replace(followed, notice_on=None, judicial_not_before=pause_ends)
        next_review_on = min(next_review_on or pause_ends, pause_ends)
    closed, proposal = to.value if to in CLOSING else stored.state.closed, stored.state.proposal
    if closed:  # all that may be left to do is to withdraw a proposal
        next_review_on = as_of if proposal and proposal.is_open else None
    decided = replace(stored.state, case=followed, closed=closed, next_review_on=next_review_on)
    return decided, signal
