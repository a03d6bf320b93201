"""Post or reverse a payment, updating the loan in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Components, Loan, Payment
from recovery.domain.accounting.payment import PaymentRecord, PaymentRequest, allocated_by
from recovery.domain.accounting.position import Position
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.policy import policy_in_force
from recovery.domain.review import LoanState
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, Problem, RefusedError
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts
from recovery.ports.accounting import PaymentExistsError
from recovery.ports.institutions import InstitutionRepository
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_when_stale


@dataclass(frozen=True, slots=True)
class Taken:
    """The receipt, and whether this call posted the payment (a repeat does not)."""

    receipt: dict[str, object]
    posted: bool


@retry_when_stale
def take_payment(
    request: PaymentRequest, by: Actor, now: datetime, ports: LoansAndInstitutions
) -> Taken:
    """Post the payment once; repeating the same request returns the same receipt.

    Raises LoanNotFoundError; RefusedError for a wrong currency, a future value date or an unknown
    instalment; ConflictError when the id was used with a different body.
    """
    payment = request.payment
    known = ports.loans.find_payment(payment.payment_id)
    if known:
        return _repeat(request, known)
    stored = ports.loans.load(request.loan_id)
    _check(request, stored.loan, now, ports.institutions)
    others = [*_counting(ports.loans.payments(request.loan_id)), payment]
    position = _allocate(stored.loan, others, ports.institutions)
    record = PaymentRecord(
        payment=payment,
        loan_id=request.loan_id,
        currency=request.currency,
        fingerprint=request.fingerprint,
        reference=request.reference,
        receipt=_receipt(request, stored.state.position, position),
        posted_by=by.id,
        posted_at=now,
    )
    try:
        today = business_date(stored.loan.institution_id, now, ports.institutions)
        state = _to_review(stored.state, position, today)
        ports.loans.post_payment(record, state, _posted(record, state, today), stored.loan)
    except PaymentExistsError:
        known = ports.loans.find_payment(payment.payment_id)
        if known is None:
            raise
        return _repeat(request, known)
    return Taken(dict(record.receipt), posted=True)


def _to_review(state: LoanState, position: Position, today: date) -> LoanState:
    """Make the loan due for review in the same write.

    The stream asks for one at once; should that be lost, the next daily review finds the loan.
    """
    next_review_on = min(state.next_review_on or today, today)
    return replace(state, position=position, next_review_on=next_review_on)


def _allocate(
    loan: Loan, payments: Iterable[Payment], institutions: InstitutionRepository
) -> Position:
    policies = institutions.policies(loan.institution_id)
    return allocate(
        loan.schedule, payments, lambda on: policy_in_force(policies, on).accounting.allocation
    )


def _repeat(request: PaymentRequest, known: PaymentRecord) -> Taken:
    if known.fingerprint != request.fingerprint:
        raise ConflictError(
            f"payment {request.payment.payment_id} is on record with a different body;"
            " use a new id for a new payment"
        )
    return Taken(dict(known.receipt), posted=False)


def _check(
    request: PaymentRequest, loan: Loan, now: datetime, institutions: InstitutionRepository
) -> None:
    value_date, institution_id = request.payment.value_date, loan.institution_id
    if request.currency != loan.currency:
        raise RefusedError(
            Problem(
                "currency",
                f"the loan is in {loan.currency}, not {request.currency}",
                f"Convert the payment and post the amount in {loan.currency}",
            ),
        )
    number = request.payment.instalment
    if number is not None and all(each.number != number for each in loan.schedule):
        raise RefusedError(
            Problem(
                "instalment",
                f"the loan has no instalment {number}",
                "Use one of the loan's instalment numbers, or omit the field",
                "not_found",
            ),
        )
    today = local_date(institution_id, now, institutions)
    if value_date > today and value_date > business_date(institution_id, now, institutions):
        raise RefusedError(
            Problem(
                "value_date",
                f"{value_date} is in the future; today is {today}",
                "Post the payment on its value date",
                "out_of_range",
            ),
        )


def _counting(records: Iterable[PaymentRecord]) -> Iterable[Payment]:
    return (record.payment for record in records if record.reversed_on is None)


def _receipt(request: PaymentRequest, before: Position, after: Position) -> dict[str, object]:
    def text(amount_minor: int) -> str:
        return to_decimal_text(amount_minor, request.currency)

    allocated: Components = allocated_by(before, after)
    return {
        "payment_id": request.payment.payment_id,
        "loan_id": request.loan_id,
        "value_date": request.payment.value_date.isoformat(),
        "amount": text(request.payment.amount_minor),
        "currency": request.currency,
        "allocated": to_decimal_texts(allocated._asdict(), request.currency),
        "to_credit": text(after.credit_minor - before.credit_minor),
        "credit": text(after.credit_minor),
    }


@retry_when_stale
def reverse_payment(
    payment_id: str, reason: str, by: Actor, now: datetime, ports: LoansAndInstitutions
) -> PaymentRecord:
    """Reverse the payment and reallocate the remaining ones. Idempotent.

    Raises PaymentNotFoundError.
    """
    record = ports.loans.find_payment(payment_id)
    if record is None:
        raise PaymentNotFoundError(f"there is no payment {payment_id}")
    if record.reversed_on is not None:
        return record
    stored = ports.loans.load(record.loan_id)
    today = business_date(stored.loan.institution_id, now, ports.institutions)
    others = [
        each
        for each in _counting(ports.loans.payments(record.loan_id))
        if each.payment_id != payment_id
    ]
    position = _allocate(stored.loan, others, ports.institutions)
    # The local date can be ahead of the last review; nothing is reversed before it is paid.
    reversed_on = max(today, record.payment.value_date)
    reversed_record = replace(
        record,
        reversed_on=reversed_on,
        reversal_reason=reason,
        reversed_by=by.id,
        reversed_at=now,
    )
    state = _to_review(stored.state, position, today)
    outbox = _reversed(reversed_record, state, today)
    ports.loans.reverse_payment(reversed_record, state, outbox, stored.loan)
    return reversed_record


def _posted(record: PaymentRecord, state: LoanState, today: date) -> Outbox:
    text = f"payment of {_amount(record)} {record.currency} received"
    detail = {**_detail(record), "allocated": record.receipt["allocated"]}
    return _news(record.payment.value_date, "PaymentPosted", text, detail, state, today)


def _reversed(record: PaymentRecord, state: LoanState, today: date) -> Outbox:
    assert record.reversed_on is not None
    text = f"payment of {_amount(record)} {record.currency} reversed: {record.reversal_reason}"
    return _news(record.reversed_on, "PaymentReversed", text, _detail(record), state, today)


def _news(
    on: date, name: str, text: str, detail: dict[str, object], state: LoanState, today: date
) -> Outbox:
    """Announce a payment on the timeline and the event bus."""
    entry = TimelineEntry(on, "payment", text, key=f"{name}#{detail['payment_id']}")
    event = DomainEvent(name, detail)
    return Outbox(outbox_id(state.version + 1), today, timeline=(entry,), events=(event,))


def _detail(record: PaymentRecord) -> dict[str, object]:
    return {
        "loan_id": record.loan_id,
        "payment_id": record.payment.payment_id,
        "amount": _amount(record),
        "currency": record.currency,
        "value_date": record.payment.value_date.isoformat(),
    }


def _amount(record: PaymentRecord) -> str:
    return to_decimal_text(record.payment.amount_minor, record.currency)
