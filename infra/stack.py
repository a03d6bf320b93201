"""The Portfolio Recovery stack, capability by capability."""

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.accounting.payments_api import PaymentsApi
from infra.cases.recovery_case import RecoveryCase
from infra.contact.messages import Messages
from infra.dashboard import Capabilities, Operations
from infra.intake.portfolio_import import PortfolioImport
from infra.loan_changes import LoanChanges
from infra.monitoring.daily_review import DailyReview
from infra.settings import StackSettings
from infra.shared.foundation import Foundation


class RecoveryStack(Stack):
    """The system in one stack."""

    def __init__(self, scope: Construct, id: str, *, settings: StackSettings, **options) -> None:
        super().__init__(scope, id, **options)
        foundation = Foundation.build(self, settings)
        messages = Messages(self, "Messages", foundation=foundation)
        api = PaymentsApi(self, "PaymentsApi", foundation=foundation)
        imports = PortfolioImport(self, "PortfolioImport", foundation=foundation)
        case = RecoveryCase(self, "RecoveryCase", foundation=foundation)
        review = DailyReview(self, "DailyReview", foundation=foundation, case=case)
        changes = LoanChanges(
            self, "LoanChanges", foundation=foundation, case=case, message_queue=messages.queue
        )
        operations = Operations(
            self,
            "Operations",
            watched=Capabilities(
                api=api,
                imports=imports,
                review=review,
                case=case,
                changes=changes,
                messages=messages,
            ),
        )
        for name, value in {
            "DataKeyArn": foundation.key.key_arn,
            "TableName": foundation.table.table_name,
            "ApiUrl": api.api.url,
            "ApiId": api.api.rest_api_id,
            "ApiStage": api.api.deployment_stage.stage_name,
            "ImportBucketName": imports.bucket.bucket_name,
            "CaseStateMachineArn": case.state_machine.state_machine_arn,
            "DailyReviewStateMachineArn": review.state_machine.state_machine_arn,
            "EventBusName": foundation.events.event_bus_name,
            "MessageQueueUrl": messages.queue.queue_url,
            "AlertsTopicArn": foundation.alerts.topic.topic_arn,
            "Shards": str(settings.shards),
            "DashboardName": operations.dashboard.dashboard_name,
            **{
                f"{queue.node.id}QueueUrl": queue.queue_url
                for queue in operations.dead_letter_queues
            },
        }.items():
            CfnOutput(self, name, value=value)
