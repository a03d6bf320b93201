"""The payments API, called by banks, mobile money and core banking systems."""

from aws_cdk import Duration
from aws_cdk.aws_apigateway import AuthorizationType
from aws_cdk.aws_cloudwatch import IMetric, MathExpression
from constructs import Construct

from infra.accounting.api_description import DESCRIPTIONS, ApiDescription
from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction, counted
from infra.shared.signed_api import INSTITUTION, SignedApi
from recovery.adapters.dynamodb import keys

_ROUTES = (
    ("POST", f"{INSTITUTION}/payments"),
    ("GET", f"{INSTITUTION}/payments"),
    ("GET", f"{INSTITUTION}/payments/{{payment_id}}"),
    ("GET", f"{INSTITUTION}/payments/{{payment_id}}/receipt"),
    ("POST", f"{INSTITUTION}/payments/{{payment_id}}/reversal"),
    ("POST", f"{INSTITUTION}/payments/{{payment_id}}/move"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/payments"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/timeline"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/standing"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/facts"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/facts"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/parties"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/parties"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/parties/{{person_id}}/end"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/collateral"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/collateral"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/collateral/{{collateral_id}}/valuations"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/collateral/{{collateral_id}}/end"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/claims"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/placement-reports"),
    ("GET", f"{INSTITUTION}/persons/{{person_id}}/loans"),
    ("POST", f"{INSTITUTION}/persons/{{person_id}}/facts"),
    ("GET", f"{INSTITUTION}/persons/{{person_id}}/facts"),
    ("POST", f"{INSTITUTION}/persons/{{person_id}}/promises"),
    ("GET", f"{INSTITUTION}/held"),
    ("GET", f"{INSTITUTION}/complaints"),
    ("POST", f"{INSTITUTION}/groups"),
    ("GET", f"{INSTITUTION}/groups/{{group_id}}"),
    ("POST", f"{INSTITUTION}/groups/{{group_id}}/collection-sheets"),
    ("GET", f"{INSTITUTION}/groups/{{group_id}}/collection-sheets/{{sheet_id}}"),
    ("POST", f"{INSTITUTION}/groups/{{group_id}}/collection-sheets/{{sheet_id}}/verification"),
)
_BATCHES = ("POST", f"{INSTITUTION}/payment-batches")
_HEALTH = ("GET", "health")
_ACTIONS = (
    *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem"),
    *("dynamodb:PutItem", "dynamodb:UpdateItem"),
)
_GATEWAY_WAITS = Duration.seconds(29)
_ONE_CPU_MB = 1769


class PaymentsApi(Construct):
    """Signed requests only, except for the open health check; one function serves all routes."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
    ) -> None:
        super().__init__(scope, id)
        runtime, alerts, table = foundation.runtime, foundation.alerts, foundation.table
        self.function = PythonFunction(
            self,
            "TakePayments",
            runtime=runtime,
            file="payments_api.py",
            documents=True,
            description="Accepts payments and other facts about a loan; shows the loan",
        )
        table.allow(
            self.function,
            *_ACTIONS,
            kinds=(keys.LOAN, keys.PAYMENT, keys.SUSPENSE, keys.PERSON, keys.GROUP),
            reads=(keys.INSTITUTION, keys.TIMELINE),
        )
        table.allow_listing(self.function, keys.PAYMENTS, keys.HELD, keys.COMPLAINTS)
        self.api = SignedApi(
            self,
            "Api",
            description="Portfolio Recovery: payments and facts in, loans out",
            runtime=runtime,
            slow=(
                *(f"/unsubscribe/{{token}}/{verb}" for verb in ("GET", "POST")),
                *(f"/{path}/GET" for path in DESCRIPTIONS),
            ),
        )
        self.batches = self._batches(foundation)
        ApiDescription(self, "Description", foundation=foundation, api=self.api)
        self._add_routes()
        alerts.when(
            self,
            "ServerErrorAlarm",
            metric=self._failures(foundation.settings),
            reaches=1,
            means="The payments API returned server errors; clients will retry. Check its logs.",
        )

    def _batches(self, foundation: Foundation) -> PythonFunction:
        """A large batch needs a whole processor, and takes it from no other call."""
        function = PythonFunction(
            self,
            "TakeBatches",
            runtime=foundation.runtime,
            file="payment_batches_api.py",
            documents=True,
            description="Accepts up to a thousand payments at once, each with its own result",
            timeout=_GATEWAY_WAITS,
            memory_size=_ONE_CPU_MB,
        )
        foundation.table.allow(
            function,
            *_ACTIONS,
            kinds=(keys.LOAN, keys.PAYMENT, keys.SUSPENSE, keys.PERSON),
            reads=(keys.INSTITUTION,),
        )
        return function

    def _failures(self, settings: StackSettings) -> IMetric:
        """Server errors, without the 503 of a busy loan: a retry succeeds."""
        period = Duration.minutes(5)
        errors = self.api.metric_server_error(period=period, statistic="Sum")
        if settings.embedded:  # which supports single-metric alarms only
            return errors
        busy = counted("RequestsBusy", statistic="Sum", period=period)
        return MathExpression(
            expression="FILL(errors, 0) - FILL(busy, 0)",
            using_metrics={"errors": errors, "busy": busy},
            period=period,
        )

    def _add_routes(self) -> None:
        self.api.serve(self.function, *_ROUTES)
        self.api.serve(self.batches, _BATCHES)
        self.api.serve(self.function, _HEALTH, authorization=AuthorizationType.NONE)
        acknowledge(
            self.api.root.get_resource("health"),
            "AwsSolutions-APIG4",
            because="The health check is open and reveals only that the API is up.",
        )
