"""A bucket whose files nobody changes; erasing one takes a permission that no function has."""

from aws_cdk import Duration
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


def locked_bucket(scope: Construct, id: str, *, key: DataKey, settings: StackSettings) -> Bucket:
    """Return a private, versioned bucket with the data key, locked for as long as proof is kept.

    The lock is GOVERNANCE: a person's right to erasure stays possible, by somebody who may bypass
    it.
    """
    bucket = Bucket(
        scope,
        id,
        encryption=BucketEncryption.KMS,
        encryption_key=key,
        bucket_key_enabled=True,
        block_public_access=BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=settings.tls_only,
        versioned=True,
        object_lock_enabled=True,
        object_lock_default_retention=ObjectLockRetention.governance(Duration.days(locked_days())),
        lifecycle_rules=[LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(7))],
        removal_policy=settings.removal_policy,
    )
    acknowledge(
        bucket,
        "AwsSolutions-S1",
        because="CloudTrail data events record access; access logs would spread personal data.",
    )
    return bucket
