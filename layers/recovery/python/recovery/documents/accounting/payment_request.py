"""Check what the payments API accepts; each problem names field and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recovery.documents.shared.fields import PRINTABLE, AmountText, Currency, Day, Identifier
from recovery.documents.shared.problems import validated
from recovery.documents.shared.request_body import read_body, read_values
from recovery.domain.accounting.loan import PayerKind, Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.intake.person_payment import PersonPayment
from recovery.domain.intake.suspense import UnclaimedPayment
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import MoneyError, to_minor

_BODY_REMEDY = "Send one JSON object with the documented fields, Content-Type application/json"
_REMEDIES = {
    "": _BODY_REMEDY,
    "payment_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each payment",
    "loan_id": "Use the loan's id as imported",
    "borrower_id": "Use the person's id as imported",
    "amount": 'Send a decimal string above zero, such as "125.00"',
    "currency": "Use the loan's ISO 4217 code, such as EUR",
    "value_date": "Use an ISO date, such as 2026-03-31",
    "instalment": "Use the number of an instalment of the loan, or leave it out",
    "designation": "Name the loans that the payer named, in that order, or leave it out",
    "payer.kind": "Say who paid as the README lists it, or leave the payer out for the borrower",
    "reference": "Use at most 140 printable characters, or leave it out",
    "reason": "Give the reason in 1 to 140 printable characters",
    "to_loan_id": "Use the loan's id as imported",
    "new_payment_id": "Use a new payment id, or leave it out",
}
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 500

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=PRINTABLE),
]
AnyRequest = PaymentRequest | PersonPayment | UnclaimedPayment


class PayerBody(BaseModel):
    """Who paid, if not the borrower; ``id`` is that of a party."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: PayerKind
    id: Identifier | None = None


class PaymentRequestBody(BaseModel):
    """The body of POST /payments. ``amount`` is a decimal string in major units.

    The money is for a loan, or for a person: then for whichever loans the payer named in
    ``designation``, and the law. With ``to_suspense`` it may be for a loan not on record.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    payment_id: Identifier
    loan_id: Identifier | None = None
    borrower_id: Identifier | None = None
    amount: AmountText
    currency: Currency
    value_date: Day
    instalment: Annotated[int, Field(ge=0, le=100_000)] | None = None
    designation: Annotated[list[Identifier], Field(max_length=20)] = []
    to_suspense: bool = False
    payer: PayerBody = PayerBody(kind="borrower")
    reference: Annotated[str, StringConstraints(max_length=140, pattern=PRINTABLE)] | None = None


class ReversalRequestBody(BaseModel):
    """The body of POST /payments/{payment_id}/reversal."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Reason


class MoveRequestBody(BaseModel):
    """The body of POST /payments/{payment_id}/move."""

    model_config = ConfigDict(extra="forbid", strict=True)

    to_loan_id: Identifier
    reason: Reason
    new_payment_id: Identifier | None = None


class DayQuery(BaseModel):
    """The query of GET /payments: the value date, and which page."""

    model_config = ConfigDict(extra="forbid")

    on: Day
    after: Identifier | None = None
    limit: Annotated[int, Field(ge=1, le=_LARGEST_PAGE)] = _DEFAULT_PAGE


def payment_request(body: str | None) -> AnyRequest:
    """Read a payment request. Raises InvalidDocumentError, RefusedError."""
    return payment_of(read_values(body, _REMEDIES))


def payment_of(values: Any) -> AnyRequest:
    """Read a payment from JSON values. Raises InvalidDocumentError, RefusedError."""
    parsed: PaymentRequestBody = validated(
        PaymentRequestBody, values, whole="body", remedies=_REMEDIES
    )
    problems = [*_target_problems(parsed)]
    try:
        amount_minor = to_minor(parsed.amount, parsed.currency)
    except MoneyError as error:
        problems.append(Problem("amount", str(error), _REMEDIES["amount"]))
    else:
        if amount_minor <= 0:
            reason = "must be above zero"
            problems.append(Problem("amount", reason, _REMEDIES["amount"], "out_of_range"))
    if problems:
        raise RefusedError(*problems)
    payment = Payment(
        parsed.payment_id,
        parsed.value_date,
        amount_minor,
        parsed.instalment,
        parsed.payer.kind,
        parsed.payer.id,
    )
    if parsed.borrower_id:
        return PersonPayment(
            payment=payment,
            borrower_id=parsed.borrower_id,
            currency=parsed.currency,
            designation=tuple(dict.fromkeys(parsed.designation)),
            reference=parsed.reference,
        )
    if parsed.to_suspense or parsed.loan_id is None:
        return UnclaimedPayment(
            payment=payment,
            currency=parsed.currency,
            loan_id=parsed.loan_id,
            reference=parsed.reference,
        )
    return PaymentRequest(payment, parsed.loan_id, parsed.currency, parsed.reference)


def _target_problems(parsed: PaymentRequestBody) -> list[Problem]:
    """Return what is wrong with whom the payment is for."""
    problems = []
    for_person = parsed.borrower_id is not None
    if for_person and (parsed.loan_id or parsed.to_suspense or parsed.instalment is not None):
        reason = "does not go with loan_id, instalment or to_suspense"
        remedy = "Leave those out, or it; designation names the loans"
        problems.append(Problem("borrower_id", reason, remedy))
    if not for_person and not parsed.to_suspense and parsed.loan_id is None:
        reason = "is missing, and so are borrower_id and to_suspense"
        remedy = f"{_REMEDIES['loan_id']}, or say what else the money is for"
        problems.append(Problem("loan_id", reason, remedy, "missing"))
    if parsed.designation and not for_person:
        reason = "needs a borrower_id"
        remedy = "Give the person instead of the loan, or leave it out"
        problems.append(Problem("designation", reason, remedy))
    if parsed.payer.kind == "borrower" and parsed.payer.id:
        reason = "is known: the borrower paid"
        problems.append(Problem("payer.id", reason, "Leave it out, or say who paid"))
    return problems


def reversal_reason(body: str | None) -> str:
    """Read the reason for a reversal. Raises InvalidDocumentError."""
    return read_body(ReversalRequestBody, body, _REMEDIES).reason


def move_request(body: str | None) -> tuple[str, str, str | None]:
    """Read where a payment belongs: loan id, reason, new payment id.

    Raises InvalidDocumentError.
    """
    parsed = read_body(MoveRequestBody, body, _REMEDIES)
    return parsed.to_loan_id, parsed.reason, parsed.new_payment_id


def day_query(query: Mapping[str, str] | None) -> tuple[date, str | None, int]:
    """Read which payments to list: value date, after which id, how many at most.

    Raises InvalidDocumentError.
    """
    remedies = {"limit": f"Use a number from 1 to {_LARGEST_PAGE}", "on": _REMEDIES["value_date"]}
    parsed = validated(DayQuery, dict(query or {}), whole="query", remedies=remedies)
    return parsed.on, parsed.after, parsed.limit
