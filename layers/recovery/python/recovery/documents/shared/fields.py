"""Fields shared by documents from outside, each accepted in one form only."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from recovery.documents.shared.currencies import KNOWN_CURRENCIES

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PERCENT = re.compile(r"\d{1,4}(\.\d{1,10})?", re.ASCII)
AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,4})?$"
COUNTRY = r"^[A-Z]{2}$"
CURRENCY = r"^[A-Z]{3}$"
ID = r"^[A-Za-z0-9._-]{1,64}$"  # safe in paths, keys and the names of executions
INSTITUTION_ID = r"^[a-z0-9][a-z0-9-]{0,62}$"
# No control characters, line separators, or marks that reorder the text around them.
# Spelled out, for not every reader of the OpenAPI document knows classes of Unicode.
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$"


def _day(value: object) -> date:
    """Accept only plain ISO dates: pydantic alone would also take timestamps and midnights."""
    try:
        if type(value) is date:
            day = value
        elif isinstance(value, str) and _DAY.fullmatch(value):
            day = date.fromisoformat(value)
        else:
            raise ValueError
        if not 1970 <= day.year <= 2100:
            raise ValueError
    except ValueError:
        raise PydanticCustomError("day", "is not a date between 1970 and 2100") from None
    return day


def _no_path_step(value: str) -> str:
    """Refuse what a client's URL library would take for a step in the path."""
    if value in (".", ".."):
        raise PydanticCustomError("path_step", "is a step in a path, not an id")
    return value


def _known_currency(value: str) -> str:
    if value not in KNOWN_CURRENCIES:
        raise PydanticCustomError("currency", "is no currency of ISO 4217")
    return value


def _number_text(value: object) -> object:
    """Return a JSON integer as its digits; ``read_json`` already keeps fractions as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _percent(value: object) -> Decimal:
    text = _number_text(value)
    if not isinstance(text, str) or not _PERCENT.fullmatch(text):
        raise PydanticCustomError("percent", "is not a decimal number of 0 or more, such as 12.5")
    return Decimal(text)


Day = Annotated[date, BeforeValidator(_day)]
AmountText = Annotated[str, StringConstraints(pattern=AMOUNT)]
_Number = Annotated[float, Field(ge=0, le=999_999_999_999_999)]
Amount = Annotated[
    AmountText, BeforeValidator(_number_text, json_schema_input_type=AmountText | _Number)
]
Identifier = Annotated[str, StringConstraints(pattern=ID), AfterValidator(_no_path_step)]
Currency = Annotated[str, StringConstraints(pattern=CURRENCY), AfterValidator(_known_currency)]
Percent = Annotated[Decimal, BeforeValidator(_percent, json_schema_input_type=str | int)]


def is_identifier(text: str) -> bool:
    """Whether a loan or payment can have this id; any other need not be looked up."""
    fits = re.fullmatch(ID, text, re.ASCII) is not None and "\n" not in text
    return fits and text not in (".", "..")


def is_institution_id(text: str) -> bool:
    """Whether an institution can have this id."""
    return re.fullmatch(INSTITUTION_ID, text, re.ASCII) is not None and "\n" not in text
