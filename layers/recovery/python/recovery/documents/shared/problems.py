"""Collects every problem in a document so they can be reported together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from recovery.documents.shared.fields import AMOUNT, COUNTRY, CURRENCY, PRINTABLE
from recovery.documents.shared.nearest import nearest
from recovery.domain.shared.errors import Code, Problem, RefusedError
from recovery.domain.shared.money import MoneyError, minor_digits, to_minor

M = TypeVar("M", bound=BaseModel)

# What pydantic adds to a field's path to show which of several models it tried.
_TAGS = {"str", "int", "reage", "reamortise", "capitalise", "reschedule", "payment_holiday"}
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_AMOUNT_REMEDY = 'Send a decimal string such as "125.00", with the digits of the currency'
_EXAMPLES = {0: "125", 2: "125.00", 3: "125.000", 4: "125.0000"}
_BY_PATTERN = {
    AMOUNT: _AMOUNT_REMEDY,
    COUNTRY: 'Use an ISO 3166 code in capitals, such as "KE"',
    CURRENCY: 'Use an ISO 4217 code in capitals, such as "EUR"',
    PRINTABLE: "Remove line breaks and other non-printing characters",
}
_BY_TYPE = {
    "missing": "Add it",
    **dict.fromkeys(_UNKNOWN, "Leave it out"),
    "currency": 'Use an ISO 4217 code in capitals, such as "EUR"',
    "day": "Use an ISO date, such as 2026-03-31",
    "percent": 'Send a decimal string such as "12.5"',
}
_WHOLE, _TEXT = "is not a whole number", "is not a text in quotation marks"
_DATE, _TIME = "is not a date such as 2026-03-31", "is not a time such as 09:30"
# In our words; a field in braces is pydantic's own context.
_REASONS = {
    "string_pattern_mismatch": "has characters or a form that is not allowed",
    **dict.fromkeys(("string_type", "string_unicode"), _TEXT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("bool_type", "bool_parsing"), "is neither true nor false"),
    **dict.fromkeys(("decimal_type", "decimal_parsing", "float_type"), "is not a number"),
    **dict.fromkeys(("list_type", "tuple_type", "frozen_set_type", "set_type"), "is not a list"),
    **dict.fromkeys(("dict_type", "model_type", "dataclass_type"), "is not an object in braces"),
    **dict.fromkeys(
        ("model_attributes_type", "dataclass_exact_type"), "is not an object in braces"
    ),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), _DATE),
    "date_from_datetime_inexact": _DATE,
    **dict.fromkeys(("time_type", "time_parsing"), _TIME),
    **dict.fromkeys(("literal_error", "enum"), "is not one of {expected}"),
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be {le} or less",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is shorter than {min_length} characters",
    "too_long": "has more than {max_length} entries",
    "too_short": "has fewer than {min_length} entries",
    "union_tag_not_found": "does not say which kind it is",
    "union_tag_invalid": "is of an unknown kind; known are {expected_tags}",
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
            self.add(field, str(error), self._amount_remedy())
            return 0

    def _amount_remedy(self) -> str:
        digits = minor_digits(self.currency)
        places = f"at most {digits} decimals" if digits else "without decimals"
        return f"Send an amount such as {_EXAMPLES[digits]}, {places} for {self.currency}"

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
        found = problems_of(error, whole, remedies or {}, model.model_json_schema)
        raise InvalidDocumentError(*found) from None


def problems_of(
    error: ValidationError,
    whole: str,
    remedies: Mapping[str, str],
    schema: Callable[[], Mapping[str, Any]] = dict,
) -> list[Problem]:
    """Convert pydantic's findings to problems; see ``validated``.

    ``schema`` makes the document's JSON Schema: for an unknown field, the nearest one is suggested.
    """
    details = error.errors(include_url=False, include_input=False)
    known = schema() if any(each["type"] in _UNKNOWN for each in details) else {}
    return [_problem(each, whole, remedies, known) for each in details]


def _problem(
    detail: ErrorDetails, whole: str, remedies: Mapping[str, str], known: Mapping[str, Any]
) -> Problem:
    kind = detail["type"]
    field = ".".join(str(part) for part in detail["loc"] if part not in _TAGS)
    context = detail.get("ctx", {})
    reason, code = str(detail["msg"])[:_LONGEST_REASON], _code(kind)
    if not field:
        reason = "is not a JSON object"
    elif kind == "missing":
        reason = "is missing"
    elif kind in _UNKNOWN:
        reason = "is not a known field"
    elif kind in _REASONS:
        reason = _REASONS[kind].format_map(context)
    meant = nearest(known, detail["loc"]) if kind in _UNKNOWN else None
    remedy = (
        context.get("remedy")
        or (f'Did you mean "{meant}"? Else leave it out' if meant else None)
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
