"""Take up again what a dead-letter queue holds, each message the way that it came."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from infra.deployment.failures import queue_url, received
from infra.deployment.operate import run_review
from infra.deployment.target import Target

_HANDLING_SECONDS = 300  # the redrive of one message takes far less


@dataclass(frozen=True, slots=True)
class Again:
    """Where a message goes: to a queue or a function, or to the reviews of some institutions."""

    queue_url: str = ""
    function_arn: str = ""
    payload: str = ""
    review: str = ""
    all_loans: bool = False


@dataclass(slots=True)
class Redriven:
    """How many messages went back by what took them up, and how many stay, as nobody can say."""

    done: Counter[str] = field(default_factory=Counter)
    kept: int = 0


def redrive(target: Target, name: str) -> Redriven:
    """Take up what failed before now; what fails again comes back to the queue.

    A message leaves the queue once it is taken up. One from a queue goes back there, an event to
    its function; loans are reviewed; for positions in the stream, which drops changes after a day,
    every loan is read. Raises TargetError for a queue that is not ours, or a review that fails.
    """
    sqs, url = target.client("sqs"), queue_url(target, name)
    sources = sqs.list_dead_letter_source_queues(QueueUrl=url).get("queueUrls", [])
    began, seen = datetime.now(UTC).timestamp() * 1000, set[str]()
    result, to_review = Redriven(), dict[Again, list[Mapping[str, Any]]]()
    for message in received(target, url, seconds=_HANDLING_SECONDS):
        if message["MessageId"] in seen or int(message["Attributes"]["SentTimestamp"]) > began:
            break  # it failed again
        seen.add(message["MessageId"])
        again = way_back(message, sources)
        if again is None:
            result.kept += 1
        elif again.review or again.all_loans:
            to_review.setdefault(again, []).append(message)
        else:
            result.done[_send(target, again, message)] += 1
            _delete(sqs, url, [message])
    for again, messages in to_review.items():
        result.done[_review(target, again)] += len(messages)
        _delete(sqs, url, messages)
    return result


def way_back(message: Mapping[str, Any], sources: Sequence[str]) -> Again | None:
    """Return who can take the message up; None if it does not tell.

    AWS says it in the body (failure destinations of Lambda) or in attributes (EventBridge).
    """
    body = _body(message)
    target_arn = message.get("MessageAttributes", {}).get("TARGET_ARN", {}).get("StringValue", "")
    if "DDBStreamBatchInfo" in body:
        return Again(all_loans=True)
    if "requestPayload" in body and (arn := body.get("requestContext", {}).get("functionArn")):
        return Again(function_arn=arn, payload=json.dumps(body["requestPayload"]))
    if ":lambda:" in target_arn:
        return Again(function_arn=target_arn, payload=message["Body"])
    if len(sources) == 1:
        return Again(queue_url=sources[0], payload=message["Body"])
    if {"institution_id", "loan_id", "as_of"} <= body.keys():
        return Again(review=str(body["institution_id"]))
    return None


def _send(target: Target, again: Again, message: Mapping[str, Any]) -> str:
    if again.queue_url:
        sent = {"QueueUrl": again.queue_url, "MessageBody": again.payload}
        target.client("sqs").send_message(**sent)
        return again.queue_url.rpartition("/")[2]
    target.client("lambda").invoke(
        FunctionName=again.function_arn,
        InvocationType="Event",  # it tries again by itself, and puts here what fails
        Payload=again.payload.encode(),
    )
    return again.function_arn.partition(":function:")[2].partition(":")[0]


def _review(target: Target, again: Again) -> str:
    """Review one institution once more, or read every loan of all."""
    institutions = target.wiring.institutions
    chosen = [again.review] if again.review else institutions.list_ids()
    for institution_id in chosen:
        day = institutions.day(institution_id)
        if day.reviewed_through is None and again.all_loans:
            continue  # nothing was ever decided here
        run_review(
            target,
            institution_id,
            day.reviewed_through,
            replay=day.clock == "replay",
            reconcile=again.all_loans,
        )
    return f"the review of {again.review}" if again.review else "the proof of every loan"


def _body(message: Mapping[str, Any]) -> dict[str, Any]:
    try:
        body = json.loads(message["Body"])
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _delete(sqs: Any, url: str, messages: Sequence[Mapping[str, Any]]) -> None:
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
