"""Looks inside the embedded AWS: items, functions, queues, sent messages, logs."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from infra.deployment.operate import wait_for
from infra.deployment.target import Target
from infra.stack_names import SERVICES
from recovery.adapters.dynamodb import keys

SOON = 20  # seconds; expected effects appear within this time
GIVES_UP = 60  # seconds; far longer than the retries the tests allow


def items_of(target: Target, *partitions: str) -> list[dict[str, Any]]:
    """Return every item in these partitions of the table, as stored."""
    table = target.client("dynamodb")
    found: list[dict[str, Any]] = []
    for pk in partitions:
        answer = table.query(
            TableName=target.outputs["TableName"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ConsistentRead=True,
        )
        found += answer["Items"]
    return found


def all_of(target: Target, loan_id: str) -> list[dict[str, Any]]:
    """Return everything stored about a loan, its timeline and its borrower."""
    person = f"B-{loan_id}"
    return items_of(
        target,
        *(pk(kind, loan_id) for kind in (keys.LOAN, keys.TIMELINE)),
        *(pk(kind, loan_id, person) for kind in (keys.PERSON, keys.CONTACT)),
    )


def pk(kind: str, loan_id: str, id: str | None = None) -> str:
    """Return a partition key in the institution of this loan, which its id starts with."""
    return keys.partition(kind, loan_id.rpartition("-")[0], id or loan_id)


def state_key(loan_id: str) -> dict[str, Any]:
    """Return the key of the item that reviews read and write."""
    return {"pk": {"S": pk(keys.LOAN, loan_id)}, "sk": {"S": keys.STATE}}


def function_name(target: Target, containing: str) -> str:
    """Return a function's deployed name, which may be cut, from a part of its logical id."""
    formation = target.client("cloudformation")
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=SERVICES)
    (name,) = [
        each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::Lambda::Function"
        and containing in each["LogicalResourceId"]
    ]
    return name


def invoke(target: Target, containing: str, event: Any) -> Any:
    """Invoke the function with this event and return its answer."""
    answer = target.client("lambda").invoke(
        FunctionName=function_name(target, containing), Payload=json.dumps(event).encode()
    )
    result = json.loads(answer["Payload"].read() or b"null")
    assert "FunctionError" not in answer, result
    return result


def stream_records(target: Target, loan_id: str) -> list[dict[str, Any]]:
    """Return this loan's stream records in order, as a function would get them."""
    table = target.client("dynamodb").describe_table(TableName=target.outputs["TableName"])
    arn = table["Table"]["LatestStreamArn"]
    streams = target.client("dynamodbstreams")
    records: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            answer = streams.get_records(ShardIterator=iterator)
            records += answer["Records"]
            iterator = answer.get("NextShardIterator") if answer["Records"] else None
    return [
        json.loads(json.dumps(each, default=lambda when: when.timestamp()))
        for each in records
        if each["dynamodb"]["Keys"]["pk"]["S"] == pk(keys.LOAN, loan_id)
    ]


def routed(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the records RouteChanges gets: states with something to carry out."""
    return [each for each in records if "listed_by" in each["dynamodb"].get("NewImage", {})]


@contextmanager
def paused(target: Target, containing: str) -> Iterator[None]:
    """Stop the function's queue or stream from invoking it for a while."""
    client, name = target.client("lambda"), function_name(target, containing)
    mappings = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    for each in mappings:
        client.update_event_source_mapping(UUID=each["UUID"], Enabled=False)
    try:
        yield
    finally:
        for each in mappings:
            client.update_event_source_mapping(UUID=each["UUID"], Enabled=True)


def wait_until_empty(target: Target, queue_url: str) -> None:
    """Wait until the queue has no messages, waiting or in flight."""
    sqs = target.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def is_empty() -> bool | None:
        found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
        return True if not any(int(found["Attributes"][name]) for name in names) else None

    wait_for(is_empty, SOON, f"{queue_url} is not empty", pause=0.05)


def take_from(target: Target, queue_url: str) -> list[dict[str, Any]]:
    """Remove the messages in the queue and return their bodies."""
    sqs, bodies = target.client("sqs"), []
    while True:
        answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
        for each in answer.get("Messages", []):
            bodies.append(json.loads(each["Body"]))
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=each["ReceiptHandle"])
        if not answer.get("Messages"):
            return bodies


@contextmanager
def retried_for(target: Target, containing: str, *, seconds: int) -> Iterator[None]:
    """Make the function's stream give up on a record sooner than the usual minute."""
    functions, name = target.client("lambda"), function_name(target, containing)
    (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]

    def set_age(age: int) -> None:
        functions.update_event_source_mapping(UUID=mapping["UUID"], MaximumRecordAgeInSeconds=age)

    set_age(seconds)
    try:
        yield
    finally:
        set_age(mapping["MaximumRecordAgeInSeconds"])


def arrived(target: Target, queue_url: str) -> list[dict[str, Any]]:
    """Wait for the queue to hold something, and take it."""

    def found() -> list[dict[str, Any]] | None:
        return take_from(target, queue_url) or None

    return wait_for(found, GIVES_UP, f"{queue_url} is empty", pause=0.3)


def needs_repair(lender: Any, loan_id: str) -> None:
    """Wait until the loan's first case waits in NeedsRepair."""
    cases = lender.wiring.cases
    wait_for(lambda: cases.repair(loan_id, f"{loan_id}-C1"), SOON, "it does not wait for repair")


def sent_emails(target: Target, address: str) -> list[dict[str, Any]]:
    """Return what SES sent to this address."""
    sent = _read(target, "/_ministack/ses/messages")["messages"]
    return [each for account in sent.values() for each in account if address in each["To"]]


def sent_texts(target: Target, phone: str) -> list[str]:
    """Return what SNS sent to this phone."""
    sent = _read(target, "/_ministack/sns/sms-messages")
    return list(_messages_to(phone, sent))


def log_text(target: Target) -> str:
    """Return the functions' CloudWatch logs as text."""
    logs = target.client("logs")
    groups = logs.get_paginator("describe_log_groups").paginate()
    names = [each["logGroupName"] for page in groups for each in page["logGroups"]]
    lines = []
    for name in names:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
            lines += [event["message"] for event in page["events"]]
    return "\n".join(lines)


def _messages_to(phone: str, found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if found.get("PhoneNumber") == phone:
            yield found["Message"]
        for key, value in found.items():
            if key == phone and isinstance(value, list):
                yield from (each["Message"] for each in value if "PhoneNumber" not in each)
            yield from _messages_to(phone, value)
    if isinstance(found, list):
        for each in found:
            yield from _messages_to(phone, each)


def _read(target: Target, path: str) -> Any:
    assert target.embedded
    with urllib.request.urlopen(target.embedded.url + path, timeout=10) as answer:
        return json.load(answer)
