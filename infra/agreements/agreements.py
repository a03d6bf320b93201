"""The API of the yes by a code, and the function that writes letters once an agreement is made."""

from aws_cdk import Duration
from aws_cdk.aws_events import EventBus, EventPattern, Rule
from aws_cdk.aws_events_targets import SqsQueue
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_sqs import DeadLetterQueue as Redrive
from aws_cdk.aws_sqs import Queue, QueueEncryption
from constructs import Construct

from infra.agreements.kept_letters import KeptLetters
from infra.contact.messages import Messages
from infra.shared.acknowledgements import acknowledge, export_name
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.event_bus import SOURCE
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from infra.shared.signed_api import INSTITUTION, SignedApi
from recovery.adapters.dynamodb import keys

_LOAN = f"{INSTITUTION}/loans/{{loan_id}}"
_CODES = f"{_LOAN}/offers/{{offer_id}}/codes"
_ROUTES = (
    ("POST", _CODES),
    ("POST", f"{_CODES}/answer"),
    ("GET", f"{_LOAN}/agreements/{{agreement_id}}/letters"),
    ("GET", f"{_LOAN}/letters"),
)
_TELLS = ("AgreementMade", "LettersDue")
_WRITING_TIME = Duration.seconds(60)
_MOST_TRIES = 10  # some of them wait for the morning


class Agreements(Construct):
    """What comes between an offer and the letter that each person keeps."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        letters: KeptLetters,
        messages: Messages,
        api: SignedApi,
    ) -> None:
        super().__init__(scope, id)
        self._foundation, self._letters, self._messages = foundation, letters, messages
        self.failed = DeadLetterQueue(
            self,
            "FailedLetters",
            foundation=foundation,
            holds="agreements whose letters could not be written or sent",
            redrives_to_its_source=True,
        )
        self.queue = self._queue()
        self.api_function = self._api(api)
        self.function = self._writing()

    def _queue(self) -> Queue:
        """Return the queue of agreements made and letters due before court, as the bus tells."""
        runtime = self._foundation.runtime
        queue = Queue(
            self,
            "Queue",
            encryption=QueueEncryption.KMS,
            encryption_master_key=self._foundation.key,
            enforce_ssl=runtime.tls_only,
            visibility_timeout=Duration.seconds(6 * _WRITING_TIME.to_seconds()),
            dead_letter_queue=Redrive(queue=self.failed, max_receive_count=_MOST_TRIES),
        )
        name = self._foundation.events.event_bus_name
        made = Rule(
            self,
            "AgreementMade",
            event_bus=EventBus.from_event_bus_name(self, "Bus", name),
            event_pattern=EventPattern(source=[SOURCE], detail_type=[*_TELLS]),
            # Imported, or CDK would let EventBridge use the key of the other stack without limit.
            targets=[
                SqsQueue(
                    Queue.from_queue_arn(self, "QueueOfAgreements", queue.queue_arn),
                    dead_letter_queue=self.failed,
                )
            ],
        )
        queue.add_to_resource_policy(
            PolicyStatement(
                principals=[ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": made.rule_arn}},
            )
        )
        return queue

    def _api(self, api: SignedApi) -> PythonFunction:
        foundation, environment = self._foundation, self._messages.environment
        function = PythonFunction(
            self,
            "SayYes",
            runtime=foundation.runtime,
            file="agreements_api.py",
            documents=True,
            description="Sends codes that say yes to an offer, takes them, shows the letters",
            memory_size=1024,  # a code takes scrypt, which is to be slow for others alone
            environment={
                "SENDER_EMAIL": environment["SENDER_EMAIL"],
                "CONFIGURATION_SET": environment["CONFIGURATION_SET"],
                "LETTER_BUCKET": self._letters.bucket.bucket_name,
            },
        )
        foundation.table.allow(
            function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            kinds=(keys.LOAN, keys.PERSON),
            reads=(keys.CONTACT, keys.INSTITUTION),
        )
        self._messages.allow_messages(function)
        self._letters.allow(function, "s3:GetObject")
        self._acknowledge(function)
        api.serve(function, *_ROUTES)
        return function

    def _writing(self) -> PythonFunction:
        foundation, environment = self._foundation, self._messages.environment
        function = PythonFunction(
            self,
            "WriteLetters",
            runtime=foundation.runtime,
            file="write_letters.py",
            documents=True,
            pdf=True,
            description="Writes and keeps letters: about agreements, and before court for people",
            timeout=_WRITING_TIME,
            memory_size=1024,
            environment={
                "SENDER_EMAIL": environment["SENDER_EMAIL"],
                "CONFIGURATION_SET": environment["CONFIGURATION_SET"],
                "EVENT_BUS_NAME": environment["EVENT_BUS_NAME"],
                "LETTER_BUCKET": self._letters.bucket.bucket_name,
                "LETTER_QUEUE_URL": self.queue.queue_url,
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
            function,
            "Serverless-LambdaEventSourceMappingDestination",
            because="The queue's own redrive policy keeps agreements whose letters failed.",
        )
        foundation.table.allow(
            function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.LOAN, keys.PERSON, keys.TIMELINE, keys.TASK, keys.SENT),
            reads=(keys.CONTACT, keys.INSTITUTION),
        )
        foundation.events.grant_put_events_to(function)
        foundation.table.allow_chaining(function)
        self._messages.allow_messages(function)
        self._letters.allow(function, "s3:GetObject", "s3:PutObject")
        self._acknowledge(function)
        return function

    def _acknowledge(self, function: PythonFunction) -> None:
        bucket = export_name(self._letters.bucket, self._letters.bucket.bucket_arn)
        acknowledge(
            function.role,
            f"AwsSolutions-IAM5[Resource::{bucket}/*]",
            because="It may reach any letter of the bucket, which has nothing else.",
        )
