"""A page of a loan's timeline as JSON, and the question for it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.errors import Problem

_USUAL, _MOST = 50, 200
_LONGEST = 2000
_ENTRY_ID = re.compile(r"\d{4}-\d{2}-\d{2}#[a-z_]+#.+", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """At most ``limit`` entries after the one with the id ``after``; None begins with the first."""

    after: str | None = None
    limit: int = _USUAL


class TimelineParameters(BaseModel):
    """Which page of a timeline."""

    after: Annotated[str, Field(max_length=_LONGEST)] | None = None
    limit: Annotated[int, Field(ge=1, le=_MOST)] = _USUAL


class EntryDocument(TypedDict):
    """One entry; ``recorded_at`` is None for one recorded by an older version."""

    on: str
    kind: str
    text: str
    policy_version: int | None
    recorded_at: str | None


class TimelineDocument(TypedDict):
    """A page; ``next`` continues after it, None if it is the last."""

    loan_id: str
    entries: list[EntryDocument]
    next: str | None


def timeline_query(after: str | None, limit: str | None) -> TimelineQuery:
    """Read the parameters of the path. Raises InvalidDocumentError with every problem."""
    problems = []
    entry_id = _entry_id(after) if after else None
    if after and entry_id is None:
        remedy = "Send `next` of the page before, or leave it out to begin"
        problems.append(Problem("after", "is no place in a timeline", remedy))
    number = _USUAL if limit is None else _number(limit)
    if number is None:
        reason = f"is not a whole number from 1 to {_MOST}"
        problems.append(Problem("limit", reason, "Send one, or leave it out", "out_of_range"))
    if problems:
        raise InvalidDocumentError(*problems)
    return TimelineQuery(entry_id, number or _USUAL)


def timeline_document(
    loan_id: str, entries: Sequence[TimelineEntry], *, has_more: bool = False
) -> TimelineDocument:
    """Show these entries as a page."""
    return {
        "loan_id": loan_id,
        "entries": [entry_document(each) for each in entries],
        "next": _place(entries[-1].entry_id) if has_more else None,
    }


def entry_document(entry: TimelineEntry) -> EntryDocument:
    """Show one entry."""
    return {
        "on": entry.on.isoformat(),
        "kind": entry.kind,
        "text": entry.text,
        "policy_version": entry.policy_version,
        "recorded_at": entry.recorded_at.isoformat() if entry.recorded_at else None,
    }


def _place(entry_id: str) -> str:
    """Return the id in a form that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(entry_id.encode()).decode().rstrip("=")


def _entry_id(place: str) -> str | None:
    """Reverse ``_place``; None for anything else."""
    if len(place) > _LONGEST:
        return None
    try:
        padded = place + "=" * (-len(place) % 4)
        entry_id = base64.b64decode(padded.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        return None
    return entry_id if _ENTRY_ID.fullmatch(entry_id) else None


def _number(text: str) -> int | None:
    is_short_number = re.fullmatch(r"[0-9]{1,3}", text, re.ASCII)
    return int(text) if is_short_number and 1 <= int(text) <= _MOST else None
