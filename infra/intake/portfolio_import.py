"""Imports portfolio files when their manifest arrives in the bucket."""

from aws_cdk import Duration, Size
from aws_cdk.aws_events import EventPattern, Match, Rule
from aws_cdk.aws_events_targets import LambdaFunction
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda_destinations import SqsDestination
from constructs import Construct

from infra.intake.portfolio_files import IMPORTS, ImportBucket
from infra.shared.acknowledgements import GRANT_OF_A_DEAD_LETTER_QUEUE, acknowledge, export_name
from infra.shared.alerts import Meaning
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction, counted
from recovery.adapters.dynamodb import keys

_RETRIES = 2
_RETRY_FOR = Duration.hours(6)


class PortfolioImport(Construct):
    """The function that imports the files a manifest lists, and the rule that starts it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        bucket: ImportBucket,
    ) -> None:
        super().__init__(scope, id)
        runtime, table = foundation.runtime, foundation.table
        self.bucket = bucket
        self.failed = DeadLetterQueue(
            self,
            "FailedImports",
            foundation=foundation,
            holds="manifests of portfolios that could not be imported",
            cause="fix what `recovery logs ImportPortfolio` names",
            back="imports them again; importing twice changes nothing",
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
            kinds=(
                *(keys.LOAN, keys.PAYMENT, keys.SUSPENSE),
                *(keys.PERSON, keys.CONTACT, keys.DELIVERIES),
            ),
            reads=(keys.INSTITUTION,),
        )
        table.allow_finding_loans(self.function)
        self.function.add_to_role_policy(
            PolicyStatement(
                actions=["s3:GetObject", "s3:PutObject"],
                resources=[self.bucket.arn_for_objects(f"{IMPORTS}*")],
            )
        )
        foundation.alerts.when(
            self,
            "ContactsWaitingAlarm",
            metric=counted("ContactChangesWaiting", statistic="Sum", period=Duration.minutes(5)),
            reaches=1,
            means=Meaning(
                happened=(
                    "A delivery changes more phone numbers or addresses than the policy lets pass;"
                    " the old ones stay in use."
                ),
                shows="`recovery deliveries`.",
                mends=(
                    "look at some of the people; then"
                    " `recovery decide-import DELIVERY accept --why REASON`, or"
                    " `recovery decide-import DELIVERY roll-back --why REASON`."
                ),
            ),
        )
        runtime.key.allow_use(self.function)
        acknowledge(
            self.function.role,
            *GRANT_OF_A_DEAD_LETTER_QUEUE,
            because="CDK's grant for a failure destination, limited to our one key.",
        )
        acknowledge(
            self.function.role,
            f"AwsSolutions-IAM5[Resource::{export_name(bucket, bucket.bucket_arn)}/{IMPORTS}*]",
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
                    "object": {"key": Match.wildcard(f"{IMPORTS}*/manifest.json")},
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
