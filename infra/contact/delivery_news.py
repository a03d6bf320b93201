"""What became of each message: the providers' news, queued, taken up by one function."""

from aws_cdk import Aws, Duration
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_logs import FilterPattern, LogGroup, RetentionDays, SubscriptionFilter
from aws_cdk.aws_logs_destinations import LambdaDestination
from aws_cdk.aws_ses import (
    ConfigurationSet,
    ConfigurationSetEventDestination,
    EmailSendingEvent,
    EventDestination,
)
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sns_subscriptions import SqsSubscription
from aws_cdk.aws_sqs import DeadLetterQueue as Redrive
from aws_cdk.aws_sqs import Queue, QueueEncryption
from constructs import Construct

from infra.shared.acknowledgements import acknowledge
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from recovery.adapters.dynamodb import keys

_TAKING_UP_TIME = Duration.seconds(30)
_EVENTS = (EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.DELIVERY)


class DeliveryNews(Construct):
    """The queue of what SES and End User Messaging publish to the topic, and the function."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        topic: Topic,
        configuration_set: ConfigurationSet,
    ) -> None:
        super().__init__(scope, id)
        runtime = foundation.runtime
        self.failed = DeadLetterQueue(
            self,
            "FailedDeliveries",
            foundation=foundation,
            holds="news of bounces, complaints and deliveries that could not be taken up",
            cause="fix what `recovery logs NoteDeliveries` names",
            back="has it taken up again",
            redrives_to_its_source=True,
        )
        self.queue = Queue(
            self,
            "Queue",
            encryption=QueueEncryption.KMS,
            encryption_master_key=foundation.key,
            enforce_ssl=runtime.tls_only,
            visibility_timeout=Duration.seconds(6 * _TAKING_UP_TIME.to_seconds()),
            dead_letter_queue=Redrive(queue=self.failed, max_receive_count=5),
        )
        # By its ARN: what is in the other stack has its own policy, and needs nothing of this one.
        known = Topic.from_topic_arn(self, "Topic", topic.topic_arn)
        known.add_subscription(
            SqsSubscription(self.queue, raw_message_delivery=True, dead_letter_queue=self.failed)
        )
        ConfigurationSetEventDestination(
            self,
            "Events",
            configuration_set=configuration_set,
            destination=EventDestination.sns_topic(known),
            events=list(_EVENTS),
        )
        self.function = PythonFunction(
            self,
            "NoteDeliveries",
            runtime=runtime,
            file="note_deliveries.py",
            documents=True,
            description="Marks addresses that are dead, and lets what reached nobody be said again",
            timeout=_TAKING_UP_TIME,
            environment={"EVENT_BUS_NAME": foundation.events.event_bus_name},
            events=[
                SqsEventSource(
                    self.queue,
                    batch_size=10,
                    max_concurrency=2,
                    report_batch_item_failures=True,
                )
            ],
        )
        acknowledge(
            self.function,
            "Serverless-LambdaEventSourceMappingDestination",
            because="The queue's own redrive policy keeps news that could not be taken up.",
        )
        foundation.table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.PERSON, keys.CONTACT, keys.LOAN, keys.TASK),
            reads=(keys.INSTITUTION, keys.SENT),
        )
        foundation.events.grant_put_events_to(self.function)
        if not foundation.settings.embedded:
            self._read_the_log_of_text_messages(foundation)

    def _read_the_log_of_text_messages(self, foundation: Foundation) -> None:
        """SNS tells what became of an SMS in a log alone, once the account's settings name a role
        that may write it; the log's name is fixed."""
        log = LogGroup(
            self,
            "FailedTexts",
            log_group_name=(
                f"sns/{Aws.REGION}/{Aws.ACCOUNT_ID}/DirectPublishToPhoneNumber/Failure"
            ),
            retention=RetentionDays.ONE_YEAR,
            encryption_key=foundation.key,
            removal_policy=foundation.settings.removal_policy,
        )
        SubscriptionFilter(
            self,
            "FailedTextsSubscription",
            log_group=log,
            destination=LambdaDestination(self.function),
            filter_pattern=FilterPattern.all_events(),
        )
