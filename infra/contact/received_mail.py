"""Where e-mail replies arrive: a bucket with a key of its own, emptied by itself."""

from aws_cdk import Aws, Duration
from aws_cdk.aws_iam import IGrantable, PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, LifecycleRule
from constructs import Construct

from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge

_KEPT = Duration.days(30)  # to hear one again that failed; the words are kept as a note


class ReceivedMail(Construct):
    """One folder per institution; SES may put e-mails there, and EventBridge hears of each."""

    def __init__(self, scope: Construct, id: str, *, settings: StackSettings) -> None:
        super().__init__(scope, id)
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
        self._let_ses_put()

    @property
    def exported(self) -> tuple[str, ...]:
        """The names and ARNs another stack may use."""
        return (self.key.key_arn, self.bucket.bucket_name, self.bucket.bucket_arn)

    def allow_reading(self, grantee: IGrantable) -> None:
        """Let the grantee read e-mails."""
        grantee.grant_principal.add_to_principal_policy(
            PolicyStatement(actions=["s3:GetObject"], resources=[self.bucket.arn_for_objects("*")])
        )
        self.key.grant(grantee, "kms:Decrypt")

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
