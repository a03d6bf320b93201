"""Read the body of a request as a model; every problem names its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import InvalidDocumentError, M, validated
from recovery.domain.shared.errors import Problem

LONGEST_BODY = 16 * 1024  # characters; also bounds the answer, which lists every problem


def read_body(model: type[M], body: str | None, remedies: Mapping[str, str]) -> M:
    """Read the body; ``remedies`` are keyed by field, the whole body's by "".

    Raises InvalidDocumentError with every problem.
    """
    return validated(model, read_values(body, remedies), whole="body", remedies=remedies)


def read_values(
    body: str | None,
    remedies: Mapping[str, str],
    longest: int = LONGEST_BODY,
    *,
    digits_of: Literal["nothing", "fractions"] = "nothing",
) -> Any:
    """Read the body as JSON, of at most so many characters; ``digits_of`` is as for ``read_json``.

    Raises InvalidDocumentError.
    """
    text = body or ""
    if len(text) > longest:
        raise _unreadable(f"is longer than {longest} characters", remedies)
    try:
        return read_json(text, digits_of=digits_of)
    except UnreadableJsonError as error:
        raise _unreadable(str(error), remedies) from None


def _unreadable(reason: str, remedies: Mapping[str, str]) -> InvalidDocumentError:
    return InvalidDocumentError(Problem("body", reason, remedies[""]))
