"""Import a portfolio delivery: borrowers, loans and payments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.join import StagedLoan, payment_problems
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import BorrowerRow, Kind, PaymentRow, Rejection
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Components, Instalment, Loan, Payment
from recovery.domain.accounting.payment import PaymentRecord, PaymentRequest
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.contact.borrower import Borrower
from recovery.domain.review import LoanState
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import Code, ConflictError, Problem, RefusedError
from recovery.domain.shared.money import to_decimal_text, to_minor
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import (
    LoanNotFoundError,
    PaymentExistsError,
    StoredLoan,
)
from recovery.ports.needs import HasBorrowers, HasInstitutions, HasLoans, LoansAndInstitutions
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.rules import rules_of

_PAGE = 100
_IMPORT = Actor(id="portfolio-import", name="a portfolio file", roles=frozenset({Role.SERVICE}))


class Delivery(Protocol):
    """The validated rows of one delivery."""

    def borrowers(self) -> Iterator[Row[BorrowerRow]]: ...
    def loans(self) -> Iterator[StagedLoan]: ...
    def payments_for_other_loans(self) -> Iterator[Row[PaymentRow]]: ...
    def refused_files(self) -> frozenset[Kind]: ...


class ImportPorts(HasLoans, HasBorrowers, HasInstitutions, Protocol):
    """Where a portfolio is stored."""


@dataclass(frozen=True, slots=True)
class _Delivered:
    """A payment and its place in the file."""

    request: PaymentRequest
    row: int
    line: int

    @property
    def value_date(self) -> date:
        return self.request.payment.value_date

    def rejection(self, field: str, reason: str, remedy: str, code: Code = "invalid") -> Rejection:
        reason = f"{self.request.payment.payment_id}: {reason}"
        problem = Problem(field, reason, remedy, code)
        return Rejection("payments", self.row, problem, self.line, self.request.loan_id)


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
        if ports.borrowers.save_contact_details(_borrower(row.values, zone)):
            imported.borrowers_saved += 1
        else:
            imported.borrowers_unchanged += 1
    today = business_date(institution_id, now, ports.institutions)
    latest = max(today, local_date(institution_id, now, ports.institutions))
    rules = rules_of(institution_id, today, ports.institutions)
    for page in pages(delivery.loans(), _PAGE):
        known = {k.loan.loan_id: k for k in ports.loans.load_many([s.loan.loan_id for s in page])}
        for staged in page:
            loan, payments = _loan(staged, institution_id), _payments(staged)
            stored = known.get(loan.loan_id)
            if stored is None:
                past = [each.request for each in payments if each.value_date <= latest]
                imported.rejections += (
                    _future(each) for each in payments if each.value_date > latest
                )
                records = tuple(_record(each, now) for each in past)
                new = LoanState(0, unpaid_position(loan.schedule))
                loan, state = taken_up(loan, new, Recorded(records), rules)
                try:
                    ports.loans.add_loan(StoredLoan(loan, state), records)
                except PaymentExistsError as error:
                    imported.rejections.append(_payment_taken(staged, error))
                    continue
                imported.loans_added += 1
                imported.payments_added += len(past)
            elif _same_contract(stored.loan, loan):
                imported.loans_unchanged += 1
                _post(payments, now, imported, ports)
            else:
                imported.rejections.append(_other_contract(staged))
    _post_for_other_loans(delivery, now, imported, ports)
    return imported


def _post(
    payments: Iterable[_Delivered],
    now: datetime,
    imported: ImportResult,
    ports: LoansAndInstitutions,
) -> None:
    for each in payments:
        try:
            taken = take_payment(each.request, _IMPORT, now, ports)
        except RefusedError as error:
            for found in error.problems:
                rejection = each.rejection(found.field, found.reason, found.remedy, found.code)
                imported.rejections.append(rejection)
        except ConflictError as error:
            imported.rejections.append(_id_taken(each, error))
        else:
            imported.payments_added += taken.posted
            imported.payments_unchanged += not taken.posted


def _post_for_other_loans(
    delivery: Delivery, now: datetime, imported: ImportResult, ports: LoansAndInstitutions
) -> None:
    """Post to loans that are not in the delivery.

    If that is because a file of loans was refused, the payments of those not on record are reported
    together.
    """
    unknown = []
    for row in delivery.payments_for_other_loans():
        try:
            currency = ports.loans.load(row.values.loan_id).loan.currency
        except LoanNotFoundError:
            unknown.append(row)
            continue
        problems = list(payment_problems(row, currency))
        imported.rejections += problems
        if not problems:
            _post([_delivered(row, currency)], now, imported, ports)
    if unknown and delivery.refused_files() & {"loans", "instalments"}:
        imported.rejections.append(_unknown_loans(len(unknown)))
    else:
        imported.rejections += map(_unknown_loan, unknown)


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


def _payments(staged: StagedLoan) -> list[_Delivered]:
    return [
        _Delivered(
            PaymentRequest(
                Payment(each.payment_id, each.value_date, each.amount_minor),
                staged.loan.loan_id,
                staged.loan.currency,
                each.reference,
            ),
            each.row,
            each.line,
        )
        for each in staged.payments
    ]


def _delivered(row: Row[PaymentRow], currency: str) -> _Delivered:
    values = row.values
    payment = Payment(values.payment_id, values.value_date, to_minor(values.amount, currency))
    request = PaymentRequest(payment, values.loan_id, currency, values.reference)
    return _Delivered(request, row.number, row.line)


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


def _other_contract(staged: StagedLoan) -> Rejection:
    reason = f"{staged.loan.loan_id} is on record with a different contract or schedule"
    remedy = "A delivery never rewrites a loan; restructure it instead"
    return _of_loan(staged, reason, remedy)


def _future(payment: _Delivered) -> Rejection:
    reason = f"{payment.value_date} is in the future"
    return payment.rejection("value_date", reason, "Deliver it on its value date", "out_of_range")


def _payment_taken(staged: StagedLoan, error: Exception) -> Rejection:
    reason = f"{staged.loan.loan_id} has a payment whose id is already used: {error}"
    return _of_loan(staged, reason, "Give the payment a unique id, and deliver the loan again")


def _id_taken(payment: _Delivered, error: Exception) -> Rejection:
    remedy = "Give a new payment a unique id; to correct one, reverse it and send another"
    return payment.rejection("payment_id", str(error), remedy, "conflict")


def _unknown_loan(row: Row[PaymentRow]) -> Rejection:
    reason = f"{row.values.payment_id}: there is no loan {row.values.loan_id}"
    remedy = "Deliver the loan with its instalments, or correct the loan_id"
    problem = Problem("loan_id", reason, remedy, "not_found")
    return Rejection("payments", row.number, problem, row.line, row.values.loan_id)


def _unknown_loans(count: int) -> Rejection:
    reason = f"belongs to no loan on record in {count} rows, as a file of loans was refused"
    remedy = "Correct that file, then deliver it again with the payments"
    return Rejection("payments", 0, Problem("loan_id", reason, remedy, "not_found"))


def _of_loan(staged: StagedLoan, reason: str, remedy: str) -> Rejection:
    problem = Problem("loan_id", reason, remedy, "conflict")
    return Rejection("loans", staged.row, problem, staged.line, staged.loan.loan_id)
