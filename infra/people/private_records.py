"""What few may read: the key of sensitive notes; evidence and packages, with a key of their own;
the roots of audit entries."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_iam import IGrantable, PolicyStatement
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, LifecycleRule
from constructs import Construct

from infra.audit.root_bucket import RootBucket
from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge
from infra.shared.data_key import DataKey
from recovery.adapters.evidence import EXPIRES, YES
from recovery.documents.packs.reading import careful_people_pack


class PrivateRecords(Construct):
    """Keys and bucket, apart from the function that uses them: they outlive every upgrade."""

    def __init__(
        self, scope: Construct, id: str, data_key: DataKey, settings: StackSettings
    ) -> None:
        super().__init__(scope, id)
        kept = settings.removal_policy
        self.note_key = _key(self, "NoteKey", "sensitive notes about persons", kept)
        self.evidence_key = _key(self, "EvidenceKey", "evidence of disputes", kept)
        self.evidence = EvidenceBucket(self, "Evidence", key=self.evidence_key, settings=settings)
        self.packages = EvidenceBucket(self, "Packages", key=self.evidence_key, settings=settings)
        self.roots = RootBucket(self, "AuditRoots", key=data_key, settings=settings)

    @property
    def exported(self) -> tuple[str, ...]:
        """The names and ARNs another stack may use."""
        return (
            self.note_key.key_arn,
            self.evidence_key.key_arn,
            self.evidence.bucket_name,
            self.evidence.bucket_arn,
            self.packages.bucket_name,
            self.packages.bucket_arn,
            *self.roots.exported,
        )

    @property
    def outputs(self) -> dict[str, str]:
        """What the command line needs, by name."""
        return {
            "NoteKeyArn": self.note_key.key_arn,
            "EvidenceBucketName": self.evidence.bucket_name,
            "PackageBucketName": self.packages.bucket_name,
            "RootBucketName": self.roots.bucket_name,
        }

    def allow_notes(self, grantee: IGrantable) -> None:
        """Let the grantee encrypt and decrypt notes."""
        self.note_key.grant(grantee, "kms:Encrypt", "kms:Decrypt")

    def allow_evidence(self, grantee: IGrantable) -> None:
        """Let the grantee write, list and read evidence."""
        bucket = self.evidence
        for action, resource in {
            "s3:PutObject": bucket.arn_for_objects("*"),
            "s3:PutObjectTagging": bucket.arn_for_objects("*"),
            "s3:GetObject": bucket.arn_for_objects("*"),
            "s3:ListBucket": bucket.bucket_arn,
        }.items():
            grantee.grant_principal.add_to_principal_policy(
                PolicyStatement(actions=[action], resources=[resource])
            )
        self.evidence_key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey")

    def allow_reading_evidence(self, grantee: IGrantable) -> None:
        """Let the grantee list and read evidence, and write none."""
        bucket = self.evidence
        for action, resource in {
            "s3:GetObject": bucket.arn_for_objects("*"),
            "s3:ListBucket": bucket.bucket_arn,
        }.items():
            grantee.grant_principal.add_to_principal_policy(
                PolicyStatement(actions=[action], resources=[resource])
            )
        self.evidence_key.grant(grantee, "kms:Decrypt")


class EvidenceBucket(Bucket):
    """Private, encrypted and versioned; erases by itself what is older than the pack allows."""

    def __init__(self, scope: Construct, id: str, *, key: Key, settings: StackSettings) -> None:
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
                LifecycleRule(  # what a legal hold keeps has another value
                    tag_filters={EXPIRES: YES},
                    expiration=Duration.days(_longest_retention_days()),
                ),
                LifecycleRule(
                    noncurrent_version_expiration=Duration.days(30),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                ),
            ],
            removal_policy=settings.removal_policy,
        )
        acknowledge(
            self,
            "AwsSolutions-S1",
            because="CloudTrail data events record access; access logs would spread personal data.",
        )


def _longest_retention_days() -> int:
    """Return how long evidence is kept by the careful rules."""
    [rule] = [each for each in careful_people_pack().careful.retention if each.item == "evidence"]
    return rule.days


def _key(scope: Construct, id: str, of: str, removal_policy: RemovalPolicy) -> Key:
    return Key(
        scope,
        id,
        description=f"Portfolio Recovery: {of}",
        enable_key_rotation=True,
        removal_policy=removal_policy,
    )
