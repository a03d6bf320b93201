"""Watches the table's stream and waits until the effects of every review are in place.

Replaying months in minutes must not let one day's messages be processed on the next day's date.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator

from infra.deployment.target import Target, TargetError
from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.stream import loan_id_of
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
        self._waiting_for_review: set[str] = set()

    def wait_until_done(self) -> list[tuple[str, Outbox]]:
        """Return every outbox since the last call, once its signals and messages have arrived.

        Raises TargetError if there is no progress for over a minute.
        """
        seen: list[tuple[str, Outbox]] = []
        waiting: deque[tuple[str, Outbox]] = deque()
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
                stuck = sorted({loan_id for loan_id, _ in waiting} | self._waiting_for_review)
                raise TargetError(f"No progress on loans {stuck[:5]}; see the log")
            if not new:
                time.sleep(pause_seconds)
                pause_seconds = min(2 * pause_seconds, _MOST_PAUSE_SECONDS)

    def _read(self) -> Iterator[tuple[str, Outbox]]:
        for index, iterator in enumerate(self._iterators):
            answer = self._streams.get_records(ShardIterator=iterator)
            self._iterators[index] = answer["NextShardIterator"]
            for record in answer["Records"]:
                image = record["dynamodb"].get("NewImage")
                if not image or image["sk"]["S"] != keys.STATE:
                    continue
                loan_id = loan_id_of(record)
                if "needs_review" in image:
                    self._waiting_for_review.add(loan_id)
                if "outbox" in image:
                    self._waiting_for_review.discard(loan_id)
                    yield loan_id, codec.outbox_from_json(image["outbox"]["S"])

    def _is_done(self, loan_id: str, outbox: Outbox) -> bool:
        return (not outbox.signal or self._is_received(loan_id, outbox.signal)) and all(
            self._is_recorded(loan_id, outbox, message) for message in outbox.messages
        )

    def _is_received(self, loan_id: str, signal: Signal) -> bool:
        record = self._wiring.cases.load(loan_id, signal.case_id)
        if record.last_received < signal_number(signal.signal_id):
            return False
        return bool(record.outcome or (record.task_token and not record.pending))

    def _is_recorded(self, loan_id: str, outbox: Outbox, message: MessageRequest) -> bool:
        """A message from a missed day is recorded on the day it was processed, not earlier."""
        ends = {f"{message.rule_key}#{message.due_date}#{end}" for end in ("sent", "not")}
        return any(
            entry.kind == "message" and entry.key in ends and entry.on >= outbox.as_of
            for entry in self._wiring.timeline.entries(loan_id)
        )
