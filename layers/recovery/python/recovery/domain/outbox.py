"""The outbox: the side effects of one review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.cases.signals import Signal
from recovery.domain.contact.plan import MessageRequest


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry in a loan's history: date, kind, text and policy version."""

    on: date
    kind: str
    text: str
    policy_version: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The side effects of one review; ``outbox_id`` is unique per loan."""

    outbox_id: str
    as_of: date
    policy_version: int
    signal: Signal | None = None
    messages: tuple[MessageRequest, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    standing_changed: bool = False
