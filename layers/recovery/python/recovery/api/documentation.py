"""The API's own description: as OpenAPI, as a page to read, and each kind of problem.

Open, for it holds no data: what it says is in the source. It is made once, on the first request,
by a function of its own, so that no other call waits for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from recovery.api.openapi import openapi_document
from recovery.api.problems import PROBLEM_TYPES
from recovery.api.reading_page import problem_page, reading_page
from recovery.api.routes import Routes, described

router = Routes("This document")
_HEADERS: dict[str, str | list[str]] = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}
_HTML = "text/html; charset=utf-8"


class Documentation:
    """What these routers serve, made when it is first asked for."""

    def __init__(self, routers: Iterable[Routes], version: str) -> None:
        self._routers, self._version = tuple(routers), version

    @cached_property
    def document(self) -> dict[str, object]:
        """The OpenAPI document."""
        return openapi_document(self._routers, self._version)

    @cached_property
    def json(self) -> str:
        """The OpenAPI document as text."""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def page(self) -> str:
        """The page to read."""
        return reading_page(self.document)


@router.get("/openapi.json")
@described(gives={200: dict[str, object]}, open=True, tagged=True)
def get_openapi() -> Response[str]:
    """Return 200 with the OpenAPI 3.1 document of every call."""
    return _answer("application/json", _documentation().json)


@router.get("/reference")
@described(gives={200: None}, pages=("text/html",), open=True, tagged=True)
def get_reference() -> Response[str]:
    """Return 200 with the same as a page to read, without scripts."""
    return _answer(_HTML, _documentation().page)


@router.get("/problems/<code>")
@described(gives={200: None}, pages=("text/html",), open=True, tagged=True)
def get_problem(code: str) -> Response[str]:
    """Return 200 with what a problem means and what to do: where its `type` leads."""
    if code not in PROBLEM_TYPES:
        raise NotFoundError("no such problem")
    return _answer(_HTML, problem_page(PROBLEM_TYPES[code]))


def _documentation() -> Documentation:
    found: Documentation = router.context["documentation"]
    return found


def _answer(content_type: str, body: str) -> Response[str]:
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    return Response(200, content_type, body, {**_HEADERS, "ETag": etag})
