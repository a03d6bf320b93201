"""The bucket that institutions upload portfolio files to."""

from aws_cdk import Duration
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, LifecycleRule
from constructs import Construct

from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge
from infra.shared.data_key import DataKey

IMPORTS = "imports/"


class ImportBucket(Bucket):
    """Private, encrypted and versioned; notifies EventBridge of new objects."""

    def __init__(self, scope: Construct, id: str, *, key: DataKey, settings: StackSettings) -> None:
        super().__init__(
            scope,
            id,
            encryption=BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=settings.tls_only,
            versioned=True,
            lifecycle_rules=[
                LifecycleRule(
                    prefix=IMPORTS,
                    expiration=Duration.days(365),
                    noncurrent_version_expiration=Duration.days(30),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
            removal_policy=settings.removal_policy,
        )
        acknowledge(
            self,
            "AwsSolutions-S1",
            because="CloudTrail data events record access; access logs would spread personal data.",
        )
        bucket: CfnBucket = self.node.default_child
        bucket.notification_configuration = CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )


class PortfolioFiles(Construct):
    """The bucket, apart from the function that reads it: files outlive every upgrade."""

    def __init__(self, scope: Construct, id: str, *, key: DataKey, settings: StackSettings) -> None:
        super().__init__(scope, id)
        self.bucket = ImportBucket(self, "Bucket", key=key, settings=settings)
