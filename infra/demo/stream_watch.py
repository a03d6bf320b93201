"""Watches the table's stream and waits until the effects of every review are in place.

Replaying months in minutes must not let one day's messages be processed on the next day's date.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from infra.deployment.target import Target, TargetError
from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.stream import ChangedLoan, loan_of
from recovery.domain.cases.record import signal_number
from recovery.domain.cases.signals import Signal
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
        self._busy: set[ChangedLoan] = set()
        self._seen: set[tuple[ChangedLoan, str]] = set()

    def wait_until_done(self) -> list[tuple[ChangedLoan, Outbox]]:
        """Return every outbox since the last call, once its effects are in place: the loan is
        reviewed, its outbox acknowledged, its wish answered, its signals taken.

        Raises TargetError if there is no progress for over a minute.
        """
        outboxes: list[tuple[ChangedLoan, Outbox]] = []
        signals: deque[tuple[ChangedLoan, Signal]] = deque()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        pause_seconds = _LEAST_PAUSE_SECONDS
        while True:
            before = set(self._busy)
            new = list(self._read())
            outboxes += new
            signals += ((loan, outbox.signal) for loan, outbox in new if outbox.signal)
            # Poll one at a time and back off: polling competes with the work for CPU.
            while signals and self._is_taken(*signals[0]):
                signals.popleft()
                pause_seconds = _LEAST_PAUSE_SECONDS
                deadline = time.monotonic() + _PATIENCE_SECONDS
            if new or self._busy != before:
                deadline = time.monotonic() + _PATIENCE_SECONDS
                continue
            if not signals and not self._busy:
                return outboxes
            if time.monotonic() > deadline:
                stuck = sorted({loan for loan, _ in signals} | self._busy)
                raise TargetError(f"No progress on loans {stuck[:5]}; see the log")
            time.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, _MOST_PAUSE_SECONDS)

    def _read(self) -> Iterator[tuple[ChangedLoan, Outbox]]:
        for index, iterator in enumerate(self._iterators):
            answer = self._streams.get_records(ShardIterator=iterator)
            self._iterators[index] = answer["NextShardIterator"]
            for record in answer["Records"]:
                image = record["dynamodb"].get("NewImage")
                self._watch_person_or_task(record, image)
                if not image or image["sk"]["S"] != keys.STATE:
                    continue
                loan = loan_of(record)
                self._busy.discard(loan)
                if {"needs_review", "listed_by"} & image.keys() or _has_wish(image):
                    self._busy.add(loan)
                for outbox_id, text in image.get("outbox", {}).get("M", {}).items():
                    if (loan, outbox_id) not in self._seen:
                        self._seen.add((loan, outbox_id))
                        yield loan, codec.outbox_from_json(text["S"])

    def _watch_person_or_task(self, record: Any, image: dict[str, Any] | None) -> None:
        """Note what was decided about a person until it is carried out, and a task's end until it
        is announced."""
        item = record["dynamodb"]["Keys"]
        of = ChangedLoan(item["pk"]["S"], item["sk"]["S"])
        if of.loan_id.startswith(keys.key(keys.OUTBOX, "")):
            is_busy = image is not None
        elif of.loan_id == keys.TASK:
            is_busy = image is not None and {"ended", "listed_by"} <= image.keys()
        else:
            return
        (self._busy.add if is_busy else self._busy.discard)(of)

    def _is_taken(self, loan: ChangedLoan, signal: Signal) -> bool:
        cases = self._wiring.of(loan.institution_id).cases
        record = cases.load(loan.loan_id, signal.case_id)
        if record.last_received < signal_number(signal.signal_id):
            return False
        return bool(record.outcome or (record.task_token and not record.pending))


def _has_wish(image: dict[str, Any]) -> bool:
    contact = image.get("contact")
    return bool(contact) and "wish" in json.loads(contact["S"])
