"""Promises and disputes as they go on record: completed, checked, and with the tasks they bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from recovery.domain.accounting.agreed import Agreement, Offer, OfferedOption
from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact, Undo
from recovery.domain.accounting.history import Charge
from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.accounting.payment import fingerprint_of
from recovery.domain.accounting.payment_checks import payment_problems
from recovery.domain.accounting.said import (
    Dispute,
    DisputeEnd,
    DisputeKind,
    DisputeOutcome,
    Promise,
    PromiseEnd,
)
from recovery.domain.agreements import dispute, promise
from recovery.domain.agreements.fact_request import DisputeAnswered, DisputeMade, PromiseMade
from recovery.domain.agreements.household import month_by_month
from recovery.domain.agreements.people_rules import answer_by, restraint_for
from recovery.domain.agreements.policy import PromisePolicy
from recovery.domain.agreements.promise import PromiseOutcome, Situation
from recovery.domain.agreements.realism import realism_notes
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.loan_state import standings_of
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasPeople
from recovery.use_cases.accounting.posting import Incoming, post_on
from recovery.use_cases.agreements.own_books import OwnBookPorts, own_books
from recovery.use_cases.shared.rules import Rules, people_pack_of

_TAKEN_BACK = DisputeOutcome.WITHDRAWN
Said = PromiseMade | DisputeMade | DisputeAnswered


@dataclass(frozen=True, slots=True)
class Saying:
    """What was said about a loan, as it stands, by or to whom."""

    stored: StoredLoan
    recorded: Recorded
    rules: Rules
    by: Actor

    @property
    def loan(self) -> Loan:
        return self.stored.loan

    @property
    def promises(self) -> PromisePolicy:
        return self.rules.policy.agreements.promises

    def offered(self, agreed: Agreement) -> tuple[Offer, OfferedOption]:
        """Return what an agreement accepts; it was found to be on record."""
        [offer] = [
            each.fact
            for each in self.recorded.counting()
            if each.fact_id == agreed.offer_id and isinstance(each.fact, Offer)
        ]
        [option] = [each for each in offer.options if each.kind == agreed.option]
        return offer, option

    def situation(self) -> Situation:
        """Return what a promise is weighed against."""
        loan, state, rules = self.loan, self.stored.state, self.rules
        charges = rules.charges(loan, state)
        standings = standings_of(loan, state, rules.policy, rules.as_of, charges)
        return Situation(
            standing=standings.collectible,
            promises=promise.promises_of(self.recorded),
            recorded=self.recorded,
            restraints=state.restraints,
            currency=loan.currency,
            today=rules.as_of,
            supervised=self.by.is_person and self.by.may(Role.SUPERVISOR),
        )


def completed(said: Said, saying: Saying) -> Promise | Dispute | DisputeEnd:
    """Return the fact that goes on record: with what policy and pack say of it."""
    match said:
        case PromiseMade():
            policy = saying.promises
            return Promise(
                on=said.on,
                amount_minor=said.amount_minor,
                pay_on=said.pay_on,
                channel=said.channel,
                pay_by=said.pay_by,
                grace_days=policy.grace_days,
                posting_days=policy.posting_days_of(said.pay_by),
                tolerance_minor=said.amount_minor * policy.tolerance_percent // 100,
                reminder=said.reminder,
            )
        case DisputeMade():
            pack, kind = people_pack_of(saying.loan), dispute.kind_of(said.about)
            part = said.amount_minor
            rests = restraint_for(
                pack, kind, said.on, None, said.about, part if kind == "dispute" else None
            )
            subject = "undue_charge" if said.about is DisputeKind.CHARGES else "dispute"
            calendar = saying.rules.policy.monitoring.business_days
            holidays = calendar.holidays if calendar else frozenset()
            return Dispute(
                on=said.on,
                about=said.about,
                answer_by=answer_by(pack, subject, said.on, holidays),
                blocks=tuple(sorted(rests.blocks)),
                amount_minor=part,
                not_by=(saying.loan.advisor_name,),
            )
        case DisputeAnswered():
            return DisputeEnd(said.dispute_id, said.on, said.outcome, said.answer)


def said_problems(fact: RecordedFact, said: object, saying: Saying) -> Iterator[Problem]:
    """Yield every reason why a promise or dispute, or its end, cannot go on record."""
    match fact:
        case Promise():
            yield from promise.promise_problems(fact, saying.situation(), saying.promises)
        case PromiseEnd():
            yield from _promise_end_problems(fact, saying)
        case Dispute():
            known, owed = dispute.disputes_of(saying.recorded), saying.situation().standing
            currency = saying.loan.currency
            yield from dispute.dispute_problems(fact, known, owed.outstanding.total, currency)
        case DisputeEnd() if isinstance(said, DisputeAnswered):
            yield from _answer_problems(fact, said, saying)


def _promise_end_problems(end: PromiseEnd, saying: Saying) -> Iterator[Problem]:
    known = {each.promise_id: each for each in promise.promises_of(saying.recorded)}
    made, held = known.get(end.promise_id), saying.stored.state.restraints
    if made is None:
        reason = f"{end.promise_id} is no promise on this loan"
        yield Problem("promise_id", reason, "Name one on record", "not_found")
    elif (became := promise.outcome(made, held, end.on)) is not PromiseOutcome.OPEN:
        reason = f"{end.promise_id} is {became.value.replace('_', ' ')} already"
        yield Problem("promise_id", reason, "Check the record", "conflict")


def _answer_problems(end: DisputeEnd, said: DisputeAnswered, saying: Saying) -> Iterator[Problem]:
    known = {each.dispute_id: each for each in dispute.disputes_of(saying.recorded)}
    found = known.get(end.dispute_id)
    if found is None:
        reason = f"{end.dispute_id} is no dispute on this loan"
        yield Problem("dispute_id", reason, "Name one on record", "not_found")
        return
    yield from dispute.answer_problems(found, end.outcome, saying.by, end.on)
    if end.outcome in (DisputeOutcome.UPHELD, DisputeOutcome.REJECTED) and not end.answer.strip():
        yield Problem("answer", "is missing", "Write what the person will read", "missing")
    is_upheld = end.outcome is DisputeOutcome.UPHELD
    if (said.paid_on or said.undoes) and not is_upheld:
        yield Problem("outcome", "puts nothing right", "Use upheld, or leave these out")
    if said.paid_on and found.dispute.amount_minor is None:
        reason = "is given where no amount is disputed"
        yield Problem("paid_on", reason, "Post the payment itself, then answer")
    charges = {e.fact_id for e in saying.recorded.counting() if isinstance(e.fact, Charge)}
    for missing in sorted(set(said.undoes) - charges):
        reason = f"{missing} is no charge of this loan that counts"
        yield Problem("undoes", reason, "Name charges on record", "not_found")


def put_right(said: object, record: FactRecord) -> tuple[FactRecord, ...]:
    """Return the facts by which charges are undone with the answer to a dispute."""
    if not isinstance(said, DisputeAnswered):
        return ()
    return tuple(
        replace(record, fact_id=f"undo-{each}"[:64], fact=Undo(each, said.on))
        for each in said.undoes
    )


def with_tasks(change: LoanChange, record: FactRecord, recorded: Recorded) -> LoanChange:
    """Add what people have to do because of it, or need not do any more; undoing it, the other way
    round."""
    fact, outbox, undo_id = record.fact, change.outbox, ""
    if isinstance(fact, Undo):
        known = {each.fact_id: each for each in recorded.facts}
        undone = known[fact.fact_id].fact
        if isinstance(undone, Dispute):
            record = replace(record, fact=DisputeEnd(fact.fact_id, fact.on, _TAKEN_BACK))
        elif isinstance(undone, DisputeEnd):
            undo_id = record.fact_id
            record = replace(known[undone.dispute_id], known_on=record.known_on)
        else:
            return change
        fact = record.fact
    match fact:
        case Dispute():
            task = replace(_investigation(change.loan, record), brought_back_by=undo_id)
            outbox = replace(outbox, tasks=(*outbox.tasks, task))
        case DisputeEnd():
            done = dispute_task_id(record.loan_id, fact.dispute_id)
            outbox = replace(outbox, ends_tasks=(*outbox.ends_tasks, done))
        case _:
            return change
    return replace(change, outbox=outbox)


def dispute_task_id(loan_id: str, dispute_id: str) -> str:
    """Return the id of the task to investigate a dispute."""
    return f"{loan_id}.dispute.{dispute_id}"


def _investigation(loan: Loan, record: FactRecord) -> Task:
    assert isinstance(record.fact, Dispute)
    made, is_fraud = record.fact, record.fact.about is DisputeKind.NOT_MINE
    said = made.about.value.replace("_", " ")
    reason = f"dispute {record.fact_id}: {said}; find out, and answer in writing"
    if is_fraud:
        reason = (
            f"dispute {record.fact_id}: the person says that the loan is not theirs; check who"
            " they are before anything is said, and who got the money"
        )
    return Task(
        task_id=dispute_task_id(loan.loan_id, record.fact_id),
        kind=TaskKind.FRAUD if is_fraud else TaskKind.INVESTIGATE,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.SUPERVISOR,
        not_by=made.not_by,
        reason=reason,
        opened_on=record.known_on,
        do_by=max(made.answer_by, record.known_on),
        about=record.fact_id,
    )


class RealismPorts(OwnBookPorts, HasPeople, Protocol):
    """Where the person's capacity and other loans are."""


def realism_of(fact: RecordedFact, saying: Saying, ports: RealismPorts) -> tuple[str, ...]:
    """Return what speaks against a promise's being kept; nothing for another fact."""
    if not isinstance(fact, Promise):
        return ()
    person_id, situation = saying.loan.borrower_id, saying.situation()
    if capacity := ports.people.capacity(person_id):
        without = [saying.loan.loan_id]
        books = own_books(person_id, saying.loan.currency, saying.rules, ports, without)
        own = month_by_month(each.by_month for each in books.loans)
        situation = replace(situation, capacity=capacity, own=own)
    return realism_notes(fact, situation)


def with_missing_payment(said: object, saying: Saying, at: datetime) -> LoanChange | None:
    """Return the change by the payment that a dispute was right about; None without one.

    Raises RefusedError if the loan cannot keep it.
    """
    if not isinstance(said, DisputeAnswered) or said.paid_on is None:
        return None
    [made] = [e for e in dispute.disputes_of(saying.recorded) if e.dispute_id == said.dispute_id]
    payment = Payment(f"{said.dispute_id}.paid", said.paid_on, made.dispute.amount_minor or 0)
    currency, today = saying.loan.currency, saying.rules.as_of
    problems = tuple(payment_problems(payment, currency, saying.loan, today, today))
    if problems:
        raise RefusedError(*problems)
    fingerprint = fingerprint_of(payment, saying.loan.loan_id, currency, said.dispute_id)
    money = Incoming(
        payment=payment,
        currency=currency,
        fingerprint=fingerprint,
        by=saying.by,
        at=at,
        reference=said.dispute_id,
    )
    posted = post_on(saying.stored, saying.recorded, money, saying.rules)
    if posted.change is None or posted.suspense:
        reason = "would leave money that the loan may not keep"
        raise RefusedError(Problem("paid_on", reason, "Post the payment itself, then answer"))
    return posted.change
