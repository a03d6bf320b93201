"""Pages of a list: at most so many rows, after the last one of the page before."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.domain.shared.errors import Problem

USUAL_PAGE, LARGEST_PAGE = 100, 500
PAGE_REMEDIES = {
    "after": "Send `next` of the page before, or leave it out to begin",
    "limit": f"Use a number from 1 to {LARGEST_PAGE}, or leave it out",
}
T = TypeVar("T")
After = Annotated[str, Field(min_length=1, max_length=600)]
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]


class PageQuery(BaseModel):
    """Which page of a list: `limit` rows that come `after` the page before, by its `next`."""

    model_config = ConfigDict(extra="forbid")

    after: After | None = None
    limit: Limit = USUAL_PAGE


def page_query(given: Mapping[str, str] | None) -> PageQuery:
    """Read the parameters of the path. Raises InvalidDocumentError with every problem."""
    found: PageQuery = validated(
        PageQuery, dict(given or {}), whole="query", remedies=PAGE_REMEDIES
    )
    return found


def place_by(*names: str) -> Callable[[Mapping[str, object]], str]:
    """Return the place of a row by these fields, the first that it has of several joined by "|"."""

    def place(row: Mapping[str, object]) -> str:
        found = (next((row[each] for each in name.split("|") if each in row), "") for name in names)
        return "#".join(map(str, found))

    return place


def page_of(
    rows: Iterable[T], place_of: Callable[[T], str], query: PageQuery
) -> tuple[list[T], str | None]:
    """Return the page, in the order of the rows' places, and what continues after it.

    A place is a text that no two rows share. A row that has gone between two pages hides no other.
    Raises InvalidDocumentError for an ``after`` that no page gave.
    """
    last = _place(query.after) if query.after else ""
    left = sorted((each for each in rows if place_of(each) > last), key=place_of)
    page = left[: query.limit]
    return page, _token(place_of(page[-1])) if len(left) > len(page) else None


def _token(place: str) -> str:
    """Return the place in a form that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(token: str) -> str:
    padded = token + "=" * (-len(token) % 4)
    try:
        return base64.b64decode(padded.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        reason = "is no place on this list"
        raise InvalidDocumentError(Problem("after", reason, PAGE_REMEDIES["after"])) from None
