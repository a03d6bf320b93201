"""Shared ports: the timeline, the event bus and conditional writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

from recovery.domain.outbox import DomainEvent, TimelineEntry
from recovery.domain.shared.chain import Attest


class StaleWriteError(Exception):
    """Another writer came first; reload and retry."""


class Timeline(Protocol):
    """The history of each of an institution's loans, for people to read."""

    def add(
        self, loan_id: str, entries: Iterable[TimelineEntry], records: Sequence[Attest] = ()
    ) -> None:
        """Add the entries, and tell the loan's chain of them and of ``records``. Idempotent: a
        repeat does not move one."""

    def entries(self, loan_id: str) -> list[TimelineEntry]:
        """List the entries by date, each day's in the order in which they were recorded."""

    def read(self, loan_id: str, since: date | None = None) -> Iterator[TimelineEntry]:
        """Read them one by one in that order, from a day on."""


class EventBus(Protocol):
    """Publishes one institution's facts to other systems."""

    def publish(self, events: Sequence[DomainEvent]) -> None: ...
