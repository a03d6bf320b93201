"""Each function's role, tried with its own credentials, is denied what it does not need."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from infra.deployment.target import Target
from tests.embedded.inside import function_name

PROBE = """
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    answers = []
    for service, operation, arguments in event:
        try:
            getattr(boto3.client(service), operation)(**arguments)
            answers.append("allowed")
        except ClientError as error:
            answers.append(error.response["Error"]["Code"])
    return answers
"""
DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "403")
KEY = {"pk": {"S": "LOAN#default#probe"}, "sk": {"S": "LOAN"}}


def calls(target: Target) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return calls that some functions make, and some that none may make."""
    table, bus = target.outputs["TableName"], target.outputs["EventBusName"]
    machine, bucket = target.outputs["CaseStateMachineArn"], target.outputs["ImportBucketName"]
    email = {
        "FromEmailAddress": "advisors@example.org",
        "Destination": {"ToAddresses": ["probe@example.org"]},
        "Content": {"Simple": {"Subject": {"Data": "-"}, "Body": {"Text": {"Data": "-"}}}},
    }
    entry = {"Source": "probe", "DetailType": "-", "Detail": "{}", "EventBusName": bus}
    return {
        "read an item": ("dynamodb", "get_item", {"TableName": table, "Key": KEY}),
        "read items": (
            "dynamodb",
            "batch_get_item",
            {"RequestItems": {table: {"Keys": [KEY]}}},
        ),
        "read all": ("dynamodb", "scan", {"TableName": table}),
        "delete an item": ("dynamodb", "delete_item", {"TableName": table, "Key": KEY}),
        "write an item": ("dynamodb", "put_item", {"TableName": table, "Item": KEY}),
        "send an e-mail": ("sesv2", "send_email", email),
        "send a text": ("sns", "publish", {"PhoneNumber": "+51900009999", "Message": "-"}),
        "publish a fact": ("events", "put_events", {"Entries": [entry]}),
        "start a case": (
            "stepfunctions",
            "start_execution",
            {"stateMachineArn": machine, "name": "probe", "input": "{}"},
        ),
        "read a delivery": ("s3", "get_object", {"Bucket": bucket, "Key": "imports/probe"}),
        "queue a message": (
            "sqs",
            "send_message",
            {"QueueUrl": target.outputs["MessageQueueUrl"], "MessageBody": "{}"},
        ),
    }


_SINGLE_READS = ("PlanReview", "RouteChanges")
NEVER = ("read all", "delete an item")
OUTWARD = ("send an e-mail", "send a text", "publish a fact", "start a case", "queue a message")
MAY_NOT = {
    "PlanReview": (*NEVER, *OUTWARD, "write an item", "read a delivery"),
    # It deletes people from experiments alone, by a condition that the embedded AWS ignores.
    "ReviewShard": ("read all", *OUTWARD, "read a delivery"),
    "ReviewChangedLoans": (*NEVER, *OUTWARD, "read a delivery"),
    # It deletes outboxes of people alone, by a condition that the embedded AWS does not look at.
    "RouteChanges": ("read all", "send an e-mail", "send a text", "read a delivery"),
    "AdvanceCase": (*NEVER, "send an e-mail", "send a text", "start a case", "queue a message"),
    "SendMessages": (*NEVER, "start a case", "read a delivery"),
    "TakePayments": (*NEVER, *OUTWARD, "read a delivery"),
    "ImportPortfolio": (*NEVER, *OUTWARD),
    "DoTasks": (*NEVER, *OUTWARD, "read a delivery"),
    "KeepNotes": ("read all", *OUTWARD, "read a delivery"),
    "InstructContact": (*NEVER, *OUTWARD, "read a delivery"),
}


def archive(code: str) -> bytes:
    """Zip a function's code for Lambda."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("probe.py", code)
    return packed.getvalue()


def answers(target: Target, containing: str, names: list[str]) -> dict[str, str]:
    """Make each call with this function's role and return what AWS answers."""
    functions = target.client("lambda")
    role = functions.get_function(FunctionName=function_name(target, containing))
    probe = f"probe-{containing}"
    functions.create_function(
        FunctionName=probe,
        Role=role["Configuration"]["Role"],
        Runtime="python3.13",
        Handler="probe.handler",
        Timeout=60,
        Code={"ZipFile": archive(PROBE)},
    )
    try:
        known = calls(target)
        event = json.dumps([known[name] for name in names]).encode()
        answer = functions.invoke(FunctionName=probe, Payload=event)
        results = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, results
        return dict(zip(names, results, strict=True))
    finally:
        functions.delete_function(FunctionName=probe)


@pytest.mark.parametrize("function", list(MAY_NOT))
def test_a_role_is_denied_what_its_function_does_not_need(target: Target, function: str):
    needed = "read an item" if function in _SINGLE_READS else "read items"
    found = answers(target, function, [needed, *MAY_NOT[function]])
    assert found.pop(needed) == "allowed"
    assert {name: code for name, code in found.items() if code not in DENIED} == {}
