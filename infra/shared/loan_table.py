"""The table of loans and borrowers and everything known about them."""

from collections.abc import Collection, Mapping

from aws_cdk import RemovalPolicy
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    Billing,
    GlobalSecondaryIndexPropsV2,
    PointInTimeRecoverySpecification,
    ProjectionType,
    StreamViewType,
    TableEncryptionV2,
    TableV2,
)
from aws_cdk.aws_iam import IGrantable, PolicyStatement
from constructs import Construct

from infra.shared.data_key import DataKey
from recovery.adapters.dynamodb import keys

_KEY_ACTIONS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
_READING = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
_INDEXES = {"due": ("due_shard", "next_review_on"), "lists": ("listed_in", "listed_by")}


class LoanTable(TableV2):
    """One item collection per loan and person; the stream carries every change."""

    def __init__(
        self, scope: Construct, id: str, *, key: DataKey, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(
            scope,
            id,
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing=Billing.on_demand(),
            encryption=TableEncryptionV2.customer_managed_key(key),
            point_in_time_recovery_specification=PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            dynamo_stream=StreamViewType.NEW_AND_OLD_IMAGES,
            # One more index at most per release: DynamoDB adds one at a time.
            global_secondary_indexes=[
                GlobalSecondaryIndexPropsV2(
                    index_name=name,
                    partition_key=_text(partition_key),
                    sort_key=_text(sort_key),
                    projection_type=ProjectionType.KEYS_ONLY,
                )
                for name, (partition_key, sort_key) in _INDEXES.items()
            ],
            deletion_protection=removal_policy is RemovalPolicy.RETAIN,
            removal_policy=removal_policy,
        )
        self._key = key

    def allow(
        self,
        grantee: IGrantable,
        *actions: str,
        kinds: Collection[str] = (),
        reads: Collection[str] = (),
    ) -> None:
        """Allow exactly these actions on items of these kinds, and not on an index.

        On the kinds in ``reads`` only those that read. The embedded AWS does not look at leading
        keys.
        """
        reading = tuple(each for each in actions if each in _READING)
        writing = tuple(each for each in actions if each not in _READING)
        for some, touched in ((reading, (*kinds, *reads)), (writing, kinds)):
            if some:
                leading_keys = {"dynamodb:LeadingKeys": [*map(_pattern, touched)]}
                conditions = {"ForAllValues:StringLike": leading_keys}
                self._allow(grantee, some, self.table_arn, conditions)

    def allow_chaining(self, grantee: IGrantable) -> None:
        """Allow appending to the chains of audit entries: nothing of them may be changed."""
        self.allow(grantee, "dynamodb:Query", "dynamodb:PutItem", kinds=(keys.CHAIN,))

    def allow_finding_loans(self, grantee: IGrantable) -> None:
        """Allow querying the indexes: loans by next review date, and lists of them."""
        for name in _INDEXES:
            self._allow(grantee, ("dynamodb:Query",), f"{self.table_arn}/index/{name}")

    def allow_listing(self, grantee: IGrantable, *names: str) -> None:
        """Allow querying these lists alone, of all that share the index of lists."""
        patterns = [f"{name}#*" for name in names]
        conditions = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": patterns}}
        index = f"{self.table_arn}/index/lists"
        self._allow(grantee, ("dynamodb:Query",), index, conditions)

    def allow_reading_changes(self, grantee: IGrantable) -> None:
        """Allow reading the stream."""
        self._allow(
            grantee,
            ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
            self.table_stream_arn,
        )
        grantee.grant_principal.add_to_principal_policy(
            PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"])
        )

    def _allow(
        self,
        grantee: IGrantable,
        actions: tuple[str, ...],
        resource: str,
        conditions: Mapping[str, object] | None = None,
    ) -> None:
        principal = grantee.grant_principal
        principal.add_to_principal_policy(
            PolicyStatement(actions=list(actions), resources=[resource], conditions=conditions)
        )
        self._key.grant(grantee, *_KEY_ACTIONS)


def _pattern(kind: str) -> str:
    """Match the kind's partitions; the list of institutions belongs to its kind."""
    return "INSTITUTION*" if kind == keys.INSTITUTION else f"{kind}#*"


def _text(name: str) -> Attribute:
    return Attribute(name=name, type=AttributeType.STRING)
