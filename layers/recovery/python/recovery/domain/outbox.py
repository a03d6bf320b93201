"""The outbox: the effects of one decision, kept on the loan until they are carried out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.tasks import Task
from recovery.domain.cases.withdrawals import Withdrawal
from recovery.domain.contact.plan import Wish
from recovery.domain.shared.chain import Attest


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry in a loan's history: date, kind, text and policy version.

    ``recorded_at`` is set once it is on record; entries of older versions have none.
    """

    on: date
    kind: str
    text: str
    policy_version: int | None = None
    key: str = ""
    recorded_at: datetime | None = field(default=None, compare=False)

    @property
    def entry_id(self) -> str:
        """An id within the loan that sorts by date; equal entries get equal ones."""
        last = self.key or hashlib.sha256(self.text.encode()).hexdigest()[:12]
        return f"{self.on}#{self.kind}#{last}"


def not_sent_entry(
    wish: Wish, reason: str, on: date, policy_version: int, retry_on: date | None = None
) -> TimelineEntry:
    """Record why a wish was not said."""
    later = f"; retry on {retry_on} if it still applies" if retry_on else ""
    text = f"not sent ({wish.kind}): {reason}{later}"
    key = f"{wish.rule_key}#{wish.due_date}#not"
    return TimelineEntry(on, "message", text, policy_version, key)


def sent_entry(wish: Wish, channel: str, on: date, policy_version: int, said: str) -> TimelineEntry:
    """Record that a wish was said, or the kind of message that was said instead."""
    key = f"{wish.rule_key}#{wish.due_date}#sent"
    instead = f", instead of {wish.kind}" if said != wish.kind else ""
    return TimelineEntry(on, "message", f"sent by {channel}: {said}{instead}", policy_version, key)


def fate_entry(wish: Wish, channel: str, fate: str, cause: str, on: date) -> TimelineEntry:
    """Record what the provider told of a message; one that came back does not count as said."""
    text = f"{fate.replace('_', ' ')} by {channel}: {wish.kind}, {cause}"
    key = f"{wish.rule_key}#{wish.due_date}#{fate}#{channel}"
    return TimelineEntry(on, "delivery", text, key=key)


def proposal_entries(
    asks: PendingDecision | None, withdraws: Withdrawal | None, on: date, policy_version: int
) -> Iterator[TimelineEntry]:
    """Record that a write-off was proposed or withdrawn by a review."""
    if withdraws:
        text = f"write-off {withdraws.decision_id} withdrawn: {withdraws.reason}"
        key = f"{withdraws.decision_id}#withdrawn"
        yield TimelineEntry(on, "decision", text, policy_version, key)
    if asks:
        text = f"write-off {asks.decision_id} proposed: {asks.reason}; people decide"
        yield TimelineEntry(on, "decision", text, policy_version, asks.decision_id)


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """A past-tense fact for other systems; ``detail`` is JSON-ready, without personal data."""

    name: str
    detail: Mapping[str, object]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Outbox:
    """The effects of one review, payment or decision about a loan.

    ``outbox_id`` is the state's version it was stored with, so that ids sort in the order in which
    things were decided. ``wakes`` is the borrower for whom there is a wish to consider, ``weighs``
    the one whose other loans this one may mark. ``asks`` is a question for people to decide,
    ``withdraws`` one that no longer matters, ``withdraws_approval`` one about going to court.
    ``tasks`` are to be opened, each once by its id; ``ends_tasks`` are the ids of those that lapse,
    as their reason is gone. ``retains``: the loan has ended, or stands again, or whatever keeps all
    that is held of a person came or went, so that what may be erased when has to be settled anew.
    ``records`` are what was put on record with it, for the loan's chain of audit entries.
    """

    outbox_id: str
    as_of: date
    policy_version: int = 0
    signal: Signal | None = None
    wakes: str | None = None
    weighs: str | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    events: tuple[DomainEvent, ...] = ()
    asks: PendingDecision | None = None
    withdraws: Withdrawal | None = None
    withdraws_approval: Withdrawal | None = None
    tasks: tuple[Task, ...] = ()
    ends_tasks: tuple[str, ...] = ()
    retains: bool = False
    records: tuple[Attest, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to carry out."""
        said = self.timeline or self.events or self.records
        decided = self.signal or self.asks or self.withdraws or self.withdraws_approval
        for_people = self.tasks or self.ends_tasks or self.retains
        return not (said or decided or for_people or self.wakes or self.weighs)


def outbox_id(state_version: int) -> str:
    """Return the id of the outbox stored with this version of the state."""
    return f"{state_version:08}"
