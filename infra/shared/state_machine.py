"""A state machine whose whole flow is one ASL file."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
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
from infra.shared.alerts import Alerts
from infra.shared.data_key import DataKey


class AslStateMachine(StateMachine):
    """Traced and logged without borrowers' data; a failed execution raises an alarm."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        definition: Path,
        invokes: Mapping[str, IFunction],
        substitutions: Mapping[str, str] | None = None,
        key: DataKey,
        alerts: Alerts,
        removal_policy: RemovalPolicy,
    ) -> None:
        logs = LogGroup(
            scope,
            f"{id}Logs",
            retention=RetentionDays.ONE_YEAR,
            encryption_key=key,
            removal_policy=removal_policy,
        )
        arns = {name: function.function_arn for name, function in invokes.items()}
        super().__init__(
            scope,
            id,
            definition_body=DefinitionBody.from_string(definition.read_text("utf-8")),
            definition_substitutions={**arns, **(substitutions or {})},
            state_machine_type=StateMachineType.STANDARD,
            tracing_enabled=True,
            logs=LogOptions(destination=logs, level=LogLevel.ALL, include_execution_data=False),
            removal_policy=removal_policy,
        )
        self.add_to_role_policy(
            PolicyStatement(actions=["lambda:InvokeFunction"], resources=[*arns.values()])
        )
        acknowledge(
            self.role,
            "AwsSolutions-IAM5[Resource::*]",
            because="Log delivery and X-Ray know no resource: only these have the wildcard.",
        )
        self._alarm(alerts, "Failed", self.metric_failed(period=Duration.minutes(5)))
        self._alarm(alerts, "TimedOut", self.metric_timed_out(period=Duration.minutes(5)))

    def _alarm(self, alerts: Alerts, outcome: str, metric) -> None:
        alerts.when(
            self,
            f"{outcome}Alarm",
            metric=metric,
            reaches=1,
            means=f"{self.node.id}: an execution has {outcome}. Mend the cause, then redrive it.",
        )
