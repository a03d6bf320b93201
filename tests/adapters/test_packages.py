"""Packages in S3: a link that opens one for some minutes, erased in their time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recovery.adapters import evidence
from recovery.adapters.packages import S3PackageStore

BUCKET = "packages"


@pytest.fixture
def store(in_memory_aws: None) -> Iterator[S3PackageStore]:
    evidence.s3_client.cache_clear()
    region = {"LocationConstraint": "eu-west-1"}
    evidence.s3_client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
    yield S3PackageStore("umoja", BUCKET)
    evidence.s3_client.cache_clear()


def test_a_link_opens_what_was_put_last_and_only_of_the_institution(store) -> None:
    store.put("p-1", b"first")
    store.put("p-1", b"second")
    found = evidence.s3_client().get_object(Bucket=BUCKET, Key="umoja/p-1.zip")
    assert found["Body"].read() == b"second"
    assert "X-Amz-Expires=900" in str(store.link("p-1"))
    assert store.link("p-2") is None
    assert S3PackageStore("casa", BUCKET).link("p-1") is None


def test_it_is_erased_in_its_time(store) -> None:
    store.put("p-1", b"first")
    tags = evidence.s3_client().get_object_tagging(Bucket=BUCKET, Key="umoja/p-1.zip")["TagSet"]
    assert tags == [{"Key": "expires", "Value": "yes"}]
