"""Read JSON from outside exactly as written, or refuse it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn


class DuplicateFieldError(ValueError):
    """A duplicate field is ambiguous."""


def read_json(text: str | bytes, *, exact: bool = False) -> Any:
    """Parse a JSON document.

    ``exact`` keeps fractions as strings of their digits, so that no cent is lost to a float. Raises
    DuplicateFieldError, ValueError for what is not JSON (NaN and Infinity included), and
    RecursionError for what is nested too deep.
    """
    parse_float = str if exact else None
    return json.loads(
        text, parse_float=parse_float, parse_constant=_no_number, object_pairs_hook=_each_once
    )


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise DuplicateFieldError(f"has a duplicate field: {name[:40]!r}")
    return values


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"has {name}, which is not a number")
