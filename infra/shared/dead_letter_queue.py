"""Where an event ends that could not be processed."""

from aws_cdk import Duration
from aws_cdk.aws_iam import IGrantable
from aws_cdk.aws_sqs import Queue, QueueEncryption, RedriveAllowPolicy, RedrivePermission
from constructs import Construct

from infra.shared.acknowledgements import acknowledge
from infra.shared.foundation import Foundation


class DeadLetterQueue(Queue):
    """Keeps what failed for 14 days; one message raises an alarm; a redrive empties it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        holds: str,
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
            means=f"{id}: {holds}. Mend the cause, then redrive the queue.",
        )
        acknowledge(
            self,
            "AwsSolutions-SQS3",
            "Serverless-SQSRedrivePolicy",
            because="It is where failures end; its alarm calls a person.",
        )

    def allow_sending(self, grantee: IGrantable) -> None:
        """The grantee may put what failed into this queue."""
        self.grant(grantee, "sqs:SendMessage")
        self._key.allow_use(grantee)
