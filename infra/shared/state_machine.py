"""A state machine whose flow is one ASL file beside its construct."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_logs import LogGroup, RetentionDays
from aws_cdk.aws_stepfunctions import (
    DefinitionBody,
    LogLevel,
    LogOptions,
    StateMachine,
    StateMachineType,
)
from constructs import Construct

from infra.shared.acknowledgements import acknowledge
from infra.shared.alerts import Meaning
from infra.shared.foundation import Foundation

_BRIEFLY = {"IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1}
_BACKOFF = {"IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2, "JitterStrategy": "FULL"}
# The errors each service's tasks are retried on, unless the state in the file has its own Retry.
DEFAULT_RETRY: dict[str, list[dict[str, Any]]] = {
    "lambda": [
        {
            "ErrorEquals": [
                "Lambda.ServiceException",
                "Lambda.AWSLambdaException",
                "Lambda.SdkClientException",
                "Lambda.TooManyRequestsException",
                "Lambda.ClientExecutionTimeoutException",
                "RetryableError",
            ],
            **_BACKOFF,
        },
        {
            "ErrorEquals": ["States.TaskFailed"],
            "IntervalSeconds": 5,
            "MaxAttempts": 3,
            "BackoffRate": 3,
            "JitterStrategy": "FULL",
        },
    ],
    "dynamodb": [
        {
            "ErrorEquals": [
                "DynamoDB.ProvisionedThroughputExceededException",
                "DynamoDB.ThrottlingException",
                "DynamoDB.InternalServerErrorException",
                "DynamoDB.SdkClientException",
            ],
            **_BACKOFF,
        },
    ],
}


REPAIR = "AlertOperators"  # the first state on the way to NeedsRepair


def with_defaults(definition: Mapping[str, Any], *, briefly: bool = False) -> dict[str, Any]:
    """Return the definition with the default Retry and Catch added to each task that has none.

    In a machine that can wait for repair, a function that fails for good leads there. ``briefly``
    retries twice, a second apart. Raises KeyError for a task whose service has no default Retry; it
    must define its own.
    """
    machine = deepcopy(dict(definition))
    for state in machine["States"].values():
        if state["Type"] == "Task":
            service = state["Resource"].split(":::")[1].split(":")[0]
            if "Retry" not in state:
                state["Retry"] = [
                    {**each, **(_BRIEFLY if briefly else {})} for each in DEFAULT_RETRY[service]
                ]
            if service == "lambda" and "Catch" not in state and REPAIR in machine["States"]:
                state["Catch"] = [
                    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": REPAIR}
                ]
        if "ItemProcessor" in state:
            state["ItemProcessor"] = with_defaults(state["ItemProcessor"], briefly=briefly)
    return machine


class AslStateMachine(StateMachine):
    """Traced, and logged without borrowers' data; a failed execution raises an alarm.

    The file defines the flow; default retries and catches are added here. ``of`` and ``mends`` are
    for the alarms: what an execution is, and what makes up for one that ended without an outcome.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        definition: Path,
        invokes: Mapping[str, IFunction],
        substitutions: Mapping[str, str] | None = None,
        foundation: Foundation,
        of: str,
        mends: str,
    ) -> None:
        logs = LogGroup(
            scope,
            f"{id}Logs",
            retention=RetentionDays.ONE_YEAR,
            encryption_key=foundation.key,
            removal_policy=foundation.settings.removal_policy,
        )
        arns = {name: function.function_arn for name, function in invokes.items()}
        super().__init__(
            scope,
            id,
            definition_body=DefinitionBody.from_string(
                json.dumps(
                    with_defaults(
                        json.loads(definition.read_text("utf-8")),
                        briefly=foundation.settings.embedded,
                    )
                )
            ),
            definition_substitutions={**arns, **(substitutions or {})},
            state_machine_type=StateMachineType.STANDARD,
            tracing_enabled=True,
            logs=LogOptions(destination=logs, level=LogLevel.ALL, include_execution_data=False),
            removal_policy=foundation.settings.removal_policy,
        )
        self.add_to_role_policy(
            PolicyStatement(actions=["lambda:InvokeFunction"], resources=[*arns.values()])
        )
        acknowledge(
            self.role,
            "AwsSolutions-IAM5[Resource::*]",
            because="Only log delivery and X-Ray use the wildcard: they support no resource ARNs.",
        )
        period = Duration.minutes(5)
        for outcome, how, metric in (
            ("Failed", "failed", self.metric_failed(period=period)),
            ("TimedOut", "took too long and was ended", self.metric_timed_out(period=period)),
            ("Aborted", "was stopped by hand or by the proof", self.metric_aborted(period=period)),
        ):
            foundation.alerts.when(
                self,
                f"{outcome}Alarm",
                metric=metric,
                reaches=1,
                means=Meaning(
                    happened=f"An execution of {of} {how}.",
                    shows="`recovery failures` names it, with its error.",
                    mends=mends,
                ),
            )
