"""Collects every problem in a document so they can be reported together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from recovery.documents.shared.fields import AMOUNT, COUNTRY, CURRENCY, PRINTABLE
from recovery.domain.shared.errors import Code, Problem, RefusedError
from recovery.domain.shared.money import MoneyError, to_minor

M = TypeVar("M", bound=BaseModel)

# What pydantic adds to a field's path to show which of several models it tried.
_TAGS = {"str", "int", "reage", "reamortise", "capitalise", "reschedule", "payment_holiday"}
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_AMOUNT_REMEDY = 'Send a decimal string such as "125.00", with the digits of the currency'
_BY_PATTERN = {
    AMOUNT: _AMOUNT_REMEDY,
    COUNTRY: 'Use an ISO 3166 code in capitals, such as "KE"',
    CURRENCY: 'Use an ISO 4217 code in capitals, such as "EUR"',
    PRINTABLE: "Remove line breaks and other non-printing characters",
}
_BY_TYPE = {
    "missing": "Add it",
    **dict.fromkeys(_UNKNOWN, "Leave it out"),
    "day": "Use an ISO date, such as 2026-03-31",
    "percent": 'Send a decimal string such as "12.5"',
}
_REASONS = {
    "string_pattern_mismatch": "has characters or a form that is not allowed",
    "string_type": "is not a text in quotation marks",
    "int_type": "is not a whole number",
    "bool_type": "is neither true nor false",
    "literal_error": "is not one of the known values",
}
_LONGEST_REASON, _LONGEST_FIELD = 500, 200


class InvalidDocumentError(RefusedError):
    """The document cannot be used."""


class ProblemList:
    """The problems found so far in a document whose amounts are in ``currency``."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.problems: list[Problem] = []

    def add(self, field: str, reason: str, remedy: str, code: Code = "invalid") -> None:
        """Add a problem."""
        self.problems.append(Problem(field, reason, remedy, code))

    def amount_minor(self, text: str | None, field: str) -> int:
        """Return minor units; 0, and a problem, if the text is no amount of the currency."""
        try:
            return to_minor(text or "0", self.currency)
        except MoneyError as error:
            self.add(field, str(error), _AMOUNT_REMEDY)
            return 0

    def positive_minor(self, text: str, field: str) -> int:
        """Like ``amount_minor``, but 0 is a problem too."""
        before = len(self.problems)
        minor = self.amount_minor(text, field)
        if not minor and len(self.problems) == before:
            remedy = "Leave it out if there is none"
            self.add(field, "must be above zero", remedy, "out_of_range")
        return minor

    def check_instalment(self, number: int | None, numbers: set[int], field: str) -> None:
        """Add a problem if the loan has no instalment of this number."""
        if number is not None and number not in numbers:
            reason = f"the loan has no instalment {number}"
            self.add(field, reason, "Use a number from its schedule", "not_found")

    def raise_if_any(self) -> None:
        """Raise InvalidDocumentError if there is a problem."""
        if self.problems:
            raise InvalidDocumentError(*self.problems)


def validated(
    model: type[M],
    values: Any,
    *,
    whole: str = "question",
    remedies: Mapping[str, str] | None = None,
) -> M:
    """Validate the values as this model. Raises InvalidDocumentError with every problem.

    ``whole`` is the field to name when the values are not an object; ``remedies`` are keyed by
    field or by pydantic error type.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidDocumentError(*problems_of(error, whole, remedies or {})) from None


def problems_of(error: ValidationError, whole: str, remedies: Mapping[str, str]) -> list[Problem]:
    """Convert pydantic's findings to problems; see ``validated``."""
    details = error.errors(include_url=False, include_input=False)
    return [_problem(each, whole, remedies) for each in details]


def _problem(detail: ErrorDetails, whole: str, remedies: Mapping[str, str]) -> Problem:
    kind = detail["type"]
    field = ".".join(str(part) for part in detail["loc"] if part not in _TAGS)
    reason, code = str(detail["msg"])[:_LONGEST_REASON], _code(kind)
    if not field:
        reason = "is not a JSON object"
    elif kind == "missing":
        reason = "is missing"
    elif kind in _UNKNOWN:
        reason = "is not a known field"
    elif kind in _REASONS:
        reason = _REASONS[kind]
    context = detail.get("ctx", {})
    remedy = (
        context.get("remedy")
        or remedies.get(kind)
        or (remedies.get(field) if kind not in _UNKNOWN else None)
        or _BY_TYPE.get(kind)
        or _BY_PATTERN.get(context.get("pattern", ""))
        or remedies.get("")
        or "See the schema (--schema)"
    )
    return Problem(field[:_LONGEST_FIELD] or whole, reason, remedy, code)


def _code(kind: str) -> Code:
    match kind:
        case "missing":
            return "missing"
        case "extra_forbidden" | "unexpected_keyword_argument":
            return "unknown_field"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return "out_of_range"
        case "too_long" | "too_short" | "string_too_long" | "string_too_short":
            return "out_of_range"
        case _:
            return "invalid"
