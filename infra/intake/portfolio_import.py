"""Portfolio files: uploaded to a bucket and imported when their manifest arrives."""

from aws_cdk import Duration, Size
from aws_cdk.aws_events import EventPattern, Match, Rule
from aws_cdk.aws_events_targets import LambdaFunction
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda_destinations import SqsDestination
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, LifecycleRule
from constructs import Construct

from infra.shared.acknowledgements import GRANT_OF_A_DEAD_LETTER_QUEUE, acknowledge, logical_id
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import FunctionRuntime, PythonFunction
from recovery.adapters.dynamodb import keys

_IMPORTS = "imports/"
_RETRIES = 2
_RETRY_FOR = Duration.hours(6)


class ImportBucket(Bucket):
    """Private, encrypted and versioned; notifies EventBridge of new objects."""

    def __init__(self, scope: Construct, id: str, *, runtime: FunctionRuntime) -> None:
        super().__init__(
            scope,
            id,
            encryption=BucketEncryption.KMS,
            encryption_key=runtime.key,
            bucket_key_enabled=True,
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=runtime.tls_only,
            versioned=True,
            lifecycle_rules=[
                LifecycleRule(
                    prefix=_IMPORTS,
                    expiration=Duration.days(365),
                    noncurrent_version_expiration=Duration.days(30),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
            removal_policy=runtime.removal_policy,
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


class PortfolioImport(Construct):
    """The bucket and the function that imports the files a manifest lists."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
    ) -> None:
        super().__init__(scope, id)
        runtime, table = foundation.runtime, foundation.table
        self.bucket = ImportBucket(self, "Bucket", runtime=runtime)
        self.failed = DeadLetterQueue(
            self,
            "FailedImports",
            foundation=foundation,
            holds="manifests of portfolios that could not be imported",
        )
        self.function = PythonFunction(
            self,
            "ImportPortfolio",
            runtime=runtime,
            file="import_portfolio.py",
            documents=True,
            description="Imports the portfolio files a manifest lists and reports the result",
            timeout=Duration.minutes(15),
            memory_size=1024,
            ephemeral_storage_size=Size.gibibytes(2),
            retry_attempts=_RETRIES,
            max_event_age=_RETRY_FOR,
            on_failure=SqsDestination(self.failed),
        )
        table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.LOAN, keys.PAYMENT, keys.PERSON, keys.CONTACT, keys.INSTITUTION),
        )
        self.function.add_to_role_policy(
            PolicyStatement(
                actions=["s3:GetObject", "s3:PutObject"],
                resources=[self.bucket.arn_for_objects(f"{_IMPORTS}*")],
            )
        )
        runtime.key.allow_use(self.function)
        acknowledge(
            self.function.role,
            *GRANT_OF_A_DEAD_LETTER_QUEUE,
            because="CDK's grant for a failure destination, limited to our one key.",
        )
        acknowledge(
            self.function.role,
            f"AwsSolutions-IAM5[Resource::<{logical_id(self.bucket)}.Arn>/{_IMPORTS}*]",
            because="It reads the files a manifest lists; only their folder is known ahead.",
        )
        self._import_when_a_manifest_arrives()

    def _import_when_a_manifest_arrives(self) -> None:
        Rule(
            self,
            "ManifestArrived",
            event_pattern=EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [self.bucket.bucket_name]},
                    "object": {"key": Match.wildcard(f"{_IMPORTS}*/manifest.json")},
                },
            ),
            targets=[
                LambdaFunction(
                    self.function,
                    dead_letter_queue=self.failed,
                    retry_attempts=_RETRIES,
                    max_event_age=_RETRY_FOR,
                )
            ],
        )
