"""Gives every function its runtime, layers, logs and limits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration
from aws_cdk.aws_cloudwatch import Metric
from aws_cdk.aws_iam import Role, ServicePrincipal
from aws_cdk.aws_lambda import (
    ApplicationLogLevel,
    Code,
    Function,
    LoggingFormat,
    SystemLogLevel,
    Tracing,
)
from aws_cdk.aws_logs import LogGroup, RetentionDays
from constructs import Construct

from infra.layers.construct import ARCHITECTURE, RUNTIME, Layers
from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge
from infra.shared.data_key import DataKey
from infra.shared.loan_table import LoanTable

FUNCTIONS = Path(__file__).parents[2] / "functions"
METRICS_NAMESPACE = "PortfolioRecovery"
SERVICE = "recovery"


class FunctionRuntime(Construct):
    """What all functions share: layers, environment variables, and the key for their logs."""

    def __init__(
        self, scope: Construct, id: str, *, settings: StackSettings, table: LoanTable, key: DataKey
    ) -> None:
        super().__init__(scope, id)
        layers = Layers(self, "Layers", embedded=settings.embedded)
        self.layers = layers
        self.key = key
        self.embedded = settings.embedded
        self.tls_only = settings.tls_only
        self.removal_policy = settings.removal_policy
        self.functions: list[PythonFunction] = []
        self.environment = {
            "RECOVERY_TABLE": table.table_name,
            "RECOVERY_SHARDS": str(settings.shards),
            "POWERTOOLS_SERVICE_NAME": SERVICE,
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            # Replay on the embedded AWS only: real borrowers must never get messages on simulated
            # time.
            **({"RECOVERY_REPLAY": "allowed"} if settings.embedded else {}),
        }

    def narrowest(self, *arns: str) -> list[str]:
        """Return the ARNs; "*" on the embedded AWS, which can't match them to tokens or e-mails."""
        return ["*"] if self.embedded else [*arns]


class PythonFunction(Function):
    """One file of `functions/`; its own role starts with only logs and traces."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        runtime: FunctionRuntime,
        file: str,
        description: str,
        environment: Mapping[str, str] | None = None,
        timeout: Duration | None = None,
        memory_size: int = 512,
        documents: bool = False,
        pdf: bool = False,
        **options: object,
    ) -> None:
        logs = LogGroup(
            scope,
            f"{id}Logs",
            retention=RetentionDays.ONE_YEAR,
            encryption_key=runtime.key,
            removal_policy=runtime.removal_policy,
        )
        role = Role(scope, f"{id}Role", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
        logs.grant_write(role)
        super().__init__(
            scope,
            id,
            description=description,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=own_file(file),
            handler=f"{Path(file).stem}.handler",
            layers=[
                *runtime.layers.for_every_function,
                *(runtime.layers.for_documents if documents else []),
                *(runtime.layers.for_pdf if pdf else []),
            ],
            role=role,
            memory_size=memory_size,
            timeout=timeout or Duration.seconds(30),
            tracing=Tracing.ACTIVE,
            log_group=logs,
            logging_format=LoggingFormat.JSON,
            application_log_level_v2=ApplicationLogLevel.INFO,
            system_log_level_v2=SystemLogLevel.WARN,
            environment={**runtime.environment, **(environment or {})},
            **options,
        )
        self._acknowledge(role)
        runtime.functions.append(self)

    def _acknowledge(self, role: Role) -> None:
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            because="Only X-Ray's actions use the wildcard: they do not support resource ARNs.",
        )
        acknowledge(
            self,
            "AwsSolutions-L1",
            "Serverless-LambdaLatestVersion",
            because="Layers and tests are built for 3.13, which Lambda supports until 2029.",
        )
        acknowledge(
            self,
            "Serverless-LambdaDLQ",
            because="Each trigger has a dead-letter queue or a caller that retries.",
        )


def counted(name: str, *, statistic: str, period: Duration) -> Metric:
    """Return a metric that our functions count."""
    return Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": SERVICE},
        statistic=statistic,
        period=period,
    )


def own_file(file: str) -> Code:
    """Return an asset of this file alone, so editing it redeploys no other function."""
    return Code.from_asset(str(FUNCTIONS), exclude=["*", f"!{file}"])
