"""The timeline contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from recovery.adapters.dynamodb.items import TimelineItem
from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.outbox import TimelineEntry
from recovery.ports.shared import Timeline
from tests.fakes import FakeClock, FakeTimeline

MARCH = date(2026, 3, 9)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
PAID = TimelineEntry(date(2026, 3, 2), "payment", "115.00 EUR received")
BUCKET = TimelineEntry(MARCH, "standing", "bucket current -> 1-30", 3, "standing#1-30")


@pytest.fixture(params=["fake", "dynamodb"])
def timeline(request: pytest.FixtureRequest) -> Timeline:
    if request.param == "fake":
        return FakeTimeline()
    request.getfixturevalue("table")
    minutes = count()
    return DynamoDbTimeline("umoja", lambda: NOON + timedelta(minutes=next(minutes)))


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


def test_within_a_day_entries_keep_the_order_in_which_they_came(timeline: Timeline) -> None:
    moves, says = (TimelineEntry(MARCH, kind, kind) for kind in ("decision", "message"))
    timeline.add("L-1", [BUCKET, moves])
    timeline.add("L-1", [says])
    timeline.add("L-1", [replace(PAID, on=MARCH)])
    timeline.add("L-1", [moves, PAID])  # a repeat, and something of an earlier day
    texts = [each.text for each in timeline.entries("L-1")]
    assert texts == [PAID.text, BUCKET.text, "decision", "message", PAID.text]


def test_entries_are_read_from_a_day_on(timeline: Timeline) -> None:
    later = TimelineEntry(MARCH + timedelta(days=1), "payment", "20.00 EUR received")
    timeline.add("L-1", [later, PAID, BUCKET])
    assert list(timeline.read("L-1", MARCH)) == [BUCKET, later]
    assert list(timeline.read("L-1", later.on)) == [later]
    assert list(timeline.read("L-1")) == [PAID, BUCKET, later]


@pytest.mark.usefixtures("table")
def test_the_first_moment_stays_and_entries_without_one_come_first_in_their_day() -> None:
    clock = FakeClock(NOON)
    timeline = DynamoDbTimeline("umoja", clock.now)
    timeline.add("L-1", [BUCKET])
    clock.at += timedelta(hours=1)
    timeline.add("L-1", [BUCKET])
    TimelineItem("TIMELINE#umoja#L-1", f"{MARCH}#stage#old", text="of an older version").save()
    old, bucket = timeline.entries("L-1")
    assert (old.text, old.recorded_at) == ("of an older version", None)
    assert bucket.recorded_at == NOON


def test_many_entries_are_added_at_once(timeline: Timeline) -> None:
    many = [TimelineEntry(MARCH, "payment", "received", None, f"P-{n:02}") for n in range(60)]
    timeline.add("L-1", many)
    assert timeline.entries("L-1") == many
    timeline.add("L-1", [])
