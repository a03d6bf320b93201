"""Dossiers in S3: kept once under their hash and the bucket's lock, opened by short-lived links."""

from __future__ import annotations

from datetime import date

import pytest
from botocore.exceptions import ClientError

from recovery.adapters import aws, evidence
from recovery.adapters.dossiers import S3DossierStore
from recovery.domain.judicial.dossier import Dossier, shown

BUCKET = "dossiers"
DOSSIER = Dossier(
    dossier_id="L-1-C1#4-judicial_approval",
    loan_id="L-1",
    case_id="L-1-C1",
    as_of=date(2026, 6, 1),
    record_hash="0" * 64,
    contents={},
    documents={"dossier.pdf": "1" * 64},
)


@pytest.fixture
def store(in_memory_aws: None):
    evidence.s3_client.cache_clear()
    s3 = aws.client("s3")
    s3.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
        ObjectLockEnabledForBucket=True,
    )
    lock = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1826}}
    s3.put_object_lock_configuration(
        Bucket=BUCKET,
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": lock},
    )
    yield S3DossierStore("umoja", BUCKET)
    evidence.s3_client.cache_clear()


def test_both_files_are_kept_once_and_nobody_erases_them(store) -> None:
    for form, content in (("pdf", b"%PDF"), ("zip", b"PK")):
        store.put(DOSSIER, form, content)
        store.put(DOSSIER, form, content)
        assert store.read(DOSSIER, form) == content
    versions = aws.client("s3").list_object_versions(Bucket=BUCKET)["Versions"]
    assert {each["Key"] for each in versions} == {
        f"umoja/L-1/{DOSSIER.hash}.{form}" for form in ("pdf", "zip")
    }
    assert len(versions) == 2
    head = aws.client("s3").head_object(Bucket=BUCKET, Key=versions[0]["Key"])
    assert head["ObjectLockMode"] == "GOVERNANCE"
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("s3").delete_object(
            Bucket=BUCKET, Key=versions[0]["Key"], VersionId=versions[0]["VersionId"]
        )


def test_a_link_opens_it_for_some_minutes_and_saves_it_under_its_hash(store) -> None:
    link = store.link(DOSSIER, "zip")
    assert "X-Amz-Expires=300" in link and f"L-1-{shown(DOSSIER.hash)}.zip" in link


def test_of_another_institution_nothing_can_be_read(store) -> None:
    store.put(DOSSIER, "pdf", b"%PDF")
    with pytest.raises(ClientError, match="NoSuchKey"):
        S3DossierStore("other", BUCKET).read(DOSSIER, "pdf")
