"""Queues in SQS: messages to send, and loans whose review failed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from recovery.adapters import aws
from recovery.adapters.dynamodb.codec import queued_message_to_json
from recovery.ports.contact import QueuedMessage

_LONGEST_SECONDS = 12 * 60 * 60  # SQS hides no message for longer, counted from its receipt
_MARGIN_SECONDS = 60


class SqsMessageQueue:
    """The MessageQueue at this URL."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def put(self, messages: Sequence[QueuedMessage]) -> None:
        """A repeat after a failure may queue some twice; the reader survives that."""
        for message in messages:
            aws.client("sqs").send_message(
                QueueUrl=self._queue_url, MessageBody=queued_message_to_json(message)
            )

    def hide(self, receipt_handle: str, seconds: int) -> None:
        """The received message comes again after so many seconds, twelve hours at the most."""
        aws.client("sqs").change_message_visibility(
            QueueUrl=self._queue_url,
            ReceiptHandle=receipt_handle,
            VisibilityTimeout=min(seconds, _LONGEST_SECONDS - _MARGIN_SECONDS),
        )


class SqsFailedReviews:
    """The queue at this URL; each of its messages raises the alarm."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def put(self, loan_id: str, as_of: str, error: str) -> None:
        """One loan, by its id, with the error that stopped its review."""
        aws.client("sqs").send_message(
            QueueUrl=self._queue_url,
            MessageBody=json.dumps({"loan_id": loan_id, "as_of": as_of, "error": error}),
        )
