"""What the payments API accepts, checked at the edge: each mistake names field and remedy."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from recovery.domain.errors import RefusedError
from recovery.domain.loan import Payment
from recovery.domain.money import MoneyError, to_minor
from recovery.domain.payment import PaymentRequest

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

_REMEDIES = {
    "payment_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each payment",
    "loan_id": "Use the loan's id as it was imported",
    "amount": 'Send a decimal string above zero, such as "125.00"',
    "currency": "Use the loan's ISO 4217 code, such as EUR",
    "value_date": "Use an ISO date, such as 2026-03-31",
    "reference": "Use at most 140 printable characters, or leave it out",
    "reason": "Say in 1 to 140 printable characters why the payment is reversed",
}


class PaymentBody(BaseModel):
    """The body of POST /payments. ``amount`` is a decimal string in major units."""

    model_config = ConfigDict(extra="forbid", strict=True)

    payment_id: Identifier
    loan_id: Identifier
    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}(\.[0-9]{1,3})?$")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    value_date: Annotated[date, Field(strict=False)]
    reference: Annotated[str, StringConstraints(max_length=140, pattern=_PRINTABLE)] | None = None


class ReversalBody(BaseModel):
    """The body of POST /payments/{payment_id}/reversal."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, StringConstraints(min_length=1, max_length=140, pattern=_PRINTABLE)]


class InvalidBodyError(Exception):
    """The body cannot be used; ``errors`` has a {field, reason, remedy} for each mistake."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("; ".join(f"{e['field']}: {e['reason']}" for e in errors))
        self.errors = errors


def payment_request(body: str | None) -> PaymentRequest:
    """The request in the domain's terms. Raises InvalidBodyError, RefusedError."""
    parsed = _parse(PaymentBody, body)
    try:
        amount_minor = to_minor(parsed.amount, parsed.currency)
    except MoneyError as error:
        raise RefusedError("amount", str(error), _REMEDIES["amount"]) from None
    if amount_minor <= 0:
        raise RefusedError("amount", "must be above zero", _REMEDIES["amount"])
    return PaymentRequest(
        payment=Payment(parsed.payment_id, parsed.value_date, amount_minor),
        loan_id=parsed.loan_id,
        currency=parsed.currency,
        reference=parsed.reference,
    )


def reversal_reason(body: str | None) -> str:
    """The reason given for a reversal. Raises InvalidBodyError."""
    reason: str = _parse(ReversalBody, body).reason
    return reason


def _parse(model: type[Any], body: str | None) -> Any:
    try:
        return model.model_validate_json(body or "")
    except ValidationError as error:
        raise InvalidBodyError([_mistake(each) for each in error.errors()]) from None


def _mistake(error: Any) -> dict[str, str]:
    if error["type"] == "json_invalid":
        remedy = "Send one JSON object, with Content-Type application/json"
        return {"field": "body", "reason": "is not JSON", "remedy": remedy}
    field = ".".join(str(part) for part in error["loc"]) or "body"
    if error["type"] == "extra_forbidden":
        return {"field": field[:64], "reason": "is not a known field", "remedy": "Leave it out"}
    remedy = _REMEDIES.get(field, "Send one JSON object with the documented fields")
    return {"field": field, "reason": error["msg"], "remedy": remedy}
