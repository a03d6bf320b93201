"""Keep evidence in S3: browsers post documents to it directly, and open them by a link.

Keys are ``<institution>/<loan>/<dispute>/<document>.<ending>``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from botocore.config import Config

from recovery.adapters import aws
from recovery.domain.agreements.evidence import (
    ENDINGS,
    LARGEST_DOCUMENT,
    EvidenceDocument,
    PaperFile,
    UploadForm,
)

EXPIRES, YES, NO = "expires", "yes", "no"  # the tag that the bucket's lifecycle looks at
_TAGGING = (
    f"<Tagging><TagSet><Tag><Key>{EXPIRES}</Key><Value>{{value}}</Value></Tag></TagSet></Tagging>"
)
_FORM_SECONDS = 900
_LINK_SECONDS = 300
_TYPES = {ending: content_type for content_type, ending in ENDINGS.items()}


class S3EvidenceStore:
    """EvidenceStore of one institution."""

    def __init__(self, institution_id: str, bucket: str) -> None:
        self._institution_id = institution_id
        self._bucket = bucket

    def upload_form(
        self,
        loan_id: str,
        dispute_id: str,
        document_id: str,
        content_type: str,
        now: datetime,
        *,
        expires: bool = True,
    ) -> UploadForm:
        """Let whoever has the form post this one document, of this type, for some minutes.

        ``expires``: whether it is erased in its time, as it is unless a legal hold lasts.
        """
        tagging = _TAGGING.format(value=_tag(expires))
        key = f"{self._prefix(loan_id, dispute_id)}{document_id}.{ENDINGS[content_type]}"
        form = s3_client().generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type, "tagging": tagging},
            Conditions=[
                {"Content-Type": content_type},
                {"tagging": tagging},
                ["content-length-range", 1, LARGEST_DOCUMENT],
            ],
            ExpiresIn=_FORM_SECONDS,
        )
        return UploadForm(form["url"], form["fields"], now + timedelta(seconds=_FORM_SECONDS))

    def documents_of(self, loan_id: str, dispute_id: str) -> list[EvidenceDocument]:
        """List the dispute's documents by id."""
        prefix = self._prefix(loan_id, dispute_id)
        return [self._document(each, prefix) for each in self._found(prefix)]

    def papers_of(self, loan_id: str, fact_ids: Collection[str]) -> list[PaperFile]:
        """Return the documents about these facts with their bytes, by fact and id."""
        prefix = f"{self._institution_id}/{loan_id}/"
        return [
            self._paper(each["Key"], fact_id)
            for each in self._found(prefix)
            if (fact_id := each["Key"].removeprefix(prefix).partition("/")[0]) in fact_ids
        ]

    def let_expire(self, loan_id: str, expires: bool) -> None:
        """Let all documents of the loan expire in their time, or keep them."""
        tags = {"TagSet": [{"Key": EXPIRES, "Value": _tag(expires)}]}
        for each in self._found(f"{self._institution_id}/{loan_id}/"):
            s3_client().put_object_tagging(Bucket=self._bucket, Key=each["Key"], Tagging=tags)

    def _found(self, prefix: str) -> list[dict[str, Any]]:
        pages = s3_client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self._bucket, Prefix=prefix)
        return [each for page in found for each in page.get("Contents", ())]

    def _document(self, found: dict[str, Any], prefix: str) -> EvidenceDocument:
        document_id, _, ending = found["Key"].removeprefix(prefix).rpartition(".")
        content_type = _TYPES[ending]
        link = s3_client().generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": found["Key"],
                # Saved, never shown by the browser: nobody has looked into it.
                "ResponseContentDisposition": f'attachment; filename="{document_id}.{ending}"',
                "ResponseContentType": content_type,
            },
            ExpiresIn=_LINK_SECONDS,
        )
        return EvidenceDocument(
            document_id, content_type, int(found["Size"]), found["LastModified"], link
        )

    def _paper(self, key: str, fact_id: str) -> PaperFile:
        document_id, _, ending = key.rpartition("/")[2].rpartition(".")
        content = s3_client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return PaperFile(fact_id, document_id, _TYPES[ending], content)

    def _prefix(self, loan_id: str, dispute_id: str) -> str:
        return f"{self._institution_id}/{loan_id}/{dispute_id}/"


def _tag(expires: bool) -> str:
    return YES if expires else NO


@cache
def s3_client() -> Any:
    """Return a client that signs as buckets with a KMS key ask for."""
    config = Config(
        signature_version="s3v4",
        connect_timeout=aws.CONNECT_SECONDS,
        read_timeout=aws.READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": aws.ATTEMPTS},
    )
    return aws.session().create_client("s3", config=config)
