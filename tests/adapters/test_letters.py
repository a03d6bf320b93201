"""Letters in S3: kept once under their hash and the bucket's lock, opened by a short-lived link."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from recovery.adapters import aws, evidence
from recovery.adapters.letters import S3LetterStore
from recovery.domain.agreements.kept_letter import KeptLetter

BUCKET, CONTENT = "letters", b"%PDF-1.7 what was agreed"
LETTER = KeptLetter(
    loan_id="L-1",
    agreement_id="AG-1",
    person_id="B-1",
    language="es",
    template="agreement-1",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    written_at=datetime(2026, 2, 2, tzinfo=UTC),
)
KEY = f"umoja/L-1/AG-1/B-1/{LETTER.sha256}.pdf"


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
    yield S3LetterStore("umoja", BUCKET)
    evidence.s3_client.cache_clear()


def test_one_that_is_let_go_is_shown_no_more_and_erased_only_by_the_bucket(store) -> None:
    store.put(LETTER, CONTENT)
    store.let_go(LETTER)
    store.let_go(LETTER)
    with pytest.raises(ClientError, match="NoSuchKey"):
        store.read(LETTER)
    assert len(versions()) == 1  # under its lock


def versions() -> list[str]:
    found = aws.client("s3").list_object_versions(Bucket=BUCKET).get("Versions", ())
    return [each["VersionId"] for each in found]


def test_a_letter_is_kept_once_and_nobody_erases_it(store) -> None:
    store.put(LETTER, CONTENT)
    store.put(LETTER, CONTENT)
    [version] = versions()
    assert store.read(LETTER) == CONTENT
    head = aws.client("s3").head_object(Bucket=BUCKET, Key=KEY)
    assert (head["ObjectLockMode"], head["ContentType"]) == ("GOVERNANCE", "application/pdf")
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("s3").delete_object(Bucket=BUCKET, Key=KEY, VersionId=version)


def test_s3_checks_the_hash_as_the_letter_arrives(store) -> None:
    asked: list[dict] = []
    events = aws.client("s3").meta.events
    name = "provide-client-params.s3.PutObject"
    events.register(name, lambda params, **_: asked.append(params), unique_id="asked")
    try:
        store.put(LETTER, CONTENT)
    finally:
        events.unregister(name, unique_id="asked")
    [params] = asked
    assert base64.b64decode(params["ChecksumSHA256"]).hex() == LETTER.sha256


def test_a_link_opens_the_letter_for_minutes_under_a_name_without_a_person(store) -> None:
    store.put(LETTER, CONTENT)
    link = store.link(LETTER)
    assert KEY in link and "X-Amz-Expires=300" in link and "AG-1-es.pdf" in link


def test_another_failure_is_raised(store) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        S3LetterStore("umoja", "elsewhere").put(LETTER, CONTENT)
