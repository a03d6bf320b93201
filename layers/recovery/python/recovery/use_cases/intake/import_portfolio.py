"""Import a portfolio delivery: borrowers, loans and payments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.join import StagedLoan
from recovery.documents.intake.rows import BorrowerRow, PaymentRow, Rejection
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Components, Instalment, Loan, Payment
from recovery.domain.accounting.payment import PaymentRecord, PaymentRequest
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.contact.borrower import Borrower
from recovery.domain.review import LoanState
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import ConflictError, Problem, RefusedError
from recovery.domain.shared.money import MoneyError, to_decimal_text, to_minor
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import (
    LoanNotFoundError,
    PaymentExistsError,
    StoredLoan,
)
from recovery.ports.needs import (
    HasBorrowers,
    HasCases,
    HasInstitutions,
    HasLoans,
    LoansAndInstitutions,
)
from recovery.use_cases.accounting.carry_over import GrantedLoans, carry_over
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.rules import rules_of

_PAGE = 100
_IMPORT = Actor(id="portfolio-import", name="a portfolio file", roles=frozenset({Role.SERVICE}))


class Delivery(Protocol):
    """The validated rows of one delivery."""

    def borrowers(self) -> Iterator[BorrowerRow]: ...
    def loans(self) -> Iterator[StagedLoan]: ...
    def payments_for_other_loans(self) -> Iterator[PaymentRow]: ...


class ImportPorts(HasLoans, HasBorrowers, HasCases, HasInstitutions, Protocol):
    """Where a portfolio is stored."""


def import_portfolio(
    delivery: Delivery,
    institution_id: str,
    now: datetime,
    ports: ImportPorts,
) -> ImportResult:
    """Add what is new. Idempotent, and safe to rerun after a crash: each loan is added together
    with its history, or not at all."""
    imported = ImportResult()
    zone = ports.institutions.time_zone(institution_id)
    for row in delivery.borrowers():
        if ports.borrowers.save_contact_details(_borrower(row, zone)):
            imported.borrowers_saved += 1
        else:
            imported.borrowers_unchanged += 1
    today = business_date(institution_id, now, ports.institutions)
    latest = max(today, local_date(institution_id, now, ports.institutions))
    rules = rules_of(institution_id, today, ports.institutions)
    granted = GrantedLoans(rules)
    for page in pages(delivery.loans(), _PAGE):
        known = {k.loan.loan_id: k for k in ports.loans.load_many([s.loan.loan_id for s in page])}
        for staged in page:
            loan, requests = _loan(staged, institution_id), _requests(staged)
            stored = known.get(loan.loan_id)
            granted.add(loan, is_new=stored is None)
            if stored is None:
                past = [r for r in requests if r.payment.value_date <= latest]
                imported.rejections += (
                    _future(r) for r in requests if r.payment.value_date > latest
                )
                records = tuple(_record(each, now) for each in past)
                new = LoanState(0, unpaid_position(loan.schedule))
                loan, state = taken_up(loan, new, Recorded(records), rules)
                try:
                    ports.loans.add_loan(StoredLoan(loan, state), records)
                except PaymentExistsError as error:
                    imported.rejections.append(_payment_taken(loan.loan_id, error))
                    continue
                imported.loans_added += 1
                imported.payments_added += len(past)
            elif _same_contract(stored.loan, loan):
                imported.loans_unchanged += 1
                _post(requests, now, imported, ports)
            else:
                imported.rejections.append(_other_contract(loan.loan_id))
    for payment in delivery.payments_for_other_loans():
        _post_row(payment, now, imported, ports)
    carry_over(granted, rules, now, ports)  # last: what a loan repaid comes in the same files
    return imported


def _post(
    requests: Iterable[PaymentRequest],
    now: datetime,
    imported: ImportResult,
    ports: LoansAndInstitutions,
) -> None:
    for request in requests:
        try:
            taken = take_payment(request, _IMPORT, now, ports)
        except (ConflictError, RefusedError) as error:
            imported.rejections.append(_payment_refused(request.payment.payment_id, error))
        else:
            imported.payments_added += taken.posted
            imported.payments_unchanged += not taken.posted


def _post_row(
    row: PaymentRow,
    now: datetime,
    imported: ImportResult,
    ports: LoansAndInstitutions,
) -> None:
    try:
        currency = ports.loans.load(row.loan_id).loan.currency
        amount_minor = to_minor(row.amount, currency)
    except (LoanNotFoundError, MoneyError) as error:
        imported.rejections.append(_payment_refused(row.payment_id, error))
        return
    payment = Payment(row.payment_id, row.value_date, amount_minor)
    request = PaymentRequest(payment, row.loan_id, row.currency or currency, row.reference)
    _post([request], now, imported, ports)


def _borrower(row: BorrowerRow, institution_time_zone: str) -> Borrower:
    return Borrower(
        borrower_id=row.borrower_id,
        name=row.name,
        language=row.language,
        country=row.country,
        time_zone=row.time_zone or institution_time_zone,
        email=row.email,
        phone=row.phone,
        preferred_channel=row.preferred_channel,
        email_consent=row.email_consent,
        sms_consent=row.sms_consent,
    )


def _loan(staged: StagedLoan, institution_id: str) -> Loan:
    row = staged.loan
    return Loan(
        loan_id=row.loan_id,
        institution_id=institution_id,
        portfolio=row.portfolio,
        borrower_id=row.borrower_id,
        currency=row.currency,
        disbursed_on=row.disbursed_on,
        schedule=tuple(
            Instalment(
                each.number,
                each.due_date,
                Components(
                    each.principal_minor, each.interest_minor, each.fee_minor, each.penalty_minor
                ),
            )
            for each in staged.instalments
        ),
        advisor_name=row.advisor_name,
        advisor_phone=row.advisor_phone,
    )


def _same_contract(known: Loan, delivered: Loan) -> bool:
    """Whether a delivery repeats the contract as first agreed."""
    agreed = replace(known, schedule=known.schedule_agreed, first_schedule=None)
    return replace(agreed, schedule_version=delivered.schedule_version) == delivered


def _requests(staged: StagedLoan) -> list[PaymentRequest]:
    return [
        PaymentRequest(
            Payment(each.payment_id, each.value_date, each.amount_minor),
            staged.loan.loan_id,
            staged.loan.currency,
            each.reference,
        )
        for each in staged.payments
    ]


def _record(request: PaymentRequest, now: datetime) -> PaymentRecord:
    """A historical payment; its receipt says so, so it is not announced as news."""
    return PaymentRecord(
        payment=request.payment,
        loan_id=request.loan_id,
        currency=request.currency,
        fingerprint=request.fingerprint,
        reference=request.reference,
        receipt={
            "payment_id": request.payment.payment_id,
            "loan_id": request.loan_id,
            "value_date": request.payment.value_date.isoformat(),
            "amount": to_decimal_text(request.payment.amount_minor, request.currency),
            "currency": request.currency,
            "imported": True,
        },
        posted_by=_IMPORT.id,
        posted_at=now,
    )


def _other_contract(loan_id: str) -> Rejection:
    reason = f"{loan_id} is on record with a different contract or schedule"
    remedy = "A delivery never rewrites a loan; restructure it instead"
    return Rejection("loans", 0, Problem("loan_id", reason, remedy, "conflict"), loan_id=loan_id)


def _future(request: PaymentRequest) -> Rejection:
    payment = request.payment
    reason = f"{payment.payment_id}: {payment.value_date} is in the future"
    problem = Problem("value_date", reason, "Deliver it on its value date", "out_of_range")
    return Rejection("payments", 0, problem)


def _payment_taken(loan_id: str, error: Exception) -> Rejection:
    reason = f"{loan_id} has a payment whose id is already used: {error}"
    problem = Problem("loan_id", reason, "Give the payment a unique id", "conflict")
    return Rejection("loans", 0, problem, loan_id=loan_id)


def _payment_refused(payment_id: str, error: Exception) -> Rejection:
    if isinstance(error, RefusedError):
        problem = error.problems[0]
        return Rejection("payments", 0, replace(problem, reason=f"{payment_id}: {problem.reason}"))
    remedy = "Correct the row, or give a new payment a unique id"
    return Rejection("payments", 0, Problem("payment_id", f"{payment_id}: {error}", remedy))
