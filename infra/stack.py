"""Portfolio Recovery, capability by capability."""

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.accounting.payments_api import PaymentsApi
from infra.cases.recovery_case import RecoveryCase
from infra.contact.messages import Messages
from infra.dashboard import Operations
from infra.intake.portfolio_import import PortfolioImport
from infra.loan_changes import LoanChanges
from infra.monitoring.daily_review import DailyReview
from infra.settings import StackSettings
from infra.shared.alerts import Alerts
from infra.shared.data_key import DataKey
from infra.shared.event_bus import RecoveryEvents
from infra.shared.loan_table import LoanTable
from infra.shared.python_function import FunctionRuntime


class RecoveryStack(Stack):
    """The whole system in one stack."""

    def __init__(self, scope: Construct, id: str, *, settings: StackSettings, **options) -> None:
        super().__init__(scope, id, **options)
        kept = settings.removal_policy
        key = DataKey(self, "DataKey", removal_policy=kept)
        alerts = Alerts(self, "Alerts", key=key, tls_only=not settings.embedded)
        table = LoanTable(self, "LoanTable", key=key, removal_policy=kept)
        events = RecoveryEvents(self, "EventBus", archived=not settings.embedded)
        runtime = FunctionRuntime(self, "Runtime", settings=settings, table=table, key=key)
        common = {"runtime": runtime, "alerts": alerts, "table": table}

        messages = Messages(
            self, "Messages", events=events, sender_email=settings.sender_email, **common
        )
        api = PaymentsApi(self, "PaymentsApi", **common)
        imports = PortfolioImport(self, "PortfolioImport", **common)
        review = DailyReview(self, "DailyReview", institutions=settings.institutions, **common)
        case = RecoveryCase(self, "RecoveryCase", events=events, **common)
        changes = LoanChanges(
            self, "LoanChanges", case=case, message_queue=messages.queue, events=events, **common
        )
        operations = Operations(
            self,
            "Operations",
            api=api,
            imports=imports,
            review=review,
            case=case,
            changes=changes,
            messages=messages,
        )
        for name, value in {
            "TableName": table.table_name,
            "ApiUrl": api.api.url,
            "ApiId": api.api.rest_api_id,
            "ApiStage": api.api.deployment_stage.stage_name,
            "ImportBucketName": imports.bucket.bucket_name,
            "CaseStateMachineArn": case.state_machine.state_machine_arn,
            "DailyReviewStateMachineArn": review.state_machine.state_machine_arn,
            "EventBusName": events.event_bus_name,
            "MessageQueueUrl": messages.queue.queue_url,
            "AlertsTopicArn": alerts.topic.topic_arn,
            "Shards": str(settings.shards),
            "DashboardName": operations.dashboard.dashboard_name,
            **{
                f"{queue.node.id}QueueUrl": queue.queue_url
                for queue in operations.dead_letter_queues
            },
        }.items():
            CfnOutput(self, name, value=value)
