"""SQS queues: persons with a wish to consider, loans whose review failed, letters to write."""

from __future__ import annotations

import json
from collections.abc import Sequence

from recovery.adapters import aws
from recovery.adapters.dynamodb.codec import wake_to_json
from recovery.ports.contact import Wake

_LONGEST_DELAY_SECONDS = 15 * 60  # the SQS maximum


class SqsMessageQueue:
    """MessageQueue on SQS."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def put(self, wakes: Sequence[Wake], *, delay_seconds: int = 0) -> None:
        """Queue the wakes, delayed by at most 15 minutes; a retry may queue duplicates."""
        for wake in wakes:
            aws.client("sqs").send_message(
                QueueUrl=self._queue_url,
                MessageBody=wake_to_json(wake),
                DelaySeconds=min(delay_seconds, _LONGEST_DELAY_SECONDS),
            )


class SqsLetterQueue:
    """Queue of agreements whose letters are to be written."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def hold(self, receipt: str, seconds: int) -> None:
        """Let a message that was received come again after this time, twelve hours at most."""
        aws.client("sqs").change_message_visibility(
            QueueUrl=self._queue_url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )


class SqsFailedReviews:
    """Queue of failed reviews; any message on it raises an alarm."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def put(self, institution_id: str, loan_id: str, as_of: str, error: str) -> None:
        """Report a loan and the error that stopped its review."""
        aws.client("sqs").send_message(
            QueueUrl=self._queue_url,
            MessageBody=json.dumps(
                {
                    "institution_id": institution_id,
                    "loan_id": loan_id,
                    "as_of": as_of,
                    "error": error,
                }
            ),
        )
