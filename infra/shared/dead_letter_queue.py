"""The queue for events that could not be handled."""

from aws_cdk import Duration
from aws_cdk.aws_iam import IGrantable
from aws_cdk.aws_sqs import Queue, QueueEncryption, RedriveAllowPolicy, RedrivePermission
from constructs import Construct

from infra.shared.acknowledgements import acknowledge
from infra.shared.alerts import Meaning
from infra.shared.foundation import Foundation


class DeadLetterQueue(Queue):
    """Keeps failures for 14 days; the first message raises an alarm; `recovery redrive` empties it.

    ``holds`` says what failed, ``cause`` what to look at before, ``back`` what a redrive does.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        holds: str,
        cause: str,
        back: str,
        redrives_to_its_source: bool = False,
    ) -> None:
        super().__init__(
            scope,
            id,
            encryption=QueueEncryption.KMS,
            encryption_master_key=foundation.key,
            enforce_ssl=foundation.runtime.tls_only,
            retention_period=Duration.days(14),
            redrive_allow_policy=RedriveAllowPolicy(
                redrive_permission=RedrivePermission.ALLOW_ALL
                if redrives_to_its_source
                else RedrivePermission.DENY_ALL
            ),
        )
        self._key = foundation.key
        foundation.alerts.when(
            self,
            "Alarm",
            metric=self.metric_approximate_number_of_messages_visible(period=Duration.minutes(1)),
            reaches=1,
            means=Meaning(
                happened=f"{id} holds {holds}.",
                shows=f"`recovery failures {id}` lists them, without personal data.",
                mends=f"{cause}; then `recovery redrive {id}` {back}.",
            ),
        )
        acknowledge(
            self,
            "AwsSolutions-SQS3",
            "Serverless-SQSRedrivePolicy",
            because="It is the dead-letter queue; its alarm alerts a person.",
        )

    def allow_sending(self, grantee: IGrantable) -> None:
        """Let the grantee send failures to this queue."""
        self.grant(grantee, "sqs:SendMessage")
        self._key.allow_use(grantee)
