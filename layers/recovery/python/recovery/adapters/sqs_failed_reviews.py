"""Loans that a review could not evaluate, for people to look at."""

from __future__ import annotations

import json

from recovery.adapters import aws


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
