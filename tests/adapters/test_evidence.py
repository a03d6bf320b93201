"""Evidence in S3: one form posts one document of one type, up to 10 MB."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from recovery.adapters import evidence as adapter
from recovery.adapters.evidence import S3EvidenceStore

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
BUCKET = "evidence"


@pytest.fixture
def store(in_memory_aws: None):
    adapter.s3_client.cache_clear()
    region = {"LocationConstraint": "eu-west-1"}
    adapter.s3_client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
    yield S3EvidenceStore("umoja", BUCKET)
    adapter.s3_client.cache_clear()


def put(key: str, content: bytes = b"%PDF") -> None:
    adapter.s3_client().put_object(Bucket=BUCKET, Key=key, Body=content)


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
    [tagging] = [each["tagging"] for each in conditions if "tagging" in each]
    assert "<Key>expires</Key><Value>yes</Value>" in tagging
    assert ["content-length-range", 1, 10 * 1024 * 1024] in conditions
    assert form.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"


def test_papers_come_with_their_bytes_for_the_facts_that_were_asked_for(store) -> None:
    put("umoja/L-1/DM-1/receipt.v2.pdf", b"whole")
    put("umoja/L-1/DM-2/scan.jpg", b"other")
    put("umoja/L-1/OF-1/offer.pdf", b"secret")
    put("umoja/L-10/DM-1/receipt.pdf", b"of another loan")
    found = store.papers_of("L-1", {"DM-1", "DM-2"})
    assert [(each.name, each.content) for each in found] == [
        ("papers/DM-1/receipt.v2.pdf", b"whole"),
        ("papers/DM-2/scan.jpg", b"other"),
    ]
    assert found[0].content_type == "application/pdf"
    assert store.papers_of("L-1", ()) == []


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


def test_a_legal_hold_keeps_all_documents_of_a_loan_until_its_end(store) -> None:
    kept, others = "umoja/L-1/DIS-1/a.pdf", "umoja/L-2/DIS-1/a.pdf"
    put(kept)
    put(others)

    def tags(key: str) -> list:
        return adapter.s3_client().get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]

    store.let_expire("L-1", False)
    assert tags(kept) == [{"Key": "expires", "Value": "no"}]
    assert tags(others) == []
    store.let_expire("L-1", True)
    assert tags(kept) == [{"Key": "expires", "Value": "yes"}]
    held = store.upload_form("L-1", "DIS-1", "b", "image/png", NOW, expires=False)
    assert "<Value>no</Value>" in held.fields["tagging"]
