"""A REST API for signed requests: logged, throttled, errors as RFC 9457 problems."""

import json
from collections.abc import Sequence

from aws_cdk.aws_apigateway import (
    AccessLogFormat,
    AuthorizationType,
    LambdaIntegration,
    LogGroupLogDestination,
    MethodDeploymentOptions,
    MethodLoggingLevel,
    ResponseType,
    RestApi,
    StageOptions,
)
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_logs import LogGroup, RetentionDays
from constructs import Construct

from infra.shared.acknowledgements import acknowledge
from infra.shared.python_function import FunctionRuntime

INSTITUTION = "institutions/{institution_id}"
_STAGE = "v1"
_SLOW = MethodDeploymentOptions(
    throttling_rate_limit=10,
    throttling_burst_limit=20,
    logging_level=MethodLoggingLevel.ERROR,
    metrics_enabled=True,
)
_LOGS_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
PROBLEM = json.dumps(
    {
        "type": "about:blank",
        "title": "$context.error.responseType",
        "detail": "<message>",
        "request_id": "$context.requestId",
    }
).replace('"<message>"', "$context.error.messageString")


class SignedApi(RestApi):
    """One traced stage with an access log; gateway errors are RFC 9457 problems too."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str,
        runtime: FunctionRuntime,
        slow: Sequence[str] = (),
    ) -> None:
        """``slow`` are open routes, such as ``/unsubscribe/{token}/POST``: strangers may call them,
        so that each is throttled apart, and none can use up what signed callers need."""
        access_log = LogGroup(
            scope,
            "AccessLog",
            retention=RetentionDays.ONE_YEAR,
            encryption_key=runtime.key,
            removal_policy=runtime.removal_policy,
        )
        super().__init__(
            scope,
            id,
            description=description,
            cloud_watch_role=True,
            deploy_options=StageOptions(
                stage_name=_STAGE,
                throttling_rate_limit=50,
                throttling_burst_limit=100,
                method_options=dict.fromkeys(slow, _SLOW) or None,
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
        self.node.try_remove_child("Endpoint")  # CDK's own output; the stack defines one instead
        for id, kind in (
            ("ClientProblem", ResponseType.DEFAULT_4_XX),
            ("ServerProblem", ResponseType.DEFAULT_5_XX),
        ):
            self.add_gateway_response(
                id,
                type=kind,
                response_headers={"Content-Type": "'application/problem+json'"},
                templates={"application/json": PROBLEM},
            )
        self._validator = self.add_request_validator(
            "Requests", validate_request_body=True, validate_request_parameters=True
        )
        self._acknowledge()

    def serve(
        self,
        function: IFunction,
        *routes: tuple[str, str],
        authorization: AuthorizationType = AuthorizationType.IAM,
    ) -> None:
        """Let the function answer these routes, each a verb and a path."""
        integration = LambdaIntegration(function, scope_permission_to_method=False)
        for verb, path in routes:
            self.root.resource_for_path(path).add_method(
                verb,
                integration,
                request_validator=self._validator,
                authorization_type=authorization,
            )

    def _acknowledge(self) -> None:
        acknowledge(
            self,
            "AwsSolutions-COG4",
            because="Callers are systems, not people; they sign with IAM (SigV4).",
        )
        acknowledge(
            self.deployment_stage,
            "AwsSolutions-APIG3",
            because="Unsigned requests never reach a function; the stage throttles the rest.",
        )
        acknowledge(
            self,
            f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_LOGS_POLICY}]",
            because="API Gateway's account-wide role, with the policy AWS provides for it.",
        )
