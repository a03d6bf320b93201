"""Check what the payments API accepts; each problem names field and remedy."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recovery.documents.shared.fields import PRINTABLE, AmountText, Currency, Day, Identifier
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import InvalidDocumentError, M, validated
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import MoneyError, to_minor

_LONGEST_BODY = 16 * 1024  # characters; also bounds the answer, which lists every problem

_BODY_REMEDY = "Send one JSON object with the documented fields, Content-Type application/json"
_REMEDIES = {
    "": _BODY_REMEDY,
    "payment_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each payment",
    "loan_id": "Use the loan's id as imported",
    "amount": 'Send a decimal string above zero, such as "125.00"',
    "currency": "Use the loan's ISO 4217 code, such as EUR",
    "value_date": "Use an ISO date, such as 2026-03-31",
    "instalment": "Use the number of an instalment of the loan, or leave it out",
    "reference": "Use at most 140 printable characters, or leave it out",
    "reason": "Give the reason in 1 to 140 printable characters",
}


class PaymentRequestBody(BaseModel):
    """The body of POST /payments. ``amount`` is a decimal string in major units."""

    model_config = ConfigDict(extra="forbid", strict=True)

    payment_id: Identifier
    loan_id: Identifier
    amount: AmountText
    currency: Currency
    value_date: Day
    instalment: Annotated[int, Field(ge=0, le=100_000)] | None = None
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
    parsed = _parse(PaymentRequestBody, body)
    try:
        amount_minor = to_minor(parsed.amount, parsed.currency)
    except MoneyError as error:
        raise RefusedError(Problem("amount", str(error), _REMEDIES["amount"])) from None
    if amount_minor <= 0:
        raise RefusedError(
            Problem("amount", "must be above zero", _REMEDIES["amount"], "out_of_range")
        )
    return PaymentRequest(
        payment=Payment(parsed.payment_id, parsed.value_date, amount_minor, parsed.instalment),
        loan_id=parsed.loan_id,
        currency=parsed.currency,
        reference=parsed.reference,
    )


def reversal_reason(body: str | None) -> str:
    """Read the reason for a reversal. Raises InvalidDocumentError."""
    return _parse(ReversalRequestBody, body).reason


def _parse(model: type[M], body: str | None) -> M:
    text = body or ""
    if len(text) > _LONGEST_BODY:
        raise _unreadable(f"is longer than {_LONGEST_BODY} characters")
    try:
        values = read_json(text)
    except UnreadableJsonError as error:
        raise _unreadable(str(error)) from None
    return validated(model, values, whole="body", remedies=_REMEDIES)


def _unreadable(reason: str) -> InvalidDocumentError:
    return InvalidDocumentError(Problem("body", reason, _BODY_REMEDY))
