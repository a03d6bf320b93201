"""Real executions on in-memory AWS."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from recovery.adapters import aws
from recovery.adapters.dynamodb.keys import shard_of
from recovery.adapters.workflow import StepFunctionsWorkflow
from recovery.documents.cases.signal import signal_to_document
from recovery.domain.cases.signals import Signal

OPENING = Signal("L-1-C1#1", "L-1-C1", "prevention", "late", date(2026, 3, 9), 3, opens=True)
NEXT = Signal("L-1-C1#2", "L-1-C1", "cured", "nothing overdue", date(2026, 4, 9), 3)
SECONDS = 10


@pytest.fixture
def running_aws(in_memory_aws: None) -> Iterator[None]:
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield


@pytest.fixture
def queue_url(running_aws: None) -> str:
    url: str = aws.client("sqs").create_queue(QueueName="tokens")["QueueUrl"]
    return url


@pytest.fixture
def state_machine_arn(queue_url: str) -> str:
    """Sends its token to the queue, waits for one signal and ends with that as its output."""
    waiting = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue_url, "MessageBody.$": "$$.Task.Token"},
        "End": True,
    }
    created = aws.client("stepfunctions").create_state_machine(
        name="case",
        definition=json.dumps({"StartAt": "Await", "States": {"Await": waiting}}),
        roleArn="arn:aws:iam::123456789012:role/case",
    )
    arn: str = created["stateMachineArn"]
    return arn


def executions(state_machine_arn: str) -> list[dict[str, Any]]:
    client = aws.client("stepfunctions")
    found = client.list_executions(stateMachineArn=state_machine_arn)["executions"]
    return [client.describe_execution(executionArn=each["executionArn"]) for each in found]


def token_of(queue_url: str) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        messages = aws.client("sqs").receive_message(QueueUrl=queue_url).get("Messages")
        if messages:
            token: str = messages[0]["Body"]
            return token
        time.sleep(0.02)
    raise AssertionError("the execution sent no token")


@pytest.mark.slow
def test_a_case_starts_once_and_accepts_a_signal_once(
    state_machine_arn: str, queue_url: str
) -> None:
    workflow = StepFunctionsWorkflow("umoja", 4, state_machine_arn)
    workflow.start("L-1", OPENING)
    workflow.start("L-1", OPENING)
    (started,) = executions(state_machine_arn)
    assert started["name"] == "umoja_L-1-C1"
    assert json.loads(started["input"]) == signal_to_document(
        "umoja", shard_of("L-1", 4), "L-1", OPENING
    )

    token = token_of(queue_url)
    workflow.send("L-1", NEXT, token)
    until = time.monotonic() + SECONDS
    while executions(state_machine_arn)[0]["status"] == "RUNNING" and time.monotonic() < until:
        time.sleep(0.02)
    (ended,) = executions(state_machine_arn)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == signal_to_document(
        "umoja", shard_of("L-1", 4), "L-1", NEXT
    )
    workflow.send("L-1", OPENING, token)
    assert json.loads(executions(state_machine_arn)[0]["output"])["signal"]["id"] == "L-1-C1#2"


@pytest.mark.parametrize("code", ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])
def test_a_used_token_is_not_an_error(in_memory_aws: None, code: str) -> None:
    with Stubber(aws.client("stepfunctions")) as stub:
        stub.add_client_error("send_task_success", code)
        StepFunctionsWorkflow("umoja", 4).send("L-1", NEXT, "token")
        stub.assert_no_pending_responses()


def test_restarting_an_ended_execution_is_not_an_error(in_memory_aws: None) -> None:
    with Stubber(aws.client("stepfunctions")) as stub:
        stub.add_client_error("start_execution", "ExecutionAlreadyExists")
        StepFunctionsWorkflow("umoja", 4, "arn").start("L-1", OPENING)
        stub.assert_no_pending_responses()


def test_other_errors_are_raised(in_memory_aws: None) -> None:
    with Stubber(aws.client("stepfunctions")) as stub:
        stub.add_client_error("start_execution", "StateMachineDoesNotExist")
        stub.add_client_error("send_task_success", "AccessDeniedException")
        with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
            StepFunctionsWorkflow("umoja", 4, "arn").start("L-1", OPENING)
        with pytest.raises(ClientError, match="AccessDenied"):
            StepFunctionsWorkflow("umoja", 4, "arn").send("L-1", NEXT, "token")


@pytest.mark.parametrize("arn", [None, ""])
def test_starting_needs_the_state_machine_arn(arn: str | None) -> None:
    with pytest.raises(ValueError, match="no state machine ARN"):
        StepFunctionsWorkflow("umoja", 4, arn).start("L-1", OPENING)


@pytest.mark.parametrize(
    ("execution_id", "status", "runs"),
    [
        ("arn:aws:states:eu-west-1:1:execution:case:umoja_L-1-C1", "RUNNING", True),
        ("arn:aws:states:eu-west-1:1:execution:case:umoja_L-1-C1", "ABORTED", False),
        ("arn:aws:states:eu-west-1:1:execution:case:umoja_L-1-C1", None, False),
        ("arn:aws:states:eu-west-1:1:execution:the-machine-before:L-1-C1", None, False),
    ],
)
def test_an_execution_runs_if_our_state_machine_runs_it(
    in_memory_aws: None, execution_id: str, status: str | None, runs: bool
) -> None:
    workflow = StepFunctionsWorkflow("umoja", 4, "arn:aws:states:eu-west-1:1:stateMachine:case")
    with Stubber(aws.client("stepfunctions")) as stub:
        if status:
            answer = {
                "executionArn": execution_id,
                "stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:case",
                "status": status,
                "startDate": datetime(2026, 3, 9, tzinfo=UTC),
            }
            stub.add_response("describe_execution", answer)
        else:
            stub.add_client_error("describe_execution", "ExecutionDoesNotExist")
        assert workflow.is_running(execution_id) is runs
