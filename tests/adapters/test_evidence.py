"""Evidence in S3: one form posts one document of one type, up to 10 MB."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from recovery.adapters import aws
from recovery.adapters import evidence as adapter
from recovery.adapters.evidence import S3EvidenceStore

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
BUCKET = "evidence"


@pytest.fixture
def store(in_memory_aws: None):
    adapter._client.cache_clear()
    region = {"LocationConstraint": "eu-west-1"}
    aws.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
    yield S3EvidenceStore("umoja", BUCKET)
    adapter._client.cache_clear()


def put(key: str, content: bytes = b"%PDF") -> None:
    aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=content)


def test_a_form_allows_this_document_of_this_type_and_size_only(store) -> None:
    form = store.upload_form("L-1", "DIS-1", "receipt-1", "image/jpeg", NOW)
    assert form.until == NOW + timedelta(minutes=15)
    assert form.url.startswith("https://") and BUCKET in form.url
    assert form.fields["key"] == "umoja/L-1/DIS-1/receipt-1.jpg"
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    conditions = policy["conditions"]
    assert {"key": "umoja/L-1/DIS-1/receipt-1.jpg"} in conditions
    assert {"Content-Type": "image/jpeg"} in conditions
    assert {"bucket": BUCKET} in conditions
    assert ["content-length-range", 1, 10 * 1024 * 1024] in conditions
    assert form.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"


def test_the_documents_of_a_dispute_are_listed_with_a_short_lived_link(store) -> None:
    put("umoja/L-1/DIS-1/receipt-1.jpg", b"12345")
    put("umoja/L-1/DIS-1/letter.v2.pdf")
    found = store.documents_of("L-1", "DIS-1")
    assert [(each.document_id, each.content_type, each.size_bytes) for each in found] == [
        ("letter.v2", "application/pdf", 4),
        ("receipt-1", "image/jpeg", 5),
    ]
    assert "X-Amz-Expires=300" in found[0].link
    assert "attachment" in found[0].link


def test_nothing_of_another_dispute_loan_or_institution_is_listed(store) -> None:
    for key in ("umoja/L-1/DIS-10/a.pdf", "umoja/L-11/DIS-1/a.pdf", "otra/L-1/DIS-1/a.pdf"):
        put(key)
    assert store.documents_of("L-1", "DIS-1") == []
