"""Check what the payments API accepts; each problem names field and remedy."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recovery.documents.shared.fields import PRINTABLE, AmountText, Currency, Day, Identifier
from recovery.documents.shared.request_body import read_body
from recovery.domain.accounting.loan import PayerKind, Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import MoneyError, to_minor

_BODY_REMEDY = "Send one JSON object with the documented fields, Content-Type application/json"
_REMEDIES = {
    "": _BODY_REMEDY,
    "payment_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each payment",
    "loan_id": "Use the loan's id as imported",
    "amount": 'Send a decimal string above zero, such as "125.00"',
    "currency": "Use the loan's ISO 4217 code, such as EUR",
    "value_date": "Use an ISO date, such as 2026-03-31",
    "instalment": "Use the number of an instalment of the loan, or leave it out",
    "payer_kind": "Say who paid: borrower, co_borrower, guarantor, group_member, relative, insurer,"
    " court or other",
    "payer_id": "Use the person's id as recorded, or leave it out",
    "reference": "Use at most 140 printable characters, or leave it out",
    "reason": "Give the reason in 1 to 140 printable characters",
}
_PARTIES = ("co_borrower", "guarantor", "group_member")  # whose limit or recourse depends on it


class PaymentRequestBody(BaseModel):
    """The body of POST /payments. ``amount`` is a decimal string in major units.

    Who paid is the borrower unless ``payer_kind`` says otherwise.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    payment_id: Identifier
    loan_id: Identifier
    amount: AmountText
    currency: Currency
    value_date: Day
    instalment: Annotated[int, Field(ge=0, le=100_000)] | None = None
    payer_kind: PayerKind = "borrower"
    payer_id: Identifier | None = None
    reference: Annotated[str, StringConstraints(max_length=140, pattern=PRINTABLE)] | None = None


class ReversalRequestBody(BaseModel):
    """The body of POST /payments/{payment_id}/reversal."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=PRINTABLE),
    ]


def payment_request(body: str | None) -> PaymentRequest:
    """Read a payment request. Raises InvalidDocumentError, RefusedError."""
    parsed = read_body(PaymentRequestBody, body, _REMEDIES)
    try:
        amount_minor = to_minor(parsed.amount, parsed.currency)
    except MoneyError as error:
        raise RefusedError(Problem("amount", str(error), _REMEDIES["amount"])) from None
    if amount_minor <= 0:
        raise RefusedError(
            Problem("amount", "must be above zero", _REMEDIES["amount"], "out_of_range")
        )
    if parsed.payer_kind in _PARTIES and parsed.payer_id is None:
        reason = f"is missing: which {parsed.payer_kind.replace('_', ' ')} paid?"
        raise RefusedError(Problem("payer_id", reason, "Give the person's id", "missing"))
    return PaymentRequest(
        payment=Payment(
            payment_id=parsed.payment_id,
            value_date=parsed.value_date,
            amount_minor=amount_minor,
            instalment=parsed.instalment,
            payer_kind=parsed.payer_kind,
            payer_id=parsed.payer_id,
        ),
        loan_id=parsed.loan_id,
        currency=parsed.currency,
        reference=parsed.reference,
    )


def reversal_reason(body: str | None) -> str:
    """Read the reason for a reversal. Raises InvalidDocumentError."""
    return read_body(ReversalRequestBody, body, _REMEDIES).reason
