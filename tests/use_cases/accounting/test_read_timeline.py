"""A timeline is read a page at a time, each entry once."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.documents.accounting.timeline_document import TimelineQuery, timeline_query
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import LoanNotFoundError, StoredLoan
from recovery.use_cases.accounting.read_timeline import read_timeline
from tests.builders import a_loan, a_state, fields
from tests.fakes import FakeLoanRepository, FakeTimeline

MARCH = date(2026, 3, 9)


@pytest.fixture
def ports() -> SimpleNamespace:
    ports = SimpleNamespace(loans=FakeLoanRepository(), timeline=FakeTimeline())
    loan = a_loan()
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    return ports


def texts_of_pages(ports, limit: int) -> list[list[str]]:
    pages, after = [], None
    while True:
        page = read_timeline("L-1", timeline_query(after, str(limit)), ports)
        pages.append([each["text"] for each in page["entries"]])
        after = page["next"]
        if after is None:
            return pages


@given(days=st.lists(st.integers(0, 3), max_size=12), limit=st.integers(1, 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_pages_together_are_the_timeline(ports, days: list[int], limit: int) -> None:
    ports.timeline = FakeTimeline()
    for number, day in enumerate(days):
        entry = TimelineEntry(MARCH + timedelta(days=day), "payment", f"payment {number}")
        ports.timeline.add("L-1", [entry])
    pages = texts_of_pages(ports, limit)
    assert all(len(page) == limit for page in pages[:-1])
    assert len(pages[-1]) <= limit
    whole = [each.text for each in ports.timeline.entries("L-1")]
    assert [text for page in pages for text in page] == whole


def test_what_comes_between_two_pages_is_on_the_next(ports) -> None:
    ports.timeline.add("L-1", [TimelineEntry(MARCH, "stage", f"stage {n}") for n in range(2)])
    first = read_timeline("L-1", TimelineQuery(limit=1), ports)
    ports.timeline.add("L-1", [TimelineEntry(MARCH, "message", "sent")])
    second = read_timeline("L-1", timeline_query(first["next"], None), ports)
    assert [each["text"] for each in second["entries"]] == ["stage 1", "sent"]
    assert second["next"] is None


@pytest.mark.parametrize("entry_id", ["2026-03-09#stage#of another loan", "2026-02-30#stage#x"])
def test_a_place_that_is_not_on_the_timeline_is_refused(ports, entry_id: str) -> None:
    later = TimelineEntry(MARCH + timedelta(days=1), "stage", "later")
    ports.timeline.add("L-1", [TimelineEntry(MARCH, "stage", "here"), later])
    with pytest.raises(RefusedError) as refused:
        read_timeline("L-1", TimelineQuery(after=entry_id), ports)
    assert fields(refused.value.problems) == {"after"}


def test_an_unknown_loan_has_no_timeline(ports) -> None:
    with pytest.raises(LoanNotFoundError):
        read_timeline("L-9", TimelineQuery(), ports)
