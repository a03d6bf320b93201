"""Store loan timelines in DynamoDB, apart from the loans, which are read more often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import groupby

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.chain import DynamoDbLoanChain, attests
from recovery.adapters.dynamodb.items import TimelineItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.chain import Attest, ChainEntry
from recovery.ports.shared import StaleWriteError

_PAGE = 100
_NEXT = timedelta(microseconds=1)


class DynamoDbTimeline:
    """Timeline of one institution's loans; ``now`` tells the moment of recording, in UTC."""

    def __init__(self, institution_id: str, now: Callable[[], datetime]) -> None:
        self._institution_id = institution_id
        self._now = now
        self._chain = DynamoDbLoanChain(institution_id, now)

    def add(
        self, loan_id: str, entries: Iterable[TimelineEntry], records: Sequence[Attest] = ()
    ) -> None:
        """Add those that are not on record yet; a repeat does not move one.

        What is added together keeps its order, a microsecond apart. The loan's chain of audit
        entries tells of them first, and of ``records``: after a crash in between it tells of them
        twice, which changes nothing.
        """
        pk, at = self._pk(loan_id), self._now()
        given = [_item(pk, each, at + number * _NEXT) for number, each in enumerate(entries)]
        wanted = list(dict.fromkeys((each.pk, each.sk) for each in given))
        found = TimelineItem.batch_get(
            wanted, consistent_read=True, attributes_to_get=["pk", "sk", "text"]
        )
        known = {each.sk for each in found}
        new = [each for each in given if each.sk not in known]
        if not new and (given or not records):
            return
        told = (*records, *attests(new))
        self._chain.append(loan_id, ChainEntry(records=told))
        for item in new:
            with suppress(StaleWriteError), stale_if_refused("the timeline"):
                item.save(condition=TimelineItem.pk.does_not_exist())

    def entries(self, loan_id: str) -> list[TimelineEntry]:
        """List the loan's entries by date, each day's in the order in which they were recorded."""
        return list(self.read(loan_id))

    def read(self, loan_id: str, since: date | None = None) -> Iterator[TimelineEntry]:
        """Read them in that order from a day on, a page at a time."""
        found = TimelineItem.query(
            self._pk(loan_id),
            TimelineItem.sk >= since.isoformat() if since else None,
            page_size=_PAGE,
        )
        for _, of_day in groupby(map(_entry, found), key=lambda entry: entry.on):
            yield from sorted(of_day, key=_moment)

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.TIMELINE, self._institution_id, loan_id)


def _moment(entry: TimelineEntry) -> str:
    return entry.recorded_at.isoformat() if entry.recorded_at else ""


def _item(pk: str, entry: TimelineEntry, at: datetime) -> TimelineItem:
    return TimelineItem(
        pk,
        entry.entry_id,
        text=entry.text,
        policy_version=entry.policy_version,
        entry_key=entry.key or None,
        recorded_at=at.isoformat(timespec="microseconds"),
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
        recorded_at=datetime.fromisoformat(item.recorded_at) if item.recorded_at else None,
    )
