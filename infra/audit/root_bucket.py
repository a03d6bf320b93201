"""Where the daily roots lie, locked so that nobody can change or delete them, the owner included.

They are hashes alone: nothing of a person has to be erased from here, so that the strictest lock
may hold for ten years. The embedded AWS does not lock a bucket that CloudFormation made.
"""

from aws_cdk import Duration
from aws_cdk.aws_iam import IGrantable, PolicyStatement
from aws_cdk.aws_s3 import (
    BlockPublicAccess,
    Bucket,
    BucketEncryption,
    LifecycleRule,
    ObjectLockRetention,
)
from constructs import Construct

from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge, export_name
from infra.shared.data_key import DataKey
from recovery.adapters.roots import KEPT_DAYS


class RootBucket(Bucket):
    """Private, encrypted, versioned, under object lock in COMPLIANCE mode."""

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
            object_lock_enabled=True,
            object_lock_default_retention=ObjectLockRetention.compliance(Duration.days(KEPT_DAYS)),
            lifecycle_rules=[
                LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(7))
            ],
            removal_policy=settings.removal_policy,
        )
        self._key = key
        acknowledge(
            self,
            "AwsSolutions-S1",
            because="CloudTrail data events record access; there is nothing but hashes to see.",
        )

    @property
    def exported(self) -> tuple[str, ...]:
        """The name and ARN another stack may use."""
        return self.bucket_name, self.bucket_arn

    def allow(self, grantee: IGrantable, *, put: bool = False) -> None:
        """Let the grantee read roots, and put them."""
        objects = self.arn_for_objects("*")
        actions = ["s3:GetObject", "s3:GetObjectVersion", *(["s3:PutObject"] if put else [])]
        for some, resource in (
            (actions, objects),
            (["s3:ListBucketVersions"], self.bucket_arn),
        ):
            grantee.grant_principal.add_to_principal_policy(
                PolicyStatement(actions=some, resources=[resource])
            )
        self._key.allow_use(grantee)
        acknowledge(
            grantee,
            f"AwsSolutions-IAM5[Resource::{export_name(self, self.bucket_arn)}/*]",
            because="It reads the root of any day; there is nothing else in the bucket.",
        )
