"""What all capabilities need: conditional writes, the timeline, the event bus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from recovery.domain.outbox import TimelineEntry


class StaleWriteError(Exception):
    """Somebody else changed the same thing first; load it again and repeat the step."""


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """A past-tense fact for other systems; ``detail`` is JSON-ready, without a borrower's data."""

    name: str
    detail: Mapping[str, object]
    version: int = 1


class Timeline(Protocol):
    """The story of each loan."""

    def add(self, loan_id: str, entries: Iterable[TimelineEntry]) -> None:
        """The same entry twice is there once."""

    def entries(self, loan_id: str) -> list[TimelineEntry]: ...


class EventBus(Protocol):
    """Facts for other systems."""

    def publish(self, events: Sequence[DomainEvent]) -> None: ...
