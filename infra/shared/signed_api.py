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
from recovery.api.problems import PROBLEM_TYPES

INSTITUTION = "institutions/{institution_id}"
_STAGE = "v1"
_SLOW = MethodDeploymentOptions(
    throttling_rate_limit=10,
    throttling_burst_limit=20,
    logging_level=MethodLoggingLevel.ERROR,
    metrics_enabled=True,
)
_LOGS_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
# What API Gateway answers by itself, before any function runs, and the problem that tells of it.
_ANSWERED = {
    ResponseType.MISSING_AUTHENTICATION_TOKEN: "not_signed",
    ResponseType.RESOURCE_NOT_FOUND: "not_signed",
    ResponseType.INVALID_SIGNATURE: "wrong_signature",
    ResponseType.EXPIRED_TOKEN: "wrong_signature",
    ResponseType.ACCESS_DENIED: "access_denied",
    ResponseType.BAD_REQUEST_BODY: "unreadable_request",
    ResponseType.BAD_REQUEST_PARAMETERS: "invalid_request",
    ResponseType.REQUEST_TOO_LARGE: "too_large",
    ResponseType.UNSUPPORTED_MEDIA_TYPE: "wrong_media_type",
    ResponseType.THROTTLED: "throttled",
    ResponseType.QUOTA_EXCEEDED: "throttled",
    ResponseType.INTEGRATION_FAILURE: "unavailable",
    ResponseType.INTEGRATION_TIMEOUT: "unavailable",
}
# Each stands for the rest of its hundred, and keeps the status of what it stands for.
_DEFAULTS = {
    ResponseType.DEFAULT_4_XX: "refused_by_gateway",
    ResponseType.DEFAULT_5_XX: "failed",
}


def problem_template(code: str) -> str:
    """Return the template of an answer; API Gateway fills in what it alone knows."""
    kind = PROBLEM_TYPES[code]
    known = {} if code in _DEFAULTS.values() else {"status": kind.status}
    text = json.dumps(
        {
            "type": kind.type,
            "title": kind.title,
            **known,
            "code": kind.code,
            "detail": "<message>",
            "remedy": kind.remedy,
            "request_id": "$context.requestId",
        }
    )
    return text.replace('"<message>"', "$context.error.messageString")


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
        for answered, code in (_ANSWERED | _DEFAULTS).items():
            self._answer(answered, code)
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

    def _answer(self, answered: ResponseType, code: str) -> None:
        is_default = answered in _DEFAULTS
        self.add_gateway_response(
            f"Problem{answered.response_type}",
            type=answered,
            status_code=None if is_default else str(PROBLEM_TYPES[code].status),
            response_headers={"Content-Type": "'application/problem+json'"},
            templates={"application/json": problem_template(code)},
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
