"""Every mistake of a document gathered, so that all of them are told at once."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from recovery.documents.shared.fields import (
    AMOUNT,
    COUNTRY,
    CURRENCY,
    PRINTABLE,
    InvalidDocumentError,
)
from recovery.domain.shared.money import MoneyError, to_minor

# What pydantic puts between a field and its value to say which of several models it tried.
_TAGS = {"str", "int", "reage", "reamortise", "capitalise", "reschedule", "payment_holiday"}
_AMOUNT = 'Send a decimal string such as "125.00", with the digits of the currency'
_BY_PATTERN = {
    AMOUNT: _AMOUNT,
    COUNTRY: 'Use an ISO 3166 code in capitals, such as "KE"',
    CURRENCY: 'Use an ISO 4217 code in capitals, such as "EUR"',
    PRINTABLE: "Leave out line breaks and other characters that do not print",
}
_SCHEMA = "See the schema of the question (--schema)"


class Mistakes:
    """What is wrong so far with a document whose amounts are in ``currency``."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.errors: list[dict[str, str]] = []

    def amount(self, text: str | None, field: str) -> int:
        """Minor units; 0 and a mistake on record when the text is no amount of the currency."""
        try:
            return to_minor(text or "0", self.currency)
        except MoneyError as error:
            self.wrong(field, str(error), _AMOUNT)
            return 0

    def above_zero(self, text: str, field: str) -> int:
        """As ``amount``, and never 0."""
        before = len(self.errors)
        minor = self.amount(text, field)
        if not minor and len(self.errors) == before:
            self.wrong(field, "must be above zero", "Leave it out if nothing was meant")
        return minor

    def wrong(self, field: str, reason: str, remedy: str) -> None:
        """One more mistake."""
        self.errors.append({"field": field, "reason": reason, "remedy": remedy})

    def known(self, number: int | None, numbers: set[int], field: str) -> None:
        """The instalment must be one of the loan's."""
        if number is not None and number not in numbers:
            self.wrong(
                field, f"the loan has no instalment {number}", "Use a number of its schedule"
            )

    def finish(self) -> None:
        """Raises InvalidDocumentError if anything was wrong."""
        if self.errors:
            raise InvalidDocumentError(self.errors)


def validated(model: type[Any], values: Any) -> Any:
    """The values as this model. Raises InvalidDocumentError with every mistake pydantic found."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidDocumentError([_mistake(each) for each in error.errors()]) from None


def _mistake(error: Any) -> dict[str, str]:
    parts = (str(part) for part in error["loc"] if part not in _TAGS)
    field = ".".join(parts)[:200] or "question"
    match error["type"]:
        case "extra_forbidden":
            return {"field": field, "reason": "is not a known field", "remedy": "Leave it out"}
        case "missing":
            return {"field": field, "reason": "is missing", "remedy": "Add it"}
        case "day":
            remedy = "Use an ISO date, such as 2026-03-31"
        case "percent":
            remedy = 'Send a decimal string such as "12.5"'
        case "string_pattern_mismatch":
            remedy = _BY_PATTERN.get(error["ctx"]["pattern"], _SCHEMA)
        case _:
            remedy = _SCHEMA
    return {"field": field, "reason": str(error["msg"])[:500], "remedy": remedy}
