"""Store loan timelines in DynamoDB, apart from the loans, which are read more often."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.items import TimelineItem
from recovery.adapters.dynamodb.writes import put_all
from recovery.domain.outbox import TimelineEntry


class DynamoDbTimeline:
    """Timeline of one institution's loans."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def add(self, loan_id: str, entries: Iterable[TimelineEntry]) -> None:
        """Add the entries, without duplicates, since one request may not repeat a key."""
        pk = self._pk(loan_id)
        items = {keys.timeline_key(entry): _item(pk, entry) for entry in entries}
        put_all(items.values())

    def entries(self, loan_id: str) -> list[TimelineEntry]:
        """List the loan's entries by date."""
        return [_entry(item) for item in TimelineItem.query(self._pk(loan_id))]

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.TIMELINE, self._institution_id, loan_id)


def _item(pk: str, entry: TimelineEntry) -> TimelineItem:
    return TimelineItem(
        pk,
        keys.timeline_key(entry),
        text=entry.text,
        policy_version=entry.policy_version,
        entry_key=entry.key or None,
    )


def _entry(item: TimelineItem) -> TimelineEntry:
    on, kind, _ = item.sk.split("#", 2)
    version = item.policy_version
    return TimelineEntry(
        on=date.fromisoformat(on),
        kind=kind,
        text=item.text,
        policy_version=None if version is None else int(version),
        key=item.entry_key or "",
    )
