"""ETag and If-Match: who changes what somebody else changed meanwhile is told, and changes nothing.

An ETag is of what the change replaces, not of all that an answer shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.documents.shared.plain import to_plain


class ChangedMeanwhileError(Exception):
    """What is to be changed is not what If-Match names."""


def etag_of(value: Any) -> str:
    """Return the ETag of a frozen value or of a document."""
    text = json.dumps(to_plain(value), sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def unchanged(router: Router) -> Callable[[Any], None]:
    """Return a check of what is about to be changed against the request's If-Match.

    It raises ChangedMeanwhileError; without the header, or with ``*``, everything passes.
    """
    wanted = router.current_event.headers.get("If-Match")
    named = {each.strip() for each in wanted.split(",")} if wanted else set()

    def check(value: Any) -> None:
        if named and "*" not in named and etag_of(value) not in named:
            raise ChangedMeanwhileError("it is not any more what If-Match names")

    return check


def tagged(document: Any, value: Any) -> Response[str]:
    """Answer 200 with the document and the ETag of the value."""
    headers: dict[str, str | list[str]] = {"ETag": etag_of(value)}
    return Response(200, "application/json", json.dumps(document, ensure_ascii=False), headers)
