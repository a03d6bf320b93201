"""The reply repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.reply_repository import DynamoDbReplyRepository
from recovery.domain.contact.reply_record import ReplyRecord
from recovery.ports.contact import ReplyRepository
from tests.builders import a_borrower
from tests.fakes import FakeReplyRepository

AT = datetime(2026, 3, 9, 10, 2, tzinfo=UTC)
STOP = ReplyRecord(reply_id="R-1", person_id="B-1", channel="sms", kind="stop", received_at=AT)
BORROWER = a_borrower()


@pytest.fixture(params=["fake", "dynamodb"])
def replies(request: pytest.FixtureRequest) -> ReplyRepository:
    if request.param == "fake":
        return FakeReplyRepository()
    request.getfixturevalue("table")
    return DynamoDbReplyRepository("umoja")


def test_a_reply_is_on_record_once(replies: ReplyRepository) -> None:
    assert replies.begin(STOP, BORROWER) == STOP
    assert replies.begin(replace(STOP, kind="other"), BORROWER) == STOP
    assert replies.of_person("B-1") == [STOP]
    assert replies.of_person("B-2") == []


def test_replies_are_listed_in_the_order_received(replies: ReplyRepository) -> None:
    later = replace(STOP, reply_id="A-2", received_at=AT + timedelta(minutes=1))
    replies.begin(later, BORROWER)
    replies.begin(STOP, BORROWER)
    assert replies.of_person("B-1") == [STOP, later]


def test_the_one_answer_is_taken_on_once_unless_given_up(replies: ReplyRepository) -> None:
    replies.begin(STOP, BORROWER)
    assert replies.take_on_answer(STOP)
    assert not replies.take_on_answer(STOP)
    assert replies.of_person("B-1") == [replace(STOP, answered=True)]
    replies.give_up_answer(STOP)
    assert replies.take_on_answer(STOP)


def test_what_is_carried_out_is_known_to_be(replies: ReplyRepository) -> None:
    replies.begin(STOP, BORROWER)
    replies.finish(STOP)
    replies.finish(STOP)
    assert replies.begin(STOP, BORROWER) == replace(STOP, done=True)


def test_no_reply_outlives_the_messages(table: str) -> None:
    DynamoDbReplyRepository("umoja").begin(STOP, BORROWER)
    [item] = aws.client("dynamodb").scan(TableName=table)["Items"]
    assert int(item["expires_at"]["N"]) > AT.timestamp()
