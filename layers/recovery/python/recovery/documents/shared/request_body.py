"""Read the body of a request as a model; every problem names its field."""

from __future__ import annotations

from collections.abc import Mapping

from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import InvalidDocumentError, M, validated
from recovery.domain.shared.errors import Problem

LONGEST_BODY = 16 * 1024  # characters; also bounds the answer, which lists every problem


def read_body(model: type[M], body: str | None, remedies: Mapping[str, str]) -> M:
    """Read the body; ``remedies`` are keyed by field, the whole body's by "".

    Raises InvalidDocumentError with every problem.
    """
    text = body or ""
    if len(text) > LONGEST_BODY:
        raise _unreadable(f"is longer than {LONGEST_BODY} characters", remedies)
    try:
        values = read_json(text)
    except UnreadableJsonError as error:
        raise _unreadable(str(error), remedies) from None
    return validated(model, values, whole="body", remedies=remedies)


def _unreadable(reason: str, remedies: Mapping[str, str]) -> InvalidDocumentError:
    return InvalidDocumentError(Problem("body", reason, remedies[""]))
