"""Post the payments of a delivery that are not on record yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.join import StagedLoan, payment_problems
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import PaymentRow, Rejection
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRecord, PaymentRequest
from recovery.domain.intake.suspense import UnclaimedPayment
from recovery.domain.shared.errors import (
    Code,
    ConflictError,
    PaymentReversedError,
    Problem,
    RefusedError,
)
from recovery.domain.shared.money import to_decimal_text, to_minor
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.intake.arrival import IMPORT, Arrival, Delivery, ImportPorts
from recovery.use_cases.intake.suspense import take_unclaimed
from recovery.use_cases.intake.unknown_loans import unknown_loans
from recovery.use_cases.shared.rules import rules_of


@dataclass(frozen=True, slots=True)
class DeliveredPayment:
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


def payments_of(staged: StagedLoan) -> list[DeliveredPayment]:
    """Return the loan's payments by value date."""
    return [
        DeliveredPayment(
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


def historical(request: PaymentRequest, now: datetime) -> PaymentRecord:
    """Return the record of a payment from before; its receipt says so, so it is not announced as
    news."""
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
        posted_by=IMPORT.id,
        posted_at=now,
    )


def post_to_known_loan(
    loan_id: str,
    payments: Iterable[DeliveredPayment],
    arrival: Arrival,
    ports: ImportPorts,
    imported: ImportResult,
) -> None:
    """Post what the loan has not got; one read tells which of many that is."""
    payments = list(payments)
    recorded = ports.loans.recorded(loan_id).payments if payments else ()
    known = {each.payment.payment_id: each.fingerprint for each in recorded}
    for each in payments:
        if known.get(each.request.payment.payment_id) == each.request.fingerprint:
            imported.payments_unchanged += 1
        else:
            _post(each, arrival, ports, imported)


def post_to_other_loans(
    delivery: Delivery, arrival: Arrival, ports: ImportPorts, imported: ImportResult
) -> None:
    """Post to loans that are not in the delivery.

    If that is because a file of loans was refused, the payments of those not on record are reported
    together, and none waits in suspense: the loans are still to come.
    """
    unknown = []
    are_to_come = bool(delivery.refused_files() & {"loans", "instalments"})
    rules = rules_of(arrival.institution_id, arrival.today, ports.institutions)
    suspends = rules.policy.accounting.unmatched == "suspense" and not are_to_come
    for row in delivery.payments_for_other_loans():
        try:
            currency = ports.loans.load(row.values.loan_id).loan.currency
        except LoanNotFoundError:
            if suspends and row.values.currency:
                _suspend(row, row.values.currency, arrival, ports, imported)
            else:
                unknown.append(row)
            continue
        problems = list(payment_problems(row, currency))
        imported.rejections += problems
        if not problems:
            _post(_delivered(row, currency), arrival, ports, imported)
    imported.rejections += unknown_loans("payments", unknown, delivery)


def future(payment: DeliveredPayment) -> Rejection:
    """Reject a payment of a day that has not come."""
    reason = f"{payment.value_date} is in the future"
    return payment.rejection("value_date", reason, "Deliver it on its value date", "out_of_range")


def _post(
    payment: DeliveredPayment, arrival: Arrival, ports: ImportPorts, imported: ImportResult
) -> None:
    try:
        taken = take_payment(payment.request, IMPORT, arrival.now, ports)
    except PaymentReversedError as error:
        if error.is_repeat:  # a file still lists what was reversed here
            imported.payments_unchanged += 1
        else:
            imported.rejections.append(_taken(payment, error))
    except RefusedError as error:
        imported.rejections += _refused(payment, error)
    except ConflictError as error:
        imported.rejections.append(_taken(payment, error))
    else:
        imported.payments_added += taken.posted
        imported.payments_unchanged += not taken.posted


def _refused(payment: DeliveredPayment, error: RefusedError) -> list[Rejection]:
    return [
        payment.rejection(found.field, found.reason, found.remedy, found.code)
        for found in error.problems
    ]


def _taken(payment: DeliveredPayment, error: ConflictError) -> Rejection:
    remedy = "Give a new payment a unique id; to correct one, reverse it and send another"
    return payment.rejection("payment_id", str(error), remedy, "conflict")


def _suspend(
    row: Row[PaymentRow],
    currency: str,
    arrival: Arrival,
    ports: ImportPorts,
    imported: ImportResult,
) -> None:
    """Keep the money of a loan that is not on record in suspense."""
    problems = list(payment_problems(row, currency))
    imported.rejections += problems
    if problems:
        return
    delivered = _delivered(row, currency)
    request = UnclaimedPayment(
        payment=delivered.request.payment,
        currency=currency,
        loan_id=row.values.loan_id,
        reference=row.values.reference,
    )
    try:
        taken = take_unclaimed(arrival.institution_id, request, IMPORT, arrival.now, ports)
    except RefusedError as error:
        imported.rejections += _refused(delivered, error)
    except ConflictError as error:
        imported.rejections.append(_taken(delivered, error))
    else:
        imported.payments_suspended += taken.posted
        imported.payments_unchanged += not taken.posted


def _delivered(row: Row[PaymentRow], currency: str) -> DeliveredPayment:
    values = row.values
    payment = Payment(values.payment_id, values.value_date, to_minor(values.amount, currency))
    request = PaymentRequest(payment, values.loan_id, currency, values.reference)
    return DeliveredPayment(request, row.number, row.line)
