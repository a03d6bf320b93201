"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

from typing import Any

PROBLEM_JSON = "application/problem+json"


def problem(
    status: int, title: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body of a problem; ``errors`` lists {field, reason, remedy}."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return body
