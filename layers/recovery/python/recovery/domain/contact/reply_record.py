"""What is kept of a reply: when and how it came and what it means, never what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from recovery.domain.contact.replies import ReplyKind

UNKNOWN_SENDER = "unknown-sender"  # in place of a person, if nobody has the address


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRecord:
    """A reply of one person; ``received_at`` is aware.

    Kinds are plain text, so that unknown ones can be read. ``done`` once it is carried out;
    ``answered`` once somebody set out to answer it.
    """

    reply_id: str
    person_id: str
    channel: str
    kind: str
    received_at: datetime
    done: bool = False
    answered: bool = False


def last_word(replies: Iterable[ReplyRecord], channel: str) -> ReplyRecord | None:
    """Return the last stop or start on this channel, in whatever order they arrived.

    Of two at one moment the stop counts.
    """
    said = (e for e in replies if e.channel == channel and e.kind in _WORDS)
    return max(said, key=lambda each: (each.received_at, each.kind == ReplyKind.STOP), default=None)


def may_confirm(stop: ReplyRecord, replies: Iterable[ReplyRecord]) -> bool:
    """Whether this stop is the one that is confirmed: the first since they last asked for messages,
    and no other was."""
    said = [e for e in replies if e.channel == stop.channel and e.kind in _WORDS]
    starts = [e.received_at for e in said if e.kind == ReplyKind.START]
    since = max((each for each in starts if each <= stop.received_at), default=None)
    stops = [
        each
        for each in said
        if each.kind == ReplyKind.STOP and (since is None or each.received_at > since)
    ]
    first = min(stops, key=lambda each: (each.received_at, each.reply_id), default=stop)
    return first.reply_id == stop.reply_id and not any(
        each.answered for each in stops if each.reply_id != stop.reply_id
    )


_WORDS = (ReplyKind.STOP, ReplyKind.START)
