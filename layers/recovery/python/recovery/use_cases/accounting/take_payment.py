"""Post or reverse a payment, updating the loan in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from recovery.domain.accounting.loan import Components, Loan
from recovery.domain.accounting.ownership import passed_on
from recovery.domain.accounting.payment import PaymentRecord, PaymentRequest, allocated_by
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.review import LoanState
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, Problem, RefusedError
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts
from recovery.ports.accounting import LoanChange, PaymentExistsError
from recovery.ports.institutions import InstitutionRepository
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.accounting.party_effects import (
    Books,
    PartyEffects,
    party_effects,
    payer_document,
    payer_in_words,
)
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.portfolio.pass_on import with_passed_on
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import rules_of


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
    today = business_date(stored.loan.institution_id, now, ports.institutions)
    record = PaymentRecord(
        payment=payment,
        loan_id=request.loan_id,
        currency=request.currency,
        fingerprint=request.fingerprint,
        reference=request.reference,
        receipt={},
        posted_by=by.id,
        posted_at=now,
    )
    before = ports.loans.recorded(request.loan_id)
    recorded = before.with_payments(record)
    rules = rules_of(stored.loan.institution_id, today, ports.institutions)
    loan, state = taken_up(stored.loan, stored.state, recorded, rules)
    record = replace(record, receipt=_receipt(request, stored.state, state))
    effects = party_effects(
        Books(stored.loan, stored.state, before),
        Books(loan, state, recorded),
        payment,
        "PaymentPosted",
        rules,
    )
    posted = _posted(record, state, today, effects)
    outbox = with_passed_on(posted, stored, before, recorded)
    try:
        ports.loans.commit(LoanChange(stored.loan, loan, state, outbox, payments=(record,)))
    except PaymentExistsError:
        known = ports.loans.find_payment(payment.payment_id)
        if known is None:
            raise
        return _repeat(request, known)
    return Taken(dict(record.receipt), posted=True)


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


def _receipt(request: PaymentRequest, was: LoanState, now: LoanState) -> dict[str, object]:
    before, after = was.position, now.position

    def text(amount_minor: int) -> str:
        return to_decimal_text(amount_minor, request.currency)

    allocated: Components = allocated_by(before, after)
    recovered_minor = _recovered_minor(now) - _recovered_minor(was)
    owners = now.ownership.owners
    passed = passed_on(owners, request.payment) if owners else None
    return {
        "payment_id": request.payment.payment_id,
        "loan_id": request.loan_id,
        **payer_document(request.payment),
        "value_date": request.payment.value_date.isoformat(),
        "amount": text(request.payment.amount_minor),
        "currency": request.currency,
        "allocated": to_decimal_texts(allocated._asdict(), request.currency),
        "to_credit": text(after.credit_minor - before.credit_minor),
        "credit": text(after.credit_minor),
        **({"recovered": text(recovered_minor)} if recovered_minor else {}),
        **({"passed_on_to": passed.to} if passed else {}),
    }


def _recovered_minor(state: LoanState) -> int:
    """Return what has been recovered of what was written off."""
    return state.facts.loss.recovered.total if state.facts.loss else 0


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
    # The local date can be ahead of the last review; nothing is reversed before it is paid.
    reversed_on = max(today, record.payment.value_date)
    reversed_record = replace(
        record,
        reversed_on=reversed_on,
        reversal_reason=reason,
        reversed_by=by.id,
        reversed_at=now,
    )
    before = ports.loans.recorded(record.loan_id)
    recorded = before.with_payments(reversed_record)
    rules = rules_of(stored.loan.institution_id, today, ports.institutions)
    loan, state = taken_up(stored.loan, stored.state, recorded, rules)
    effects = party_effects(
        Books(stored.loan, stored.state, before),
        Books(loan, state, recorded),
        record.payment,
        "PaymentReversed",
        rules,
    )
    undone = _reversed(reversed_record, state, today, effects)
    outbox = with_passed_on(undone, stored, before, recorded)
    ports.loans.commit(
        LoanChange(stored.loan, loan, state, outbox, reversed_payments=(reversed_record,))
    )
    return reversed_record


def _posted(record: PaymentRecord, state: LoanState, today: date, effects: PartyEffects) -> Outbox:
    payer = payer_in_words(record.payment)
    text = f"payment of {_amount(record)} {record.currency} received{payer}"
    detail = {**_detail(record), "allocated": record.receipt["allocated"]}
    event = DomainEvent("PaymentPosted", detail)
    return _news(record.payment.value_date, text, event, state, today, effects)


def _reversed(
    record: PaymentRecord, state: LoanState, today: date, effects: PartyEffects
) -> Outbox:
    assert record.reversed_on is not None
    text = f"payment of {_amount(record)} {record.currency} reversed: {record.reversal_reason}"
    event = DomainEvent("PaymentReversed", _detail(record))
    return _news(record.reversed_on, text, event, state, today, effects)


def _news(
    on: date,
    text: str,
    event: DomainEvent,
    state: LoanState,
    today: date,
    effects: PartyEffects,
) -> Outbox:
    """Announce a payment, and what it changes between the parties."""
    key = f"{event.name}#{event.detail['payment_id']}"
    entry = TimelineEntry(on, "payment", text, key=key)
    return Outbox(
        outbox_id(state.version + 1),
        today,
        timeline=(entry, *effects.timeline),
        events=(event, *effects.events),
    )


def _detail(record: PaymentRecord) -> dict[str, object]:
    payer_kind = record.payment.payer_kind
    return {
        "loan_id": record.loan_id,
        "payment_id": record.payment.payment_id,
        "amount": _amount(record),
        "currency": record.currency,
        "value_date": record.payment.value_date.isoformat(),
        **({} if payer_kind == "borrower" else {"payer_kind": payer_kind}),
    }


def _amount(record: PaymentRecord) -> str:
    return to_decimal_text(record.payment.amount_minor, record.currency)
