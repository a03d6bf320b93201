"""Read JSON from outside exactly as written, or refuse it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Literal, NoReturn


class UnreadableJsonError(ValueError):
    """The text is not JSON, or is ambiguous; its own text reads on from the field's name."""


def read_json(
    text: str | bytes, *, digits_of: Literal["nothing", "fractions", "numbers"] = "nothing"
) -> Any:
    """Parse a JSON document. Raises UnreadableJsonError.

    ``digits_of`` names the numbers to keep as strings of their digits, so that no cent is lost to a
    float. A duplicate field, NaN and Infinity are refused.
    """
    try:
        return json.loads(
            text.decode() if isinstance(text, bytes) else text,
            parse_float=None if digits_of == "nothing" else str,
            parse_int=str if digits_of == "numbers" else None,
            parse_constant=_no_number,
            object_pairs_hook=_each_once,
        )
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        reason = f"is not JSON: {error.msg} at {line}column {error.colno}"
        raise UnreadableJsonError(reason) from None
    except UnicodeDecodeError:
        raise UnreadableJsonError("is not UTF-8 text") from None
    except RecursionError:
        raise UnreadableJsonError("is not JSON: it is nested too deeply") from None
    except UnreadableJsonError:
        raise
    except ValueError:  # more digits than Python reads
        raise UnreadableJsonError("is not JSON: a number has over 4300 digits") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise UnreadableJsonError(f"has a duplicate field: {name[:40]!r}")
    return values


def _no_number(name: str) -> NoReturn:
    raise UnreadableJsonError(f"is not JSON: {name} is not a number")
