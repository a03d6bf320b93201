"""Watches the table's stream and waits until the effects of every review are in place.

Replaying months in minutes must not let one day's messages be processed on the next day's date.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator

from infra.deployment.target import Target, TargetError
from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.stream import ChangedLoan, loan_of
from recovery.domain.cases.record import signal_number
from recovery.domain.cases.signals import Signal
from recovery.domain.contact.plan import MessageRequest
from recovery.domain.outbox import Outbox

_PATIENCE_SECONDS = 60
_LEAST_PAUSE_SECONDS = 0.01
_MOST_PAUSE_SECONDS = 0.1


class StreamWatch:
    """Reads the stream from the moment this object is created."""

    def __init__(self, target: Target) -> None:
        self._wiring = target.wiring
        self._streams = target.client("dynamodbstreams")
        table = target.client("dynamodb").describe_table(TableName=target.outputs["TableName"])
        arn = table["Table"]["LatestStreamArn"]
        shards = self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._iterators = [
            self._streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
            )["ShardIterator"]
            for shard in shards
        ]
        self._waiting_for_review: set[ChangedLoan] = set()

    def wait_until_done(self) -> list[tuple[ChangedLoan, Outbox]]:
        """Return every outbox since the last call, once its signals and messages have arrived.

        Raises TargetError if there is no progress for over a minute.
        """
        seen: list[tuple[ChangedLoan, Outbox]] = []
        waiting: deque[tuple[ChangedLoan, Outbox]] = deque()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        pause_seconds = _LEAST_PAUSE_SECONDS
        while True:
            new = list(self._read())
            seen += new
            waiting += new
            # Poll one at a time and back off: polling competes with the work for CPU.
            while waiting and self._is_done(*waiting[0]):
                waiting.popleft()
                pause_seconds = _LEAST_PAUSE_SECONDS
                deadline = time.monotonic() + _PATIENCE_SECONDS
            if new:
                deadline = time.monotonic() + _PATIENCE_SECONDS
            if not new and not waiting and not self._waiting_for_review:
                return seen
            if time.monotonic() > deadline:
                stuck = sorted({loan for loan, _ in waiting} | self._waiting_for_review)
                raise TargetError(f"No progress on loans {stuck[:5]}; see the log")
            if not new:
                time.sleep(pause_seconds)
                pause_seconds = min(2 * pause_seconds, _MOST_PAUSE_SECONDS)

    def _read(self) -> Iterator[tuple[ChangedLoan, Outbox]]:
        for index, iterator in enumerate(self._iterators):
            answer = self._streams.get_records(ShardIterator=iterator)
            self._iterators[index] = answer["NextShardIterator"]
            for record in answer["Records"]:
                image = record["dynamodb"].get("NewImage")
                if not image or image["sk"]["S"] != keys.STATE:
                    continue
                loan = loan_of(record)
                if "needs_review" in image:
                    self._waiting_for_review.add(loan)
                if "outbox" in image:
                    self._waiting_for_review.discard(loan)
                    yield loan, codec.outbox_from_json(image["outbox"]["S"])

    def _is_done(self, loan: ChangedLoan, outbox: Outbox) -> bool:
        return (not outbox.signal or self._is_received(loan, outbox.signal)) and all(
            self._is_recorded(loan, outbox, message) for message in outbox.messages
        )

    def _is_received(self, loan: ChangedLoan, signal: Signal) -> bool:
        record = self._wiring.of(loan.institution_id).cases.load(loan.loan_id, signal.case_id)
        if record.last_received < signal_number(signal.signal_id):
            return False
        return bool(record.outcome or (record.task_token and not record.pending))

    def _is_recorded(self, loan: ChangedLoan, outbox: Outbox, message: MessageRequest) -> bool:
        """A message from a missed day is recorded on the day it was processed, not earlier."""
        ends = {f"{message.rule_key}#{message.due_date}#{end}" for end in ("sent", "not")}
        return any(
            entry.kind == "message" and entry.key in ends and entry.on >= outbox.as_of
            for entry in self._wiring.of(loan.institution_id).timeline.entries(loan.loan_id)
        )
