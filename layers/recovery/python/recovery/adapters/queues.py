"""SQS queues: messages to send, and loans whose review failed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from recovery.adapters import aws
from recovery.adapters.dynamodb.codec import queued_message_to_json
from recovery.ports.contact import QueuedMessage

_LONGEST_SECONDS = 12 * 60 * 60  # the SQS maximum, counted from receipt
_MARGIN_SECONDS = 60


class SqsMessageQueue:
    """MessageQueue on SQS."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def put(self, messages: Sequence[QueuedMessage]) -> None:
        """Queue the messages; a retry may queue duplicates, which the consumer tolerates."""
        for message in messages:
            aws.client("sqs").send_message(
                QueueUrl=self._queue_url, MessageBody=queued_message_to_json(message)
            )

    def hide(self, receipt_handle: str, seconds: int) -> None:
        """Redeliver the message after this many seconds, at most twelve hours."""
        aws.client("sqs").change_message_visibility(
            QueueUrl=self._queue_url,
            ReceiptHandle=receipt_handle,
            VisibilityTimeout=min(seconds, _LONGEST_SECONDS - _MARGIN_SECONDS),
        )


class SqsFailedReviews:
    """Queue of failed reviews; any message on it raises an alarm."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def put(self, loan_id: str, as_of: str, error: str) -> None:
        """Report a loan and the error that stopped its review."""
        aws.client("sqs").send_message(
            QueueUrl=self._queue_url,
            MessageBody=json.dumps({"loan_id": loan_id, "as_of": as_of, "error": error}),
        )
