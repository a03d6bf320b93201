"""Deliver stream records to a handler as Lambda does, with the settings of a mapping.

The embedded AWS ignores most of these settings. This driver follows what AWS documents (Lambda
Developer Guide: "Configuring partial batch response with DynamoDB and Lambda", "Retain discarded
records for a DynamoDB event source in Lambda"):

- Records that no filter matches are passed over. Batches keep the order of their shard.
- An error, or a reported number that is empty or not in the batch, fails the whole batch. Otherwise
  delivery goes on from the lowest reported number; what came before it is done.
- With bisection, a partial failure splits the batch at that number, and a whole failure in half.
  Splitting takes nothing from the retries.
- After the last retry, or past the greatest age, a batch is given up and the next one follows. The
  destination gets its position in the stream, not its records.

Where AWS says nothing, the driver takes the harsher reading: progress renews no retries. It does
not join failure records of neighbours, as Lambda sometimes does. Time is passed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

Record = Mapping[str, Any]
Handler = Callable[[dict[str, Any]], Any]

ONE_SHARD = "shardId-00000001770000000000-00000000"
_MOST_INVOCATIONS = 100_000  # a driver that gets here would never end


@dataclass(frozen=True, kw_only=True)
class StreamMapping:
    """An event source mapping, as far as the driver knows it; -1 means without limit."""

    batch_size: int = 100
    retry_attempts: int = -1
    bisect_on_error: bool = False
    max_record_age_seconds: int = -1
    report_batch_item_failures: bool = False
    filters: tuple[Mapping[str, Any], ...] = ()
    on_failure: str | None = "failed"

    @classmethod
    def from_template(cls, properties: Mapping[str, Any]) -> StreamMapping:
        """Read the properties of an AWS::Lambda::EventSourceMapping."""
        if (
            properties.get("ParallelizationFactor", 1) != 1
            or "TumblingWindowInSeconds" in properties
        ):
            raise ValueError("parallel batches and tumbling windows are not driven")
        criteria = properties.get("FilterCriteria", {}).get("Filters", [])
        destination = properties.get("DestinationConfig", {}).get("OnFailure", {})
        return cls(
            batch_size=properties.get("BatchSize", 100),
            retry_attempts=properties.get("MaximumRetryAttempts", -1),
            bisect_on_error=properties.get("BisectBatchOnFunctionError", False),
            max_record_age_seconds=properties.get("MaximumRecordAgeInSeconds", -1),
            report_batch_item_failures="ReportBatchItemFailures"
            in properties.get("FunctionResponseTypes", []),
            filters=tuple(json.loads(each["Pattern"]) for each in criteria),
            on_failure=json.dumps(destination["Destination"]) if destination else None,
        )


@dataclass
class Delivered:
    """What happened: ``batches`` as invoked, by shard and sequence numbers; ``failures`` as the
    destination received them."""

    batches: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def given_up(self) -> list[tuple[str, str, int, str]]:
        """Return first and last number, size and condition of each failure."""
        return [
            (
                each["DDBStreamBatchInfo"]["startSequenceNumber"],
                each["DDBStreamBatchInfo"]["endSequenceNumber"],
                each["DDBStreamBatchInfo"]["batchSize"],
                each["requestContext"]["condition"],
            )
            for each in self.failures
        ]


def number_of(record: Record) -> str:
    """Return a record's sequence number."""
    return str(record["dynamodb"]["SequenceNumber"])


def deliver(
    handler: Handler,
    mapping: StreamMapping,
    records: Sequence[Record],
    *,
    now: Callable[[], float],
    shard_of: Callable[[Record], str] = lambda record: ONE_SHARD,
) -> Delivered:
    """Deliver all records, shard by shard; ``now`` returns seconds since 1970."""
    if mapping.retry_attempts < 0 and mapping.max_record_age_seconds < 0:
        raise ValueError("without a limit, a record is retried until the stream forgets it")
    delivered = Delivered()
    shards: dict[str, list[Record]] = {}
    for record in records:
        shards.setdefault(shard_of(record), []).append(record)
    for shard_id, of_shard in shards.items():
        numbers = [int(number_of(each)) for each in of_shard]
        if numbers != sorted(set(numbers)):
            raise ValueError(f"the records of {shard_id} are not in order")
        _Shard(shard_id, handler, mapping, now, delivered).deliver(of_shard)
    return delivered


@dataclass(frozen=True)
class _Batch:
    records: tuple[Record, ...]
    invoked: int = 0  # times that count against the retries


@dataclass
class _Shard:
    """One shard's delivery; ``todo`` are the batches to deliver, the next one last."""

    shard_id: str
    handler: Handler
    mapping: StreamMapping
    now: Callable[[], float]
    delivered: Delivered
    todo: list[_Batch] = field(default_factory=list)

    def deliver(self, records: Sequence[Record]) -> None:
        wanted = [each for each in records if _is_wanted(each, self.mapping.filters)]
        size = self.mapping.batch_size
        for start in range(0, len(wanted), size):
            self.todo = [_Batch(tuple(wanted[start : start + size]))]
            while self.todo:
                self._next(self.todo.pop())

    def _next(self, batch: _Batch) -> None:
        parts = [(old, tuple(part)) for old, part in groupby(batch.records, key=self._is_too_old)]
        if len(parts) > 1:
            self.todo += [_Batch(part, batch.invoked) for _, part in reversed(parts)]
        elif parts[0][0]:
            self._give_up(batch, "RecordAgeExceeded", failed_by_error=None)
        else:
            self._invoke(batch)

    def _is_too_old(self, record: Record) -> bool:
        greatest = self.mapping.max_record_age_seconds
        return 0 <= greatest < self.now() - record["dynamodb"]["ApproximateCreationDateTime"]

    def _invoke(self, batch: _Batch) -> None:
        numbers = tuple(map(number_of, batch.records))
        self.delivered.batches.append((self.shard_id, numbers))
        if len(self.delivered.batches) > _MOST_INVOCATIONS:
            raise RuntimeError("the handler fails and time does not pass")
        try:
            response = self.handler({"Records": list(batch.records)})
        except Exception:
            done, is_error = 0, True
        else:
            done, is_error = self._done(response, numbers), False
        if done < len(numbers):
            self._after_failure(batch, done, is_error)

    def _done(self, response: Any, numbers: tuple[str, ...]) -> int:
        """Return how many records, from the first, the response says are done."""
        if not self.mapping.report_batch_item_failures or not response:
            return len(numbers)
        if not isinstance(response, Mapping) or set(response) != {"batchItemFailures"}:
            raise TypeError(f"AWS gives no meaning to the response {response!r}")
        reported = [each.get("itemIdentifier") for each in response["batchItemFailures"] or ()]
        if not set(reported) <= set(numbers):
            return 0
        return min(map(numbers.index, reported), default=len(numbers))

    def _after_failure(self, batch: _Batch, done: int, is_error: bool) -> None:
        rest, invoked = batch.records[done:], batch.invoked + 1
        if self.mapping.bisect_on_error and len(batch.records) > 1:
            middle = 0 if done else (len(rest) + 1) // 2
            parts = (rest[:middle], rest[middle:])
            self.todo += [_Batch(each, batch.invoked) for each in reversed(parts) if each]
        elif 0 <= self.mapping.retry_attempts < invoked:
            self._give_up(_Batch(rest, invoked), "RetryAttemptsExhausted", failed_by_error=is_error)
        else:
            self.todo.append(_Batch(rest, invoked))

    def _give_up(self, batch: _Batch, condition: str, *, failed_by_error: bool | None) -> None:
        if self.mapping.on_failure is None:
            return
        times = [each["dynamodb"]["ApproximateCreationDateTime"] for each in batch.records]
        failure: dict[str, Any] = {
            "requestContext": {
                "requestId": f"request-{len(self.delivered.batches)}",
                "functionArn": "arn:aws:lambda:eu-west-1:111122223333:function:driven",
                "condition": condition,
                "approximateInvokeCount": batch.invoked,
            },
            "version": "1.0",
            "timestamp": _iso(self.now()),
            "DDBStreamBatchInfo": {
                "shardId": self.shard_id,
                "startSequenceNumber": number_of(batch.records[0]),
                "endSequenceNumber": number_of(batch.records[-1]),
                "approximateArrivalOfFirstRecord": _iso(times[0], "seconds"),
                "approximateArrivalOfLastRecord": _iso(times[-1], "seconds"),
                "batchSize": len(batch.records),
                "streamArn": batch.records[0].get("eventSourceARN", ""),
            },
        }
        if failed_by_error is not None:
            error = {"functionError": "Unhandled"} if failed_by_error else {}
            failure["responseContext"] = {"statusCode": 200, "executedVersion": "$LATEST", **error}
        self.delivered.failures.append(failure)


def _iso(seconds: float, exact_to: str = "milliseconds") -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec=exact_to)[:-6] + "Z"


def _is_wanted(record: Record, filters: tuple[Mapping[str, Any], ...]) -> bool:
    return not filters or any(matches(each, record) for each in filters)


def matches(pattern: Mapping[str, Any], value: Any) -> bool:
    """Whether a value has everything the filter pattern names.

    Knows what this project's filters use: nesting, equality, ``exists`` and ``prefix``.
    """
    return all(_matches_field(wanted, value, name) for name, wanted in pattern.items())


def _matches_field(wanted: Any, value: Any, name: str) -> bool:
    has = isinstance(value, Mapping) and name in value
    inner = value[name] if has else None
    if isinstance(wanted, Mapping):
        return matches(wanted, inner)
    is_leaf = has and not isinstance(inner, Mapping | list)
    return any(_matches_leaf(rule, inner, is_leaf) for rule in wanted)


def _matches_leaf(rule: Any, value: Any, is_leaf: bool) -> bool:
    if not isinstance(rule, Mapping):
        return is_leaf and type(rule) is type(value) and rule == value
    ((operator, operand),) = rule.items()
    if operator == "exists":
        return is_leaf is operand
    if operator == "prefix":
        return is_leaf and isinstance(value, str) and value.startswith(operand)
    raise ValueError(f"the filter rule {operator!r} is not driven")
