"""Append to the chains of audit entries in DynamoDB, and read them.

A link is put where nothing is yet: of two writers the second finds the place taken, reads the new
head and comes after it. Nothing replaces or deletes a link; erasing takes its text and salt alone.
A day on which a chain grows is noted once, so that the day's root needs no look at the others.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.chain_items import (
    ChainItem,
    GrownItem,
    RootItem,
    link_item,
    link_of,
    record_digest,
)
from recovery.adapters.dynamodb.items import (
    CollateralItem,
    DecisionItem,
    FactItem,
    Item,
    OwnerItem,
    PartyItem,
    PaymentItem,
    TimelineItem,
)
from recovery.adapters.dynamodb.writes import (
    failed_conditions,
    stale_if_refused,
    transaction,
    update,
)
from recovery.domain.shared.chain import Attest, ChainEntry, Link, next_link, start_of
from recovery.ports.shared import StaleWriteError

_PARTS = 16  # of the notes of a day, so that no partition takes all of them
_TRIES = 8
_RECORDS: dict[str, type[Item]] = {
    keys.FACT: FactItem,
    keys.PAYMENT: PaymentItem,
    keys.OWNER: OwnerItem,
    keys.PARTY: PartyItem,
    keys.COLLATERAL: CollateralItem,
    keys.DECISION: DecisionItem,
}


class DynamoDbLoanChain:
    """LoanChain and ChainDays of one institution; ``now`` tells the moment, in UTC."""

    def __init__(self, institution_id: str, now: Callable[[], datetime]) -> None:
        self._institution_id = institution_id
        self._now = now

    def append(self, loan_id: str, entry: ChainEntry) -> Link:
        """Append the entry after whatever is last. Raises StaleWriteError after many collisions."""
        for attempt in range(_TRIES):
            item, link = self._next(loan_id, entry)
            try:
                with stale_if_refused(f"the chain of loan {loan_id}"):
                    item.save(condition=ChainItem.pk.does_not_exist())
            except StaleWriteError:
                if attempt == _TRIES - 1:
                    raise
            else:
                return link
        raise AssertionError("unreachable")

    def append_with(
        self, loan_id: str, entry: ChainEntry, item: Item, condition: Condition
    ) -> None:
        """Put the item and append the entry in one transaction.

        Raises StaleWriteError if the item's condition fails, or after many collisions.
        """
        for _ in range(_TRIES):
            link = self._next(loan_id, entry)[0]
            try:
                with transaction() as together:
                    together.save(item, condition=condition)
                    together.save(link, condition=ChainItem.pk.does_not_exist())
            except TransactWriteError as error:
                if 0 in failed_conditions(error):
                    break
            else:
                return
        raise StaleWriteError(f"{item.sk} of loan {loan_id} was changed by another writer")

    def links(self, loan_id: str) -> list[Link]:
        """List the loan's links, first to last."""
        found = ChainItem.query(self._pk(loan_id), consistent_read=True)
        return [link_of(each) for each in found]

    def records(self, loan_id: str) -> dict[str, str]:
        """Return the digests of the loan's records as they are now, by source."""
        pk = keys.partition(keys.LOAN, self._institution_id, loan_id)
        found = {
            each.sk: record_digest(each)
            for kind, item in _RECORDS.items()
            for each in item.query(pk, item.sk.startswith(keys.key(kind, "")), consistent_read=True)
        }
        timeline = keys.partition(keys.TIMELINE, self._institution_id, loan_id)
        for entry in TimelineItem.query(timeline, consistent_read=True):
            found[entry.sk] = record_digest(entry)
        return found

    def erase(self, loan_id: str, sources: Iterable[str], by: str, why: str) -> int:
        """Erase text and salt of each link that tells of these records; the chain still holds.

        The erasure is an entry of its own, and comes first. Returns how many links lost their text.
        """
        wanted = frozenset(sources)
        told = [
            link
            for link in self.links(loan_id)
            if (entry := link.entry) and wanted & {each.source for each in entry.records}
        ]
        if not told:
            return 0
        places = ", ".join(str(each.position) for each in told)
        self.append(loan_id, ChainEntry(act="erased", by=by, about=f"{why}: entries {places}"))
        for link in told:
            gone = [ChainItem.content.remove(), ChainItem.salt.remove()]
            update(self._pk(loan_id), f"{link.position:08}", gone, ChainItem.pk.exists())
        return len(told)

    def grown_on(self, day: date) -> Iterator[tuple[str, Link]]:
        """Yield each loan whose chain grew on this day (UTC), and its last link of that day."""
        for part in range(_PARTS):
            for noted in GrownItem.query(self._day(day, part), consistent_read=True):
                head = self._head_until(noted.sk, day)
                if head:
                    yield noted.sk, head

    def seals(self, since: date | None = None) -> list[tuple[date, str]]:
        """List the days that have a root, with its seal, from the first or from a day on."""
        found = RootItem.query(
            self._roots(), RootItem.sk >= since.isoformat() if since else None,
            consistent_read=True,
        )  # fmt: skip
        return [(date.fromisoformat(each.sk), each.seal) for each in found]

    def last_seal(self) -> tuple[date, str] | None:
        """Return the last day that has a root, with its seal."""
        found = RootItem.query(
            self._roots(), limit=1, scan_index_forward=False, consistent_read=True
        )
        return next(((date.fromisoformat(each.sk), each.seal) for each in found), None)

    def add_seal(self, day: date, seal: str, root: str) -> None:
        """Note the root of a day. Raises StaleWriteError if it has one."""
        with stale_if_refused(f"the root of {day}"):
            item = RootItem(self._roots(), day.isoformat(), seal=seal, root=root)
            item.save(condition=RootItem.pk.does_not_exist())

    def _next(self, loan_id: str, entry: ChainEntry) -> tuple[ChainItem, Link]:
        head, at = self._head(loan_id), self._now().astimezone(UTC)
        if head and at < head.at:
            at = head.at  # clocks differ, a chain goes on
        if head is None or head.at.date() < at.date():
            part = zlib.crc32(loan_id.encode()) % _PARTS
            GrownItem(self._day(at.date(), part), loan_id).save()
        start = start_of(self._institution_id, loan_id)
        link = next_link(head, start, entry, at=at, salt=secrets.token_urlsafe(16))
        return link_item(self._pk(loan_id), link), link

    def _head(self, loan_id: str) -> Link | None:
        found = ChainItem.query(
            self._pk(loan_id), limit=1, scan_index_forward=False, consistent_read=True
        )
        return next((link_of(each) for each in found), None)

    def _head_until(self, loan_id: str, day: date) -> Link | None:
        """Return the last link of this day or of one before."""
        found = ChainItem.query(
            self._pk(loan_id), scan_index_forward=False, page_size=20, consistent_read=True
        )
        return next((link for each in found if (link := link_of(each)).at.date() <= day), None)

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.CHAIN, self._institution_id, loan_id)

    def _day(self, day: date, part: int) -> str:
        return keys.partition(keys.CHAIN, self._institution_id, f"on:{day}:{part}")

    def _roots(self) -> str:
        return keys.partition(keys.CHAIN, self._institution_id, "roots:")


def attests(items: Sequence[Item]) -> tuple[Attest, ...]:
    """Return what a link tells of these records."""
    return tuple(Attest(each.sk, record_digest(each)) for each in items)
