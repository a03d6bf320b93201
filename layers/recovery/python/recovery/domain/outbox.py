"""The outbox: what must happen outside because of one review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.cases.signals import Signal
from recovery.domain.contact.plan import MessageRequest


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One fact of a loan's story: when, of which kind, in words, under which policy version."""

    on: date
    kind: str
    text: str
    policy_version: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Outbox:
    """What must happen outside because of one review; ``outbox_id`` is unique per loan."""

    outbox_id: str
    as_of: date
    policy_version: int
    signal: Signal | None = None
    messages: tuple[MessageRequest, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    standing_changed: bool = False
