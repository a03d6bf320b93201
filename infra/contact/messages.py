"""Messages to borrowers: queue, check against the contact rules, send by e-mail and SMS."""

from aws_cdk import Aws, Duration
from aws_cdk.aws_iam import IGrantable, PolicyStatement
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_ses import ConfigurationSet, ConfigurationSetTlsPolicy, EmailIdentity, Identity
from aws_cdk.aws_sqs import DeadLetterQueue as Redrive
from aws_cdk.aws_sqs import Queue, QueueEncryption
from constructs import Construct

from infra.shared.acknowledgements import acknowledge
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import FunctionRuntime, PythonFunction
from recovery.adapters.dynamodb import keys

_SENDING_TIME = Duration.seconds(30)


class MessageQueue(Queue):
    """Persons with a wish to consider; after five failures one goes to the dead-letter queue."""

    def __init__(
        self, scope: Construct, id: str, *, runtime: FunctionRuntime, failed: DeadLetterQueue
    ) -> None:
        super().__init__(
            scope,
            id,
            encryption=QueueEncryption.KMS,
            encryption_master_key=runtime.key,
            enforce_ssl=runtime.tls_only,
            visibility_timeout=Duration.seconds(6 * _SENDING_TIME.to_seconds()),
            dead_letter_queue=Redrive(queue=failed, max_receive_count=5),
        )
        self._key = runtime.key

    def allow_sending(self, grantee: IGrantable) -> None:
        """Let the grantee queue wakes."""
        self.grant(grantee, "sqs:SendMessage")
        self._key.allow_use(grantee)


class Messages(Construct):
    """The queue, the sending function and the sender identity."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
    ) -> None:
        super().__init__(scope, id)
        runtime, events = foundation.runtime, foundation.events
        settings = foundation.settings
        self.failed = DeadLetterQueue(
            self,
            "FailedMessages",
            foundation=foundation,
            holds="messages that could not be sent",
            cause="look at the sender with `recovery doctor`",
            back="has each looked at again; what is no longer right to say is not said",
            redrives_to_its_source=True,
        )
        self.queue = MessageQueue(self, "Queue", runtime=runtime, failed=self.failed)
        identity = EmailIdentity(self, "Sender", identity=Identity.email(settings.sender_email))
        self.configuration_set = configuration_set = ConfigurationSet(
            self,
            "ConfigurationSet",
            reputation_metrics=True,
            tls_policy=ConfigurationSetTlsPolicy.REQUIRE,
        )
        self._runtime = runtime
        self._identity, self._configuration_set = identity, configuration_set
        self.environment = {
            "MESSAGE_QUEUE_URL": self.queue.queue_url,
            "SENDER_EMAIL": settings.sender_email,
            "CONFIGURATION_SET": configuration_set.configuration_set_name,
            "EVENT_BUS_NAME": events.event_bus_name,
        }
        self.function = PythonFunction(
            self,
            "SendMessages",
            runtime=runtime,
            file="send_messages.py",
            documents=True,
            description="Sends messages the contact rules allow, withholds the rest, records both",
            timeout=_SENDING_TIME,
            environment=self.environment,
            events=[
                SqsEventSource(
                    self.queue,
                    batch_size=10,
                    # The embedded AWS runs a process per concurrent call, on few cores.
                    max_concurrency=2 if runtime.embedded else 5,
                    report_batch_item_failures=True,
                )
            ],
        )
        acknowledge(
            self.function,
            "Serverless-LambdaEventSourceMappingDestination",
            because="The queue's own redrive policy keeps messages that could not be sent.",
        )
        self._allow(foundation)

    def _allow(self, foundation: Foundation) -> None:
        foundation.table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(
                *(keys.LOAN, keys.PERSON, keys.TIMELINE, keys.TASK, keys.SENT),
                keys.EXPERIMENT,
            ),
            reads=(keys.CONTACT, keys.INSTITUTION),
        )
        foundation.events.grant_put_events_to(self.function)
        foundation.table.allow_chaining(self.function)
        self.queue.allow_sending(self.function)  # to come back later
        self.allow_messages(self.function)

    def allow_messages(self, function: PythonFunction) -> None:
        """Let the function send e-mails from the sender, and text messages to phones."""
        ses = f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        function.add_to_role_policy(
            PolicyStatement(
                actions=["ses:SendEmail"],
                resources=self._runtime.narrowest(
                    self._identity.email_identity_arn,
                    f"{ses}:configuration-set/{self._configuration_set.configuration_set_name}",
                ),
            )
        )
        function.add_to_role_policy(
            PolicyStatement(
                sid="PhoneNumbersButNoTopics",
                actions=["sns:Publish"],
                not_resources=[f"arn:{Aws.PARTITION}:sns:*:*:*"],
            )
        )
