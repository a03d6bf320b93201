"""Poison input blocks nothing else, lands in a dead-letter queue, and can be redriven."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from infra.deployment.operate import run_review, wait_for
from recovery.adapters.dynamodb import keys
from tests.embedded.inside import (
    arrived,
    function_name,
    items_of,
    pk,
    retried_for,
    sent_emails,
    state_key,
    take_from,
)
from tests.embedded.lender import DAY, MONDAY, Lender

GIVES_UP = 60  # seconds; far longer than the retries the tests allow


def position_of(lender: Lender, loan_id: str) -> str:
    """Return the position as stored."""
    items = items_of(lender.target, state_key(loan_id)["pk"]["S"])
    return next(each["accounting"]["S"] for each in items if each["sk"]["S"] == "STATE")


def store_position(lender: Lender, loan_id: str, position: str, *, changed: bool = False) -> None:
    """Overwrite the position behind the system's back; ``changed`` also requests a review."""
    change: dict[str, Any] = {
        "UpdateExpression": "SET #position = :position",
        "ExpressionAttributeValues": {":position": {"S": position}},
    }
    if changed:
        change["UpdateExpression"] += ", needs_review = :yes"
        change["ExpressionAttributeValues"][":yes"] = {"BOOL": True}
    lender.target.client("dynamodb").update_item(
        TableName=lender.target.outputs["TableName"],
        Key=state_key(loan_id),
        ExpressionAttributeNames={"#position": "accounting"},
        **change,
    )


@contextmanager
def broken(lender: Lender, loan_id: str, *, changed: bool = False) -> Iterator[None]:
    """Make the loan's state unreadable for a while."""
    position = position_of(lender, loan_id)
    store_position(lender, loan_id, "broken", changed=changed)
    try:
        yield
    finally:
        store_position(lender, loan_id, position, changed=changed)


def test_a_broken_loan_does_not_stop_the_review_and_is_reviewed_once_fixed(lender: Lender):
    poisoned, sound = lender.lend(MONDAY, loans=2)
    lender.review(MONDAY)
    queue = lender.target.outputs["FailedReviewsQueueUrl"]
    with broken(lender, poisoned):
        lender.review(MONDAY + DAY)
        assert lender.path(sound) == ["early_management"]
        assert lender.wiring.cases.cases_of(poisoned) == []
        (failed,) = take_from(lender.target, queue)
        assert (failed["loan_id"], failed["as_of"]) == (poisoned, "2025-03-04")
        assert failed["error"]
    lender.review(MONDAY + DAY)
    assert lender.path(poisoned) == ["early_management"]
    assert take_from(lender.target, queue) == []


@pytest.mark.slow
def test_a_broken_change_goes_to_the_dead_letter_queue_and_others_continue(lender: Lender):
    poisoned, sound = lender.lend(MONDAY, loans=2)
    lender.review(MONDAY + DAY)
    queue = lender.target.outputs["FailedReviewChangedLoansQueueUrl"]
    assert take_from(lender.target, queue) == []
    with (
        retried_for(lender.target, "ReviewChangedLoans", seconds=3),
        broken(lender, poisoned, changed=True),
    ):
        (batch,) = arrived(lender.target, queue)
        assert batch["DDBStreamBatchInfo"]["startSequenceNumber"]
        assert lender.post(sound, "100.00", MONDAY + DAY)[0] == 201

        def reviewed() -> bool | None:
            return True if lender.path(sound)[-1] == "paid_off" else None

        wait_for(reviewed, 20, "the other loan is still waiting")
    lender.wait_until_idle()
    assert lender.wiring.loans.load(poisoned).state.standing
    code, _ = lender.pay(poisoned, "100.00", MONDAY + DAY)
    assert (code, lender.path(poisoned)[-1]) == (201, "paid_off")


def test_an_unreadable_delivery_goes_to_the_dead_letter_queue(lender: Lender):
    s3, bucket = lender.target.client("s3"), lender.target.outputs["ImportBucketName"]
    key = f"imports/{lender.id}/manifest.json"
    s3.put_object(Bucket=bucket, Key=key, Body=b"no manifest")
    event = {"detail": {"bucket": {"name": bucket}, "object": {"key": key}}}
    lender.target.client("lambda").invoke(
        FunctionName=function_name(lender.target, "ImportPortfolio"),
        InvocationType="Event",  # like EventBridge; the embedded one does not retry
        Payload=json.dumps(event).encode(),
    )
    (failed,) = arrived(lender.target, lender.target.outputs["FailedImportsQueueUrl"])
    assert failed["requestPayload"] == event and "manifest" in str(failed["responsePayload"])


@contextmanager
def unreadable_person(lender: Lender, loan_id: str) -> Iterator[None]:
    """Make it impossible for a while to tell what holds back for the borrower."""
    table = lender.target.client("dynamodb")
    item = {
        "TableName": lender.target.outputs["TableName"],
        "Key": {
            "pk": {"S": pk(keys.PERSON, loan_id, f"B-{loan_id}")},
            "sk": {"S": keys.PERSON},
        },
    }
    table.update_item(
        **item,
        UpdateExpression="SET restraints = :broken",
        ExpressionAttributeValues={":broken": {"S": "{broken"}},
    )
    try:
        yield
    finally:
        table.update_item(**item, UpdateExpression="REMOVE restraints")


def test_a_failed_message_is_redriven_and_sent_once_fixed(lender: Lender):
    sqs, outputs = lender.target.client("sqs"), lender.target.outputs
    loan_id = lender.lend_one(MONDAY)
    queue, failures = outputs["MessageQueueUrl"], outputs["FailedMessagesQueueUrl"]
    visibility = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    try:
        with unreadable_person(lender, loan_id):
            run_review(lender.target, lender.id, MONDAY + DAY, replay=True)

            def failed() -> bool | None:
                return waiting(sqs, failures) or None

            wait_for(failed, GIVES_UP, "the message is still being retried", pause=0.3)
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=visibility["Attributes"])
    # Redrive by hand; the embedded AWS has no StartMessageMoveTask.
    for each in take_from(lender.target, failures):
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(each))

    def sent() -> bool | None:
        return True if lender.messages(loan_id) else None

    wait_for(sent, 20, "the message was not sent")
    assert lender.messages(loan_id) == ["sent by email: first_days_late"]
    assert len(sent_emails(lender.target, lender.address_of(loan_id))) == 1


def waiting(sqs: Any, queue_url: str) -> bool:
    """Return whether anything is waiting in the queue."""
    name = "ApproximateNumberOfMessages"
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])
    return found["Attributes"][name] != "0"
