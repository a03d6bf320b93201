"""The two stacks: what must outlive every upgrade, and what can be replaced."""

from collections.abc import Mapping

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.accounting.payments_api import PaymentsApi
from infra.agreements.agreements import Agreements
from infra.agreements.kept_letters import KeptLetters
from infra.audit.audit import Audit
from infra.cases.kept_dossiers import KeptDossiers
from infra.cases.recovery_case import RecoveryCase
from infra.cases.tasks_api import TasksApi
from infra.contact.feedback import Feedback, FeedbackState
from infra.contact.messages import Messages
from infra.contact.received_replies import ReceivedReplies
from infra.contact.replies import Replies
from infra.dashboard import Capabilities, Operations
from infra.intake.portfolio_files import PortfolioFiles
from infra.intake.portfolio_import import PortfolioImport
from infra.loan_changes import LoanChanges
from infra.monitoring.daily_review import DailyReview
from infra.people.contacts_api import ContactsApi
from infra.people.erasures import Erasures
from infra.people.notes_api import NotesApi
from infra.people.private_records import PrivateRecords
from infra.settings import StackSettings
from infra.shared.foundation import Foundation
from infra.shared.state import State


class StateStack(Stack):
    """The key, table, files, bus and alerts topic. Their ids are fixed: a new id loses data."""

    def __init__(self, scope: Construct, id: str, *, settings: StackSettings, **options) -> None:
        super().__init__(scope, id, **options)
        self.state = state = State.build(self, settings)
        self.files = PortfolioFiles(self, "PortfolioImport", key=state.key, settings=settings)
        self.records = records = PrivateRecords(self, "PrivateRecords", state.key, settings)
        self.received = received = ReceivedReplies(
            self, "ReceivedReplies", data_key=state.key, settings=settings
        )
        self.letters = letters = KeptLetters(self, "KeptLetters", key=state.key, settings=settings)
        self.dossiers = dossiers = KeptDossiers(
            self, "KeptDossiers", key=state.key, settings=settings
        )
        self.feedback = FeedbackState(self, "Feedback", key=state.key, settings=settings)
        bucket = self.files.bucket
        # Exported even if unused: CloudFormation refuses to drop an export still imported.
        for value in (
            *(*state.exported, bucket.bucket_name, bucket.bucket_arn),
            *records.exported,
            *received.exported,
            *self.feedback.exported,
            *letters.exported,
            *dossiers.exported,
        ):
            self.export_value(value)
        _output(
            self,
            {
                "DataKeyArn": state.key.key_arn,
                "TableName": state.table.table_name,
                "ImportBucketName": bucket.bucket_name,
                "EventBusName": state.events.event_bus_name,
                "AlertsTopicArn": state.alerts.topic.topic_arn,
                "DeliveryNewsTopicArn": self.feedback.topic.topic_arn,
                **records.outputs,
                **received.outputs,
                **letters.outputs,
                **dossiers.outputs,
            },
        )


class ServicesStack(Stack):
    """Everything that works on the state, capability by capability."""

    def __init__(
        self, scope: Construct, id: str, *, settings: StackSettings, on: StateStack, **options
    ) -> None:
        super().__init__(scope, id, **options)
        foundation = Foundation.build(self, settings, on.state)
        messages = Messages(self, "Messages", foundation=foundation)
        api = PaymentsApi(self, "PaymentsApi", foundation=foundation)
        replies = Replies(
            self,
            "Replies",
            foundation=foundation,
            messages=messages,
            received=on.received,
            records=on.records,
        )
        notes = NotesApi(self, "NotesApi", foundation=foundation, records=on.records, api=api.api)
        erasures = Erasures(self, "Erasures", foundation=foundation, records=on.records)
        tasks = TasksApi(self, "TasksApi", foundation=foundation, api=api.api, dossiers=on.dossiers)
        contacts = ContactsApi(self, "ContactsApi", foundation=foundation, api=api.api)
        feedback = Feedback(
            self, "Feedback", foundation=foundation, on=on.feedback, api=api.api, messages=messages
        )
        agreements = Agreements(
            self,
            "Agreements",
            foundation=foundation,
            letters=on.letters,
            messages=messages,
            api=api.api,
        )
        files = on.files.bucket
        imports = PortfolioImport(self, "PortfolioImport", foundation=foundation, bucket=files)
        case = RecoveryCase(
            self, "RecoveryCase", foundation=foundation, dossiers=on.dossiers, records=on.records
        )
        review = DailyReview(self, "DailyReview", foundation=foundation, case=case)
        audit = Audit(self, "Audit", foundation=foundation, on=on.records, api=api.api, by=review)
        changes = LoanChanges(
            self, "LoanChanges", foundation=foundation, case=case, message_queue=messages.queue
        )
        operations = Operations(
            self,
            "Operations",
            watched=Capabilities(
                api=api,
                notes=notes,
                erasures=erasures,
                tasks=tasks,
                contacts=contacts,
                feedback=feedback,
                imports=imports,
                review=review,
                case=case,
                changes=changes,
                messages=messages,
                replies=replies,
                audit=audit,
                agreements=agreements,
            ),
        )
        _output(
            self,
            {
                "ApiUrl": api.api.url,
                "ApiId": api.api.rest_api_id,
                "ApiStage": api.api.deployment_stage.stage_name,
                "CaseStateMachineArn": case.state_machine.state_machine_arn,
                "DailyReviewStateMachineArn": review.state_machine.state_machine_arn,
                "MessageQueueUrl": messages.queue.queue_url,
                "Shards": str(settings.shards),
                "DashboardName": operations.dashboard.dashboard_name,
                **operations.queue_urls,
            },
        )


def _output(stack: Stack, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        CfnOutput(stack, name, value=value)
