"""What failed for good and waits: messages of dead-letter queues, executions, cases to repair."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from infra.deployment.target import Target, TargetError
from infra.stack_names import SERVICES

_SUFFIX = "QueueUrl"
_MACHINES = {
    "recovery case": "CaseStateMachineArn",
    "daily review": "DailyReviewStateMachineArn",
}
_ENDED = ("FAILED", "TIMED_OUT", "ABORTED")
_LOOK_SECONDS = 5  # others see the messages again after this
# What a message may be about; nothing else of it is shown: it may hold personal data.
_IDS = ("institution_id", "loan_id", "person_id", "agreement_id", "as_of")


@dataclass(frozen=True, slots=True)
class Failed:
    """One message of a dead-letter queue: since when, what it is about, and the error if told."""

    queue: str
    since: str
    about: str
    error: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An execution that ended without an outcome."""

    of: str
    name: str
    status: str
    stopped_at: str
    error: str
    arn: str


@dataclass(frozen=True, slots=True)
class ToRepair:
    """A case that waits in NeedsRepair."""

    institution_id: str
    case_id: str
    since: str
    failure: str


def queues(target: Target) -> dict[str, str]:
    """Return the URL of each dead-letter queue by its name, such as FailedMessages."""
    return {
        name.removesuffix(_SUFFIX): url
        for name, url in sorted(target.outputs.items())
        if name.startswith("Failed") and name.endswith(_SUFFIX)
    }


def queue_url(target: Target, name: str) -> str:
    """Return the queue's URL. Raises TargetError that lists the names."""
    known = queues(target)
    if name not in known:
        raise TargetError(f"There is no queue {name}. There are: {', '.join(known)}.")
    return known[name]


def look_into(target: Target, name: str) -> list[Failed]:
    """Return what waits in a dead-letter queue, the oldest first, and leave it there."""
    url, found = queue_url(target, name), dict[str, Failed]()
    for message in received(target, url, seconds=_LOOK_SECONDS):
        if message["MessageId"] in found:
            break  # seen all: it is shown for the second time
        found[message["MessageId"]] = Failed(name, _sent_at(message), *_said(message))
    return sorted(found.values(), key=lambda each: each.since)


def received(target: Target, url: str, *, seconds: int) -> Iterator[dict[str, Any]]:
    """Receive what is in the queue now, hidden from others for this time."""
    sqs = target.client("sqs")
    while messages := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=1,
        VisibilityTimeout=seconds,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    ).get("Messages"):
        yield from messages


def ended(target: Target, days: int) -> list[Ended]:
    """Return the executions that ended without an outcome in the last days, the newest first."""
    states, since = target.client("stepfunctions"), datetime.now(UTC) - timedelta(days=days)
    found: list[Ended] = []
    for of, output in _MACHINES.items():
        for status in _ENDED:
            pages = states.get_paginator("list_executions").paginate(
                stateMachineArn=target.outputs[output], statusFilter=status
            )
            for each in (execution for page in pages for execution in page["executions"]):
                if each["stopDate"] < since:
                    break  # the list has the newest first
                told = states.describe_execution(executionArn=each["executionArn"])
                found.append(
                    Ended(
                        of,
                        each["name"],
                        status.lower().replace("_", " "),
                        f"{each['stopDate'].astimezone(UTC):%Y-%m-%d %H:%M}",
                        told.get("error", ""),
                        each["executionArn"],
                    )
                )
    return sorted(found, key=lambda each: each.stopped_at, reverse=True)


def to_repair(target: Target) -> list[ToRepair]:
    """Return the cases of every institution that wait in NeedsRepair, the oldest first."""
    found = []
    for institution_id in target.wiring.institutions.list_ids():
        ports = target.of(institution_id)
        for shard in range(ports.settings.shards):
            for loan_id, case_id in ports.cases.waiting_repairs(shard, date.max):
                if repair := ports.cases.repair(loan_id, case_id):
                    since = str(repair.signal.as_of)
                    found.append(ToRepair(institution_id, case_id, since, repair.failure))
    return sorted(found, key=lambda each: (each.since, each.case_id))


def functions(target: Target) -> dict[str, str]:
    """Return the deployed name of each function by ours, such as SendMessages."""
    names = sorted(_OURS, key=len, reverse=True)
    formation = target.client("cloudformation")
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=SERVICES)
    found: dict[str, str] = {}
    for each in (resource for page in pages for resource in page["StackResourceSummaries"]):
        if each["ResourceType"] != "AWS::Lambda::Function":
            continue
        logical = each["LogicalResourceId"][:-8]  # less the hash that the CDK adds
        if ours := next((name for name in names if logical.endswith(name)), None):
            found[ours] = each["PhysicalResourceId"]
    return dict(sorted(found.items()))


_OURS = (
    *("TakePayments", "KeepNotes", "DoTasks", "InstructContact", "Unsubscribe", "SayYes"),
    *("ExportLoans", "ImportPortfolio", "FinishErasures", "SealAudit"),
    *("SendMessages", "HearReplies", "NoteDeliveries", "WriteLetters"),
    *("ReviewChangedLoans", "RouteChanges", "AdvanceCase", "PrepareDossier"),
    *("StartDueReviews", "PlanReview", "ReviewShard", "ReconcileShard"),
)


def function_name(target: Target, name: str) -> str:
    """Return the deployed name of a function of ours. Raises TargetError that lists the names."""
    known = functions(target)
    if name not in known:
        raise TargetError(f"There is no function {name}. There are: {', '.join(known)}.")
    return known[name]


def errors_of(target: Target, name: str, hours: int) -> list[dict[str, Any]]:
    """Return what the function logged as an error in the last hours, the oldest first.

    Our own lines are JSON; what the runtime says of a crash or a timeout is text.
    """
    deployed = function_name(target, name)
    told = target.client("lambda").get_function_configuration(FunctionName=deployed)
    group = told.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{deployed}"
    since = datetime.now(UTC) - timedelta(hours=hours)
    logs = target.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=int(since.timestamp() * 1000)
    )
    events = (event for page in pages for event in page["events"])
    return [line for event in events if (line := _error_line(event))]


def _error_line(event: Mapping[str, Any]) -> dict[str, Any] | None:
    text = event["message"].strip()
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    line = {"at": f"{at:%Y-%m-%d %H:%M:%S}"}
    try:
        said = json.loads(text)
    except ValueError:
        crashed = any(word in text for word in ("Task timed out", "[ERROR]", "Traceback"))
        return {**line, "message": text} if crashed else None
    if not isinstance(said, dict) or said.get("level") not in ("ERROR", "CRITICAL"):
        return None
    names = ("message", "error", "exception_name", "exception", "errorType", *_IDS)
    return {**line, **{name: said[name] for name in names if said.get(name)}}


def _sent_at(message: Mapping[str, Any]) -> str:
    sent = int(message.get("Attributes", {}).get("SentTimestamp", 0)) / 1000
    return f"{datetime.fromtimestamp(sent, UTC):%Y-%m-%d %H:%M}"


def _said(message: Mapping[str, Any]) -> tuple[str, str]:
    """Return the ids in the message, and its error, if it has any."""
    attributes = message.get("MessageAttributes", {})
    error = attributes.get("ERROR_CODE", {}).get("StringValue", "")
    try:
        body = json.loads(message["Body"])
    except ValueError:
        return "", error
    if not isinstance(body, dict):
        return "", error
    ids = dict(_ids(body))
    key = body.get("detail", body.get("requestPayload", {}).get("detail", {}))
    if isinstance(key, dict) and isinstance(key.get("object"), dict):
        ids["file"] = key["object"].get("key", "")
    told = body.get("error") or body.get("responsePayload", {}).get("errorType") or error
    return ", ".join(f"{name} {value}" for name, value in ids.items()), str(told)


def _ids(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _IDS and isinstance(inner, str):
                yield name, inner
            else:
                yield from _ids(inner)
