"""The timeline contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.outbox import TimelineEntry
from recovery.ports.shared import Timeline
from tests.fakes import FakeTimeline

MARCH = date(2026, 3, 9)
PAID = TimelineEntry(date(2026, 3, 2), "payment", "115.00 EUR received")
BUCKET = TimelineEntry(MARCH, "standing", "bucket current -> 1-30", 3, "standing#1-30")


@pytest.fixture(params=["fake", "dynamodb"])
def timeline(request: pytest.FixtureRequest) -> Timeline:
    if request.param == "fake":
        return FakeTimeline()
    request.getfixturevalue("table")
    return DynamoDbTimeline("umoja")


def test_entries_are_listed_by_date(timeline: Timeline) -> None:
    timeline.add("L-1", [BUCKET])
    timeline.add("L-1", [PAID])
    assert timeline.entries("L-1") == [PAID, BUCKET]
    assert timeline.entries("L-2") == []


def test_a_repeated_entry_is_stored_once(timeline: Timeline) -> None:
    timeline.add("L-1", [PAID, BUCKET, PAID])
    timeline.add("L-1", iter([BUCKET, PAID]))
    assert timeline.entries("L-1") == [PAID, BUCKET]


def test_entries_that_differ_in_text_or_key_are_both_stored(timeline: Timeline) -> None:
    others = [
        TimelineEntry(PAID.on, "payment", "20.00 EUR received"),
        TimelineEntry(MARCH, "standing", BUCKET.text, 3, "standing#current"),
    ]
    timeline.add("L-1", [PAID, BUCKET, *others])
    assert len(timeline.entries("L-1")) == 4


def test_many_entries_are_added_at_once(timeline: Timeline) -> None:
    many = [TimelineEntry(MARCH, "payment", "received", None, f"P-{n:02}") for n in range(60)]
    timeline.add("L-1", many)
    assert timeline.entries("L-1") == many
    timeline.add("L-1", [])
