"""Pages of a timeline, and the question for one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.accounting.timeline_document import timeline_document, timeline_query
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.outbox import TimelineEntry
from tests.builders import fields

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def entry(key: str = "") -> TimelineEntry:
    return TimelineEntry(date(2026, 3, 9), "payment", "received", 3, key, NOON)


def test_an_entry_shows_its_day_and_its_moment() -> None:
    page = timeline_document("L-1", [entry(), TimelineEntry(NOON.date(), "stage", "entered")])
    assert page["entries"] == [
        {
            "on": "2026-03-09",
            "kind": "payment",
            "text": "received",
            "policy_version": 3,
            "recorded_at": "2026-03-09T12:00:00+00:00",
        },
        {
            "on": "2026-03-09",
            "kind": "stage",
            "text": "entered",
            "policy_version": None,
            "recorded_at": None,
        },
    ]
    assert page["next"] is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_the_place_of_an_entry_needs_no_escaping_and_leads_back_to_it(key: str) -> None:
    place = timeline_document("L-1", [entry(key)], has_more=True)["next"]
    assert place is not None
    assert set(place) <= set("-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert timeline_query(place, None).after == entry(key).entry_id


@pytest.mark.parametrize("after", ["x", "a+b=", "é", "MjAyNi0wMy0wOQ", "/w", "A" * 3000, "%00"])
def test_a_place_nobody_gave_is_refused(after: str) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        timeline_query(after, None)
    assert fields(refused.value.problems) == {"after"}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.0", "", "ten", "１", "9" * 5000])
def test_a_limit_outside_1_to_200_is_refused(limit: str) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        timeline_query("?", limit)
    assert fields(refused.value.problems) == {"after", "limit"}


def test_without_parameters_the_first_50_are_asked() -> None:
    assert (timeline_query(None, None).after, timeline_query(None, None).limit) == (None, 50)
    assert (timeline_query("", "200").after, timeline_query("", "200").limit) == (None, 200)
