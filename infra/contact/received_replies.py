"""Where replies arrive: a topic for text messages, and a bucket for e-mails with a key of its own.

Numbers and receipt rules point to them, so they outlive every upgrade.
"""

from aws_cdk import Aws, Duration
from aws_cdk.aws_iam import IGrantable, PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, LifecycleRule
from aws_cdk.aws_sns import Topic
from constructs import Construct

from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge
from infra.shared.data_key import DataKey

_KEPT = Duration.days(30)  # to hear one again that failed; the words are kept as a note


class ReceivedReplies(Construct):
    """The topic of two-way SMS; the bucket with one folder per institution, emptied by itself."""

    def __init__(
        self, scope: Construct, id: str, *, data_key: DataKey, settings: StackSettings
    ) -> None:
        super().__init__(scope, id)
        self.topic = Topic(
            self,
            "TextMessages",
            display_name="Text messages that people reply",
            master_key=data_key,
            enforce_ssl=settings.tls_only,
        )
        self.key = Key(
            self,
            "Key",
            description="Portfolio Recovery: e-mails that were received",
            enable_key_rotation=True,
            removal_policy=settings.removal_policy,
        )
        self.bucket = Bucket(
            self,
            "Bucket",
            encryption=BucketEncryption.KMS,
            encryption_key=self.key,
            bucket_key_enabled=True,
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=settings.tls_only,
            versioned=True,
            lifecycle_rules=[
                LifecycleRule(
                    expiration=_KEPT,
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
            removal_policy=settings.removal_policy,
        )
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            because="CloudTrail data events record access; access logs would spread personal data.",
        )
        bucket: CfnBucket = self.bucket.node.default_child
        bucket.notification_configuration = CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )
        self._let_numbers_publish()
        if not settings.embedded:  # which receives no e-mail
            self._let_ses_put()

    @property
    def exported(self) -> tuple[str, ...]:
        """The names and ARNs another stack may use."""
        bucket = self.bucket
        return (
            self.topic.topic_arn,
            self.key.key_arn,
            bucket.bucket_name,
            bucket.bucket_arn,
        )

    @property
    def outputs(self) -> dict[str, str]:
        """Where a number's two-way messages go, and e-mails, by name."""
        return {
            "TextMessagesTopicArn": self.topic.topic_arn,
            "MailBucketName": self.bucket.bucket_name,
        }

    def allow_reading_mail(self, grantee: IGrantable) -> None:
        """Let the grantee read e-mails."""
        grantee.grant_principal.add_to_principal_policy(
            PolicyStatement(actions=["s3:GetObject"], resources=[self.bucket.arn_for_objects("*")])
        )
        self.key.grant(grantee, "kms:Decrypt")

    def _let_numbers_publish(self) -> None:
        self.topic.add_to_resource_policy(
            PolicyStatement(
                sid="NumbersOfThisAccount",
                principals=[ServicePrincipal("sms-voice.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )

    def _let_ses_put(self) -> None:
        of_this_account = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        ses = ServicePrincipal("ses.amazonaws.com")
        self.bucket.add_to_resource_policy(
            PolicyStatement(
                sid="MailOfThisAccount",
                principals=[ses],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects("*")],
                conditions=of_this_account,
            )
        )
        self.key.add_to_resource_policy(
            PolicyStatement(
                sid="MailOfThisAccount",
                principals=[ses],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                conditions=of_this_account,
            )
        )
