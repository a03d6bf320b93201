"""Hears what people reply: rules that receive e-mail, one queue for all replies, one function."""

from aws_cdk import Duration
from aws_cdk.aws_events import EventPattern, Rule
from aws_cdk.aws_events_targets import SqsQueue
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_ses import CfnReceiptRule, CfnReceiptRuleSet
from aws_cdk.aws_sns import Subscription, SubscriptionProtocol
from aws_cdk.aws_sqs import DeadLetterQueue as Redrive
from aws_cdk.aws_sqs import Queue, QueueEncryption
from constructs import Construct

from infra.contact.messages import Messages
from infra.contact.received_replies import ReceivedReplies
from infra.people.private_records import PrivateRecords
from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge, export_name
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from recovery.adapters.dynamodb import keys

_HEARING_TIME = Duration.seconds(60)


class Replies(Construct):
    """Everything between a person's reply and what it brings."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        messages: Messages,
        received: ReceivedReplies,
        records: PrivateRecords,
    ) -> None:
        super().__init__(scope, id)
        runtime = foundation.runtime
        self.failed = DeadLetterQueue(
            self,
            "FailedReplies",
            foundation=foundation,
            holds="replies that could not be heard",
            cause="fix what `recovery logs HearReplies` names",
            back="has them heard again",
            redrives_to_its_source=True,
        )
        self.queue = Queue(
            self,
            "Queue",
            encryption=QueueEncryption.KMS,
            encryption_master_key=foundation.key,
            enforce_ssl=runtime.tls_only,
            visibility_timeout=Duration.seconds(6 * _HEARING_TIME.to_seconds()),
            dead_letter_queue=Redrive(queue=self.failed, max_receive_count=5),
        )
        self._receive_texts(received)
        self._receive_mail(received, foundation.settings)
        self.function = PythonFunction(
            self,
            "HearReplies",
            runtime=runtime,
            file="hear_replies.py",
            documents=True,
            description="Hears what people reply by SMS and e-mail, and does what it asks for",
            timeout=_HEARING_TIME,
            environment={
                **messages.environment,
                "NOTE_KEY_ARN": records.note_key.key_arn,
                "MAIL_BUCKET": received.bucket.bucket_name,
            },
            events=[
                SqsEventSource(
                    self.queue,
                    batch_size=5,
                    max_concurrency=2,
                    report_batch_item_failures=True,
                )
            ],
        )
        acknowledge(
            self.function,
            "Serverless-LambdaEventSourceMappingDestination",
            because="The queue's own redrive policy keeps replies that could not be heard.",
        )
        self._allow(foundation, messages, received, records)

    def _receive_texts(self, received: ReceivedReplies) -> None:
        Subscription(
            self,
            "TextsToQueue",
            topic=received.topic,
            protocol=SubscriptionProtocol.SQS,
            endpoint=self.queue.queue_arn,
            dead_letter_queue=self.failed,
        )
        self._let_send("sns.amazonaws.com", received.topic.topic_arn)

    def _receive_mail(self, received: ReceivedReplies, settings: StackSettings) -> None:
        # Imported, or CDK would let EventBridge use the key of the other stack without limit.
        queue = Queue.from_queue_arn(self, "QueueOfMail", self.queue.queue_arn)
        arrived = Rule(
            self,
            "MailArrived",
            event_pattern=EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={"bucket": {"name": [received.bucket.bucket_name]}},
            ),
            targets=[SqsQueue(queue, dead_letter_queue=self.failed)],
        )
        self._let_send("events.amazonaws.com", arrived.rule_arn)
        receiving = [each for each in settings.institutions if each.reply_to]
        if settings.embedded or not receiving:  # the embedded AWS has no receipt rules
            return
        rules = CfnReceiptRuleSet(self, "MailRules")
        for each in receiving:
            CfnReceiptRule(
                self,
                f"MailOf-{each.institution_id}",
                rule_set_name=rules.ref,
                rule=CfnReceiptRule.RuleProperty(
                    enabled=True,
                    recipients=[each.reply_to],
                    scan_enabled=True,
                    tls_policy="Require",
                    actions=[
                        CfnReceiptRule.ActionProperty(
                            s3_action=CfnReceiptRule.S3ActionProperty(
                                bucket_name=received.bucket.bucket_name,
                                object_key_prefix=f"{each.institution_id}/",
                            )
                        )
                    ],
                ),
            )

    def _let_send(self, service: str, source_arn: str) -> None:
        self.queue.add_to_resource_policy(
            PolicyStatement(
                principals=[ServicePrincipal(service)],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": source_arn}},
            )
        )

    def _allow(
        self,
        foundation: Foundation,
        messages: Messages,
        received: ReceivedReplies,
        records: PrivateRecords,
    ) -> None:
        table = foundation.table
        table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.LOAN, keys.PERSON, keys.CONTACT, keys.TASK, keys.TIMELINE),
            reads=(keys.INSTITUTION,),
        )
        table.allow(self.function, "dynamodb:PutItem", kinds=(keys.NOTE,))
        table.allow_chaining(self.function)
        records.note_key.grant(self.function, "kms:Encrypt")
        received.allow_reading_mail(self.function)
        foundation.events.grant_put_events_to(self.function)
        messages.queue.allow_sending(self.function)
        messages.allow_messages(self.function)
        bucket = export_name(received.bucket, received.bucket.bucket_arn)
        acknowledge(
            self.function.role,
            f"AwsSolutions-IAM5[Resource::{bucket}/*]",
            because="It reads any e-mail of the bucket, which has nothing else.",
        )
