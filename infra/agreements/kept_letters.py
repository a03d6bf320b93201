"""Where letters are kept under lock: nobody changes one; erasing takes a permission of its own."""

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
from infra.shared.acknowledgements import acknowledge
from infra.shared.data_key import DataKey
from recovery.adapters.letters import locked_days


class KeptLetters(Construct):
    """The bucket, apart from the functions that use it: it outlives every upgrade.

    The lock is GOVERNANCE: a person's right to erasure stays possible, by somebody who may bypass
    it. No function may. A letter whose loan is kept no more gets a marker, and goes with its lock.
    """

    def __init__(self, scope: Construct, id: str, *, key: DataKey, settings: StackSettings) -> None:
        super().__init__(scope, id)
        self._key = key
        self.bucket = Bucket(
            self,
            "Bucket",
            encryption=BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=settings.tls_only,
            versioned=True,
            object_lock_enabled=True,
            object_lock_default_retention=ObjectLockRetention.governance(
                Duration.days(locked_days())
            ),
            lifecycle_rules=[
                LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    # What was let go has a marker over it; S3 erases no version before its lock.
                    noncurrent_version_expiration=Duration.days(1),
                    expired_object_delete_marker=True,
                )
            ],
            removal_policy=settings.removal_policy,
        )
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            because="CloudTrail data events record access; access logs would spread personal data.",
        )

    @property
    def exported(self) -> tuple[str, ...]:
        """The names and ARNs another stack may use."""
        return self.bucket.bucket_name, self.bucket.bucket_arn

    @property
    def outputs(self) -> dict[str, str]:
        """What the command line needs, by name."""
        return {"LetterBucketName": self.bucket.bucket_name}

    def allow(self, grantee: IGrantable, *actions: str) -> None:
        """Let the grantee do this with letters, such as ``s3:GetObject``."""
        grantee.grant_principal.add_to_principal_policy(
            PolicyStatement(actions=[*actions], resources=[self.bucket.arn_for_objects("*")])
        )
        self._key.allow_use(grantee)
