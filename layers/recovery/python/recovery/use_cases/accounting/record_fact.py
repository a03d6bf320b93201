"""Record a fact about a loan's money, and what is owed after it, in one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.agreed import Agreement
from recovery.domain.accounting.collateral import LifeEvent
from recovery.domain.accounting.details import DetailsChange, core_terms, with_details
from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact, Undo
from recovery.domain.accounting.fact_checks import OnRecord, fact_problems
from recovery.domain.accounting.history import Chargeback, ScheduleVersion
from recovery.domain.accounting.loan_facts import FROM_CORE
from recovery.domain.agreements import relief
from recovery.domain.agreements.fact_request import FactRequest, Restructure
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.outbox import Outbox, outbox_id
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import FactConflictError, RefusedError
from recovery.ports.accounting import FactExistsError, LoanChange, StoredLoan
from recovery.ports.needs import HasCases, HasCollateral, HasYesCodes
from recovery.use_cases.accounting.fact_news import fact_entry, fact_event
from recovery.use_cases.accounting.losses import with_losses
from recovery.use_cases.accounting.open_claims import claimed, with_claims
from recovery.use_cases.accounting.party_effects import Books
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.agreements.agree import (
    Agreed,
    agreed_problems,
    completed_agreement,
    facts_with,
    with_agreement,
)
from recovery.use_cases.agreements.agreed_by_two import agreed_by_two
from recovery.use_cases.agreements.for_the_core import with_core_news
from recovery.use_cases.agreements.fraud import decided_by_two
from recovery.use_cases.agreements.guarantees_lost import with_guarantees
from recovery.use_cases.agreements.new_schedule import worked_out
from recovery.use_cases.agreements.said import (
    Said,
    Saying,
    completed,
    put_right,
    realism_of,
    said_problems,
    with_missing_payment,
    with_tasks,
)
from recovery.use_cases.agreements.settling import with_settlement
from recovery.use_cases.cases.notice_given import with_notice
from recovery.use_cases.judicial.court_facts import of_court
from recovery.use_cases.judicial.court_tasks import with_court_tasks
from recovery.use_cases.judicial.listings import with_listing_tasks
from recovery.use_cases.people.record_person_fact import PersonFactPorts
from recovery.use_cases.people.report_death import report_death
from recovery.use_cases.portfolio.pass_on import with_passed_on
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of

_LONGEST_ID = 64
DEATH_REPORTED = "MD07"  # ISO 20022 ExternalReturnReason1Code: end customer deceased


@dataclass(frozen=True, slots=True)
class FactTaken:
    """The record, and whether this call made it (a repeat does not).

    ``notes`` are what speaks against a promise's being kept. ``asks`` is set where a second person
    has to say the same before it goes on record.
    """

    record: FactRecord
    recorded: bool
    notes: tuple[str, ...] = ()
    asks: PendingDecision | None = None


class RecordingPorts(PersonFactPorts, HasCollateral, HasCases, HasYesCodes, Protocol):
    """What recording a fact needs: a return for death reaches the person and her insurance too, and
    fraud is decided by two."""


@retry_when_stale
def record_fact(request: FactRequest, by: Actor, now: datetime, ports: RecordingPorts) -> FactTaken:
    """Record the fact once; repeating the same request changes nothing.

    That a loan came of fraud is asked by one and recorded once a second person says the same.
    Raises LoanNotFoundError; RefusedError with everything that is wrong with it;
    FactConflictError when the loan has another fact with this id.
    """
    taken, change = prepared(request, by, now, ports)
    if change is None:
        return taken
    try:
        ports.loans.commit(change)
    except FactExistsError:
        known = repeated(request, ports.loans.recorded(request.loan_id))
        if known is None:
            raise
        return FactTaken(known, recorded=False)
    return taken


def prepared(
    request: FactRequest, by: Actor, now: datetime, ports: RecordingPorts
) -> tuple[FactTaken, LoanChange | None]:
    """Return the record, and the change that stores it; None for a repeat.

    A reported death is recorded at once. Raises as ``record_fact`` does.
    """
    stored = ports.loans.load(request.loan_id)
    recorded = ports.loans.recorded(request.loan_id)
    if known := repeated(request, recorded):
        return FactTaken(known, recorded=False), None
    institution_id = stored.loan.institution_id
    today = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, today, ports.institutions)
    said, saying = request.fact, Saying(stored, recorded, rules, by)
    fact: RecordedFact
    if isinstance(said, Agreed):
        fact = completed_agreement(said, saying, ports)
    elif isinstance(said, Said):
        fact = completed(said, saying)
    else:
        fact = worked_out(said, stored, recorded, rules)
    problems = [
        *fact_problems(fact, _on_record(stored, recorded, today)),
        *of_court(fact, stored, recorded, today, by, ports),
        *said_problems(fact, said, saying),
        *agreed_problems(fact, saying),
        *relief.undo_problems(fact, recorded),
    ]
    if problems:
        raise RefusedError(*problems)
    record = FactRecord(
        fact_id=request.fact_id,
        loan_id=request.loan_id,
        fact=fact,
        known_on=today,
        fingerprint=_fingerprint(request),
        reason=request.reason,
        recorded_by=by.id,
        recorded_at=now,
    )
    change = _change(record, said, saying)
    if isinstance(fact, Chargeback) and fact.reason_code == DEATH_REPORTED:
        change = _after_death(fact, change, recorded.with_fact(record), by, now, rules, ports)
    two = agreed_by_two if isinstance(fact, Agreement) else decided_by_two
    asks, decided = two(record, change, saying, ports)
    if asks:
        return FactTaken(record, recorded=False, asks=asks), decided
    return FactTaken(record, recorded=True, notes=realism_of(fact, saying, ports)), decided


def _change(record: FactRecord, said: object, saying: Saying) -> LoanChange:
    """Return the change by what was said, with what is put right by it."""
    stored, recorded = saying.stored, saying.recorded
    paid = with_missing_payment(said, saying, record.recorded_at)
    if paid:
        stored, recorded = StoredLoan(paid.loan, paid.state), recorded.with_payments(*paid.payments)
    righted = (
        *put_right(said, record),
        *facts_with(record, saying),
        *_undone_with(record, recorded),
    )
    change = with_tasks(
        change_by(record, stored, recorded, saying.rules, also=righted), record, recorded
    )
    change = with_court_tasks(change, record, recorded)
    change = with_listing_tasks(change, record)
    change = with_agreement(with_notice(change, record, recorded), record, saying)
    change = with_guarantees(with_core_news(change, record, recorded), record, recorded)
    if paid is None:
        return change
    outbox = replace(
        change.outbox,
        timeline=(*paid.outbox.timeline, *change.outbox.timeline),
        events=(*paid.outbox.events, *change.outbox.events),
    )
    return replace(change, before=paid.before, outbox=outbox, payments=paid.payments)


def _undone_with(record: FactRecord, recorded: Recorded) -> tuple[FactRecord, ...]:
    """Return the facts by which all that came with a relief is undone with it."""
    if not isinstance(record.fact, Undo):
        return ()
    return tuple(
        replace(record, fact_id=f"undo-{each.fact_id}"[:_LONGEST_ID], fact=each)
        for each in relief.undoing(record.fact, recorded)
    )


def repeated(request: FactRequest, recorded: Recorded) -> FactRecord | None:
    """Return the fact that this request repeats; None if its id is new to the loan.

    Raises FactConflictError when the loan has another fact with this id.
    """
    known = next((each for each in recorded.facts if each.fact_id == request.fact_id), None)
    if known and known.fingerprint != _fingerprint(request):
        raise FactConflictError(
            f"fact {request.fact_id} is on record with a different body; use a new id for a new"
            " fact, and undo the other if it is wrong"
        )
    return known


def _after_death(
    fact: Chargeback,
    change: LoanChange,
    recorded: Recorded,
    by: Actor,
    now: datetime,
    rules: Rules,
    ports: RecordingPorts,
) -> LoanChange:
    """Stop all pressure on the payer who died, and open the claims on the insurance of her life."""
    payment = next(e.payment for e in recorded.payments if e.payment.payment_id == fact.payment_id)
    borrower_id = change.loan.borrower_id
    person_id = payment.payer_id or (borrower_id if payment.payer_kind == "borrower" else None)
    if person_id is None:
        return change
    # First the person: a restraint too early holds back, one too late lets through.
    institution_id, source = change.loan.institution_id, f"{DEATH_REPORTED} {fact.payment_id}"
    report_death(institution_id, person_id, rules.as_of, source, by, now, ports)
    books = Books(change.loan, change.state, recorded)
    security = ports.collateral.of_loan(change.loan.loan_id)
    event = LifeEvent("death", person_id, fact.on)
    return with_claims(change, claimed(event, books, security, by, rules))


def change_by(
    record: FactRecord,
    stored: StoredLoan,
    recorded: Recorded,
    rules: Rules,
    also: tuple[FactRecord, ...] = (),
) -> LoanChange:
    """Return the change that records the fact, and others with it, with what is owed after them."""
    after = recorded.with_fact(record)
    for each in also:
        after = after.with_fact(each)
    loan, state = taken_up(stored.loan, stored.state, after, rules)
    fact = record.fact
    if isinstance(fact, DetailsChange):
        loan = with_details(loan, fact.details)
    if isinstance(fact, ScheduleVersion) and fact.kind == FROM_CORE:
        rate_pct = fact.annual_rate_pct or loan.annual_rate_pct
        loan = replace(loan, core_terms=core_terms(fact.instalments, rate_pct))
    outbox = Outbox(
        outbox_id(state.version + 1),
        rules.as_of,
        timeline=(fact_entry(record, loan.currency),),
        events=(fact_event(record, loan.currency),),
    )
    outbox = with_passed_on(with_losses(outbox, stored.state, state, loan), stored, recorded, after)
    change = LoanChange(stored.loan, loan, state, outbox, facts=(record, *also))
    return with_settlement(change, after, rules, record.recorded_at)


def _fingerprint(request: FactRequest) -> str:
    """Return a hash that is equal for equal requests."""
    if request.said is not None:
        return hashlib.sha256(f"{request.loan_id} {request.said}".encode()).hexdigest()[:32]
    fact = request.fact
    kinds = [type(fact).__name__]
    if isinstance(fact, Restructure):
        kinds.append(type(fact.action).__name__)
    same = [request.loan_id, *kinds, to_plain(fact)]
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]


def _on_record(stored: StoredLoan, recorded: Recorded, today: date) -> OnRecord:
    state = stored.state
    return OnRecord(stored.loan, state.position, state.facts, recorded, today)
