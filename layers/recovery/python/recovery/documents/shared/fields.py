"""Fields that several documents from outside have, each in the one form that is taken."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PERCENT = re.compile(r"\d{1,4}(\.\d{1,10})?", re.ASCII)
# As in a portfolio's files: no controls, line separators, or marks that reorder the text around.
AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,3})?$"
COUNTRY = r"^[A-Z]{2}$"
CURRENCY = r"^[A-Z]{3}$"
PRINTABLE = r"^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$"


class InvalidDocumentError(Exception):
    """The document cannot be used; ``errors`` has a {field, reason, remedy} for each mistake."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("; ".join(f"{e['field']}: {e['reason']}" for e in errors))
        self.errors = errors


class FieldTwiceError(ValueError):
    """Of a field said twice nobody can tell which value was meant."""


def _day(value: object) -> date:
    """Only the plain form: pydantic alone would also take timestamps and midnights."""
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        day = date.fromisoformat(value)
        if not 1970 <= day.year <= 2100:
            raise ValueError
    except ValueError:
        raise PydanticCustomError("day", "is not a date between 1970 and 2100") from None
    return day


def _number_text(value: object) -> object:
    """A JSON number as its own digits, which ``json.loads`` was told to keep."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _percent(value: object) -> Decimal:
    text = _number_text(value)
    if not isinstance(text, str) or not _PERCENT.fullmatch(text):
        raise PydanticCustomError("percent", "is not a decimal number from 0 up, such as 12.5")
    return Decimal(text)


Day = Annotated[date, BeforeValidator(_day)]
AmountText = Annotated[str, StringConstraints(pattern=AMOUNT)]
Amount = Annotated[AmountText, BeforeValidator(_number_text, json_schema_input_type=str | int)]
Currency = Annotated[str, StringConstraints(pattern=CURRENCY)]
Percent = Annotated[Decimal, BeforeValidator(_percent, json_schema_input_type=str | int)]


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For ``object_pairs_hook``. Raises FieldTwiceError."""
    values = dict(pairs)
    if len(values) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise FieldTwiceError(f"says the same field twice: {name[:40]!r}")
    return values


def exact_json(text: str) -> Any:
    """The document with each fraction as its own digits, so that no cent is lost to a float.

    Raises ValueError, also for a field said twice, and RecursionError.
    """
    return json.loads(text, parse_float=str, parse_constant=_no_number, object_pairs_hook=each_once)


def _no_number(name: str) -> Any:
    raise ValueError(f"has {name}, which is not a number")
