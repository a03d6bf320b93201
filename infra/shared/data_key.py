"""The key that encrypts all data at rest."""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk.aws_iam import IGrantable, PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from constructs import Construct

_USE = ("kms:Decrypt", "kms:GenerateDataKey")


class DataKey(Key):
    """A rotating customer-managed key for all data at rest, but sensitive notes, evidence with
    packages, and received mail: these have keys of their own.

    Services of this account may use it: the logs for our log groups, CloudWatch for the alerts
    topic, SES and End User Messaging for the topics of news and replies, SNS and EventBridge for
    our queues, those of failed deliveries among them.
    """

    def __init__(self, scope: Construct, id: str, *, removal_policy: RemovalPolicy) -> None:
        super().__init__(
            scope,
            id,
            description="Portfolio Recovery: loans, files, queues, topics and logs at rest",
            enable_key_rotation=True,
            removal_policy=removal_policy,
        )
        self.add_to_resource_policy(
            PolicyStatement(
                sid="LogsOfThisAccount",
                principals=[ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=["*"],
                conditions={
                    "ArnLike": {
                        "kms:EncryptionContext:aws:logs:arn": (
                            f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:*"
                        )
                    }
                },
            )
        )
        self.add_to_resource_policy(
            PolicyStatement(
                sid="AlarmsFailedDeliveriesAndRepliesOfThisAccount",
                principals=[
                    ServicePrincipal("cloudwatch.amazonaws.com"),
                    ServicePrincipal("events.amazonaws.com"),
                    ServicePrincipal("ses.amazonaws.com"),
                    ServicePrincipal("sms-voice.amazonaws.com"),
                    ServicePrincipal("sns.amazonaws.com"),
                ],
                actions=list(_USE),
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )

    def allow_use(self, grantee: IGrantable) -> None:
        """Let the grantee read and write data encrypted with this key."""
        self.grant(grantee, *_USE)
