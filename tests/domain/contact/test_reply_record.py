"""Which of several replies counts, in whatever order they arrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from recovery.domain.contact.reply_record import ReplyRecord, last_word, may_confirm

AT = datetime(2026, 3, 9, 10, 2, tzinfo=UTC)


def said(kind: str, minute: int, **changes) -> ReplyRecord:
    reply = ReplyRecord(
        reply_id=f"R-{kind}-{minute}",
        person_id="B-1",
        channel="sms",
        kind=kind,
        received_at=AT + timedelta(minutes=minute),
    )
    return replace(reply, **changes)


def test_the_last_word_counts_whatever_the_order() -> None:
    stop, start, paid = said("stop", 0), said("start", 5), said("paid", 9)
    by_mail = said("stop", 9, channel="email")
    for replies in permutations((stop, start, paid, by_mail)):
        assert last_word(replies, "sms") == start
    assert last_word([paid], "sms") is None


def test_of_a_stop_and_a_start_at_one_moment_the_stop_counts() -> None:
    assert last_word([said("start", 1), said("stop", 1)], "sms") == said("stop", 1)


def test_one_stop_is_confirmed_whatever_the_order() -> None:
    first, second = said("stop", 0), said("stop", 1)
    assert may_confirm(first, [first, second])
    assert not may_confirm(second, [first, second])
    assert not may_confirm(first, [first, replace(second, answered=True)])


def test_after_they_asked_for_messages_again_a_stop_is_confirmed_anew() -> None:
    first, start, second = said("stop", 0, answered=True), said("start", 1), said("stop", 2)
    assert may_confirm(second, [first, start, second])
