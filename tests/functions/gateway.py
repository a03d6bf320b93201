"""The API's functions behind a gateway in memory: requests in, Lambda events on, answers out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from functions import (
    agreements_api,
    audit_api,
    contacts_api,
    describe_api,
    notes_api,
    payment_batches_api,
    payments_api,
    tasks_api,
    unsubscribe_api,
)
from recovery.api.problems import PROBLEM_TYPES
from tests.conftest import Context

FUNCTIONS = (
    *(payments_api, payment_batches_api, tasks_api, notes_api, contacts_api),
    *(agreements_api, audit_api, unsubscribe_api, describe_api),
)
Start = Callable[[str, list[tuple[str, str]]], Any]


@cache
def _routes() -> list[tuple[str, re.Pattern[str], Any]]:
    """List each function's routes, as its own resolver knows them."""
    return [
        (route.method, route.rule, module.handler)
        for module in FUNCTIONS
        for route in (*module.app._static_routes, *module.app._dynamic_routes)
    ]


def handler_of(verb: str, path: str) -> Any:
    """Return the function that serves a request; None if API Gateway would refuse it."""
    return next((h for v, rule, h in _routes() if v == verb and rule.match(path)), None)


class Gateway:
    """A WSGI app under ``/v1``; every request is signed by ``caller``."""

    def __init__(self, wiring: Any, caller: str, served: Mapping[str, Any]) -> None:
        self.wiring, self.caller, self.served = wiring, caller, served

    def __call__(self, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        path = path.removeprefix("/v1")
        if path == "/openapi.json":
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(self.served).encode()]
        verb, length = environ["REQUEST_METHOD"], int(environ.get("CONTENT_LENGTH") or 0)
        handler = handler_of(verb, path)
        if handler is None:
            start("403 Forbidden", [("Content-Type", "application/problem+json")])
            kind = PROBLEM_TYPES["not_signed"]
            told = {"type": kind.type, "title": kind.title, "status": kind.status}
            told |= {"code": kind.code, "detail": kind.title, "remedy": kind.remedy}
            return [json.dumps(told).encode()]
        body = environ["wsgi.input"].read(length).decode("utf-8", "replace")
        answer = handler(self._event(environ, verb, path, body), Context(), self.wiring)
        headers = [
            (name, value)
            for name, values in answer["multiValueHeaders"].items()
            for value in values
        ]
        start(f"{answer['statusCode']} -", headers)
        return [answer["body"].encode()]

    def _event(self, environ: Mapping[str, Any], verb: str, path: str, body: str) -> dict[str, Any]:
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        headers = {
            name[5:].replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        return {
            "httpMethod": verb,
            "path": path,
            "resource": path,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": {name: each[-1] for name, each in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "body": body or None,
            "isBase64Encoded": False,
            "requestContext": {
                "path": f"/v1{path}",
                "identity": {"userArn": self.caller, "caller": self.caller},
            },
        }
