"""A problem as the API answers it (RFC 9457)."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict


class FieldProblem(TypedDict):
    """One thing that is wrong, and how to fix it."""

    field: str
    reason: str
    remedy: str
    code: str


class ProblemAnswer(TypedDict):
    """Why a request was not carried out. ``code`` is stable, for programs; ``type`` is where it is
    explained; ``remedy`` says what to do; ``errors`` lists everything wrong with the request."""

    type: str
    title: str
    status: NotRequired[int]
    code: str
    detail: str
    remedy: str
    errors: NotRequired[list[FieldProblem]]
    request_id: NotRequired[str]
