"""The API that banks, mobile money and core banking call."""

import json

from aws_cdk import Duration
from aws_cdk.aws_apigateway import (
    AccessLogFormat,
    AuthorizationType,
    LambdaIntegration,
    LogGroupLogDestination,
    MethodLoggingLevel,
    ResponseType,
    RestApi,
    StageOptions,
)
from aws_cdk.aws_logs import LogGroup, RetentionDays
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.alerts import Alerts
from infra.loan_table import LoanTable
from infra.python_function import FunctionRuntime, PythonFunction

_ROUTES = (
    ("POST", "payments"),
    ("POST", "payments/{payment_id}/reversal"),
    ("GET", "loans/{loan_id}/standing"),
)
_HEALTH = ("GET", "health")
_STAGE = "v1"
_LOGS_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
_PROBLEM = json.dumps(
    {
        "type": "about:blank",
        "title": "$context.error.responseType",
        "detail": "<message>",
        "request_id": "$context.requestId",
    }
).replace('"<message>"', "$context.error.messageString")


class PaymentsApi(Construct):
    """Signed requests only, but for the open health check; one function answers all."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        runtime: FunctionRuntime,
        alerts: Alerts,
        table: LoanTable,
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "TakePayments",
            runtime=runtime,
            file="payments_api.py",
            description="Takes payments and reversals, answers with a loan's standing",
        )
        table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:ConditionCheckItem",
        )
        self.api = self._api(runtime)
        self._answer_problems_as_problems()
        self._add_routes()
        self._acknowledge()
        alerts.when(
            self,
            "ServerErrorAlarm",
            metric=self.api.metric_server_error(period=Duration.minutes(5), statistic="Sum"),
            reaches=1,
            means="The payments API failed to answer; its clients repeat the request.",
        )

    def _api(self, runtime: FunctionRuntime) -> RestApi:
        access_log = LogGroup(
            self,
            "AccessLog",
            retention=RetentionDays.ONE_YEAR,
            encryption_key=runtime.key,
            removal_policy=runtime.removal_policy,
        )
        api = RestApi(
            self,
            "Api",
            description="Portfolio Recovery: payments in, standing out",
            cloud_watch_role=True,
            deploy_options=StageOptions(
                stage_name=_STAGE,
                throttling_rate_limit=50,
                throttling_burst_limit=100,
                tracing_enabled=True,
                metrics_enabled=True,
                logging_level=MethodLoggingLevel.ERROR,
                access_log_destination=LogGroupLogDestination(access_log),
                access_log_format=AccessLogFormat.json_with_standard_fields(
                    caller=True,
                    http_method=True,
                    ip=True,
                    protocol=True,
                    request_time=True,
                    resource_path=True,
                    response_length=True,
                    status=True,
                    user=True,
                ),
            ),
        )
        api.node.try_remove_child("Endpoint")  # an output; the stack names its own
        return api

    def _answer_problems_as_problems(self) -> None:
        for id, kind in (
            ("ClientProblem", ResponseType.DEFAULT_4_XX),
            ("ServerProblem", ResponseType.DEFAULT_5_XX),
        ):
            self.api.add_gateway_response(
                id,
                type=kind,
                response_headers={"Content-Type": "'application/problem+json'"},
                templates={"application/json": _PROBLEM},
            )

    def _add_routes(self) -> None:
        validator = self.api.add_request_validator(
            "Requests", validate_request_body=True, validate_request_parameters=True
        )
        integration = LambdaIntegration(self.function, scope_permission_to_method=False)
        for verb, path in (*_ROUTES, _HEALTH):
            self.api.root.resource_for_path(path).add_method(
                verb,
                integration,
                request_validator=validator,
                authorization_type=AuthorizationType.NONE
                if (verb, path) == _HEALTH
                else AuthorizationType.IAM,
            )

    def _acknowledge(self) -> None:
        acknowledge(
            self.api,
            "AwsSolutions-COG4",
            because="Callers are systems, not people: they sign with IAM (SigV4).",
        )
        acknowledge(
            self.api.root.get_resource("health"),
            "AwsSolutions-APIG4",
            because="The health check is open and tells nothing but that it answers.",
        )
        acknowledge(
            self.api.deployment_stage,
            "AwsSolutions-APIG3",
            because="Unsigned requests never reach a function; the stage throttles the rest.",
        )
        acknowledge(
            self.api,
            f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_LOGS_POLICY}]",
            because="The account-wide role of API Gateway, with the policy that AWS made for it.",
        )
