"""Daily roots in S3: the first of a day counts, and nobody can take it away."""

from __future__ import annotations

from datetime import date

import pytest
from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.adapters.roots import S3RootStore
from recovery.domain.shared.daily_root import DailyRoot, Reached, root_to_json

DAY = date(2026, 2, 2)
BUCKET = "roots"
ROOT = DailyRoot(
    institution_id="umoja", day=DAY, previous="before", chains={"tag": Reached(3, "a" * 64)}
)


@pytest.fixture
def store(in_memory_aws: None) -> S3RootStore:
    s3 = aws.client("s3")
    s3.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
        ObjectLockEnabledForBucket=True,
    )
    s3.put_object_lock_configuration(
        Bucket=BUCKET,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3650}},
        },
    )
    return S3RootStore("umoja", BUCKET)


def test_a_root_comes_back_and_another_day_or_institution_has_none(store) -> None:
    store.put(ROOT)
    assert store.get(DAY) == ROOT
    assert store.get(date(2026, 2, 3)) is None
    assert S3RootStore("casa", BUCKET).get(DAY) is None


def test_what_was_put_first_counts_whatever_comes_on_top(store) -> None:
    store.put(ROOT)
    other = DailyRoot(institution_id="umoja", day=DAY, previous="x", chains={})
    store.put(other)
    assert store.get(DAY) == ROOT
    # Somebody with the bucket's keys puts a newer version past the adapter.
    aws.client("s3").put_object(
        Bucket=BUCKET, Key=f"umoja/{DAY}.json", Body=root_to_json(other).encode()
    )
    assert store.get(DAY) == ROOT


def test_a_root_cannot_be_deleted_before_its_time(store) -> None:
    store.put(ROOT)
    [version] = aws.client("s3").list_object_versions(Bucket=BUCKET)["Versions"]
    with pytest.raises(ClientError):
        aws.client("s3").delete_object(
            Bucket=BUCKET,
            Key=version["Key"],
            VersionId=version["VersionId"],
            BypassGovernanceRetention=True,
        )
    assert store.get(DAY) == ROOT
