"""Read a loan's timeline in the API's format, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Protocol

from recovery.documents.accounting.timeline_document import (
    TimelineDocument,
    TimelineQuery,
    timeline_document,
)
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.needs import HasLoans, HasTimeline


class TimelinePorts(HasLoans, HasTimeline, Protocol):
    """The loan and its timeline."""


def read_timeline(loan_id: str, query: TimelineQuery, ports: TimelinePorts) -> TimelineDocument:
    """Return a page of entries by date, each day's in the order in which they were recorded.

    An entry of a past date that is recorded later is on a page before; read those again to see it.
    Raises LoanNotFoundError; RefusedError when nothing on the timeline has the id ``after``.
    """
    ports.loans.load(loan_id)
    entries = _after(query.after, loan_id, ports)
    page = list(islice(entries, query.limit))
    return timeline_document(loan_id, page, has_more=next(entries, None) is not None)


def _after(after: str | None, loan_id: str, ports: HasTimeline) -> Iterator[TimelineEntry]:
    if after is None:
        return ports.timeline.read(loan_id)
    on = _date_of(after)
    entries = ports.timeline.read(loan_id, on)
    for entry in entries:
        if entry.entry_id == after:
            return entries
        if entry.on != on:
            break
    raise _not_found()


def _date_of(entry_id: str) -> date:
    try:
        return date.fromisoformat(entry_id[:10])
    except ValueError:
        raise _not_found() from None


def _not_found() -> RefusedError:
    remedy = "Send `next` of the page before, or leave it out to begin"
    return RefusedError(Problem("after", "is not on this loan's timeline", remedy, "not_found"))
