"""Import a portfolio delivery: people, loans and payments, new ones and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.join import StagedLoan
from recovery.documents.intake.manifest import Manifest
from recovery.documents.intake.rows import Kind, Rejection
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.contact.borrower import Borrower
from recovery.domain.intake.held_contacts import Delivered
from recovery.domain.loan_state import LoanState
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import PaymentExistsError, StoredLoan
from recovery.use_cases.accounting.carry_over import GrantedLoans, carry_over
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.intake.arrival import Arrival, Delivery, ImportPorts, arrive
from recovery.use_cases.intake.missing_loans import report_missing
from recovery.use_cases.intake.take_payments import (
    future,
    historical,
    payments_of,
    post_to_known_loan,
    post_to_other_loans,
)
from recovery.use_cases.intake.take_up_collateral import take_up_collateral
from recovery.use_cases.intake.take_up_contacts import take_up_contacts
from recovery.use_cases.intake.take_up_facts import take_up_facts
from recovery.use_cases.intake.take_up_loan import (
    contract_problems,
    differs,
    loan_of,
    rejections_of,
    take_up_loan,
)
from recovery.use_cases.intake.take_up_parties import take_up_parties
from recovery.use_cases.people.with_person import copy_person, is_same_to_loans, with_person
from recovery.use_cases.shared.rules import Rules, rules_of

_PAGE = 100


def import_portfolio(
    delivery: Delivery,
    institution_id: str,
    now: datetime,
    ports: ImportPorts,
    *,
    delivery_id: str,
    manifest: Manifest,
) -> ImportResult:
    """Add what is new, and take up what changed as facts dated by the delivery.

    Idempotent, and safe to rerun after a crash: each loan is added together with its history, or
    not at all. What did not change is not written. An older delivery adds what is new to it and
    changes nothing.
    """
    imported = ImportResult(delivery_id)
    arrival = arrive(institution_id, delivery_id, manifest, now, ports)
    if arrival.has_people and not arrival.newer_as_of:
        # First, so that an older one that starts meanwhile knows.
        last = Delivered(source=arrival.source, as_of=arrival.as_of, delivery_id=delivery_id)
        if ports.deliveries.last(arrival.source) != last:
            ports.deliveries.save_last(last)
    take_up_contacts(delivery, arrival, ports, imported)
    rules = rules_of(institution_id, arrival.today, ports.institutions)
    granted, portfolios = GrantedLoans(rules), set()
    for page in pages(delivery.loans(), _PAGE):
        known = {k.loan.loan_id: k for k in ports.loans.load_many([s.loan.loan_id for s in page])}
        new = list[StagedLoan]()
        for staged in page:
            portfolios.add(staged.loan.portfolio)
            stored = known.get(staged.loan.loan_id)
            granted.add(loan_of(staged, institution_id), is_new=stored is None)
            if stored is None:
                new.append(staged)
            else:
                _take_up(staged, stored.loan, arrival, ports, imported)
        _add_all(new, arrival, rules, ports, imported)
    take_up_parties(delivery, arrival, ports, imported)
    take_up_collateral(delivery, arrival, ports, imported)
    post_to_other_loans(delivery, arrival, ports, imported)
    take_up_facts(delivery, arrival, ports, imported)  # a debit returned is one of these payments
    carry_over(granted, rules, now, ports)  # last: what a loan repaid comes in the same files
    if arrival.is_full and not arrival.newer_as_of:
        report_missing(delivery, portfolios, ports, imported)
    if arrival.newer_as_of:
        imported.rejections += _left_by_older(arrival, imported)
    return imported


def _add_all(
    staged: Sequence[StagedLoan],
    arrival: Arrival,
    rules: Rules,
    ports: ImportPorts,
    imported: ImportResult,
) -> None:
    """Add loans, each with what holds back for its borrower from the first day on.

    What comes on a person's record meanwhile finds no loan yet: it is looked at once more.
    """
    person_ids = sorted({each.loan.borrower_id for each in staged})
    before = {each.borrower_id: each for each in ports.borrowers.load_many(person_ids)}
    for each in staged:
        _add(each, before.get(each.loan.borrower_id), arrival, rules, ports, imported)
    for person in ports.borrowers.load_many(person_ids):
        known = before.get(person.borrower_id)
        if known and is_same_to_loans(known, person):
            continue
        for each in staged:
            if each.loan.borrower_id == person.borrower_id:
                copy_person(each.loan.loan_id, person, arrival.today, ports)


def _add(
    staged: StagedLoan,
    person: Borrower | None,
    arrival: Arrival,
    rules: Rules,
    ports: ImportPorts,
    imported: ImportResult,
) -> None:
    payments = payments_of(staged)
    past = [each.request for each in payments if each.value_date <= arrival.latest]
    imported.rejections += (future(each) for each in payments if each.value_date > arrival.latest)
    records = tuple(historical(each, arrival.now) for each in past)
    delivered = loan_of(staged, arrival.institution_id)
    new = LoanState(0, unpaid_position(delivered.schedule))
    if person:
        new = with_person(new, person)
    loan, state = taken_up(delivered, new, Recorded(records), rules)
    try:
        ports.loans.add_loan(StoredLoan(loan, state), records)
    except PaymentExistsError as error:
        imported.rejections.append(_payment_taken(staged, error))
        return
    imported.loans_added += 1
    imported.payments_added += len(past)


def _take_up(
    staged: StagedLoan,
    known: Loan,
    arrival: Arrival,
    ports: ImportPorts,
    imported: ImportResult,
) -> None:
    problems = list(contract_problems(staged, known))
    delivered = loan_of(staged, arrival.institution_id)
    if problems:
        imported.rejections += problems
    elif not differs(staged, delivered, known):
        imported.loans_unchanged += 1
    elif arrival.newer_as_of:
        imported.loans_left += 1
    else:
        try:
            take_up_loan(staged, delivered, known, arrival, ports)
            imported.loans_changed += 1
        except RefusedError as error:
            imported.rejections += rejections_of(staged, error)
    post_to_known_loan(known.loan_id, payments_of(staged), arrival, ports, imported)


def _payment_taken(staged: StagedLoan, error: Exception) -> Rejection:
    reason = f"{staged.loan.loan_id} has a payment whose id is already used: {error}"
    remedy = "Give the payment a unique id, and deliver the loan again"
    problem = Problem("loan_id", reason, remedy, "conflict")
    return Rejection("loans", staged.row, problem, staged.line, staged.loan.loan_id)


def _left_by_older(arrival: Arrival, imported: ImportResult) -> list[Rejection]:
    """Report what an older delivery has otherwise, once per file."""
    reason = f"is as of {arrival.as_of}, but that of {arrival.newer_as_of} was taken up before"
    remedy = "Nothing is lost if the newer one was right; else deliver the present state"
    left: tuple[tuple[Kind, int], ...] = (
        ("borrowers", imported.borrowers_left),
        ("loans", imported.loans_left),
    )
    return [
        Rejection(kind, 0, Problem("", f"{reason}: {rows} rows were left", remedy, "conflict"))
        for kind, rows in left
        if rows
    ]
