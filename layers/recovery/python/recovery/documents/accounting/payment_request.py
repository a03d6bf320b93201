"""What the payments API accepts, checked at the edge: each mistake names field and remedy."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from recovery.documents.shared.fields import (
    PRINTABLE,
    AmountText,
    Currency,
    Day,
    FieldTwiceError,
    InvalidDocumentError,
    each_once,
)
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.money import MoneyError, to_minor

_ID = r"[A-Za-z0-9._-]{1,64}"
_LONGEST_BODY = 16 * 1024  # characters; the answer names every mistake, so it is bounded too

_REMEDIES = {
    "payment_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each payment",
    "loan_id": "Use the loan's id as it was imported",
    "amount": 'Send a decimal string above zero, such as "125.00"',
    "currency": "Use the loan's ISO 4217 code, such as EUR",
    "value_date": "Use an ISO date, such as 2026-03-31",
    "instalment": "Use the number of an instalment of the loan, or leave it out",
    "reference": "Use at most 140 printable characters, or leave it out",
    "reason": "Say in 1 to 140 printable characters why the payment is reversed",
}

Identifier = Annotated[str, StringConstraints(pattern=f"^{_ID}$")]


class PaymentBody(BaseModel):
    """The body of POST /payments. ``amount`` is a decimal string in major units."""

    model_config = ConfigDict(extra="forbid", strict=True)

    payment_id: Identifier
    loan_id: Identifier
    amount: AmountText
    currency: Currency
    value_date: Day
    instalment: Annotated[int, Field(ge=0, le=100_000)] | None = None
    reference: Annotated[str, StringConstraints(max_length=140, pattern=PRINTABLE)] | None = None


class ReversalBody(BaseModel):
    """The body of POST /payments/{payment_id}/reversal."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=PRINTABLE),
    ]


def payment_request(body: str | None) -> PaymentRequest:
    """The request in the domain's terms. Raises InvalidDocumentError, RefusedError."""
    parsed = _parse(PaymentBody, body)
    try:
        amount_minor = to_minor(parsed.amount, parsed.currency)
    except MoneyError as error:
        raise RefusedError("amount", str(error), _REMEDIES["amount"]) from None
    if amount_minor <= 0:
        raise RefusedError("amount", "must be above zero", _REMEDIES["amount"])
    return PaymentRequest(
        payment=Payment(parsed.payment_id, parsed.value_date, amount_minor, parsed.instalment),
        loan_id=parsed.loan_id,
        currency=parsed.currency,
        reference=parsed.reference,
    )


def reversal_reason(body: str | None) -> str:
    """The reason given for a reversal. Raises InvalidDocumentError."""
    reason: str = _parse(ReversalBody, body).reason
    return reason


def is_identifier(text: str) -> bool:
    """Whether a loan or a payment can have this id; of any other the table need not be asked."""
    return re.fullmatch(_ID, text) is not None


def _parse(model: type[Any], body: str | None) -> Any:
    text = body or ""
    if len(text) > _LONGEST_BODY:
        raise InvalidDocumentError([_of_body(f"is longer than {_LONGEST_BODY} characters")])
    try:
        values = json.loads(text, object_pairs_hook=each_once)
    except FieldTwiceError as error:
        raise InvalidDocumentError([_of_body(str(error))]) from None
    except (ValueError, RecursionError):
        raise InvalidDocumentError([_of_body("is not JSON")]) from None
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidDocumentError([_mistake(each) for each in error.errors()]) from None


def _of_body(reason: str) -> dict[str, str]:
    remedy = "Send one JSON object with the documented fields, Content-Type application/json"
    return {"field": "body", "reason": reason, "remedy": remedy}


def _mistake(error: Any) -> dict[str, str]:
    field = ".".join(str(part) for part in error["loc"])
    if not error["loc"]:
        return _of_body("is not a JSON object")
    if error["type"] == "extra_forbidden":
        return {
            "field": field[:64] or "body",
            "reason": "is not a known field",
            "remedy": "Leave it out",
        }
    return {"field": field, "reason": error["msg"], "remedy": _REMEDIES[field]}
