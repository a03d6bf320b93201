"""Keep the daily roots in S3, under object lock: key ``<institution>/<day>.json``.

A versioned bucket takes a second object of the same key as a newer version: the oldest one counts,
which the lock keeps.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.domain.shared.daily_root import DailyRoot, root_from_json, root_to_json

_THERE = ("PreconditionFailed", "ConditionalRequestConflict")
KEPT_DAYS = 3653  # ten years: longer than any limitation of the packs after a loan's end


class S3RootStore:
    """RootStore of one institution. The bucket's default retention locks what is put."""

    def __init__(self, institution_id: str, bucket: str) -> None:
        self._institution_id = institution_id
        self._bucket = bucket

    def put(self, root: DailyRoot) -> None:
        """Keep the root; the first of a day stays."""
        try:
            aws.client("s3").put_object(
                Bucket=self._bucket,
                Key=self._key(root.day),
                Body=root_to_json(root).encode(),
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",  # which locked buckets ask for
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THERE:
                raise

    def get(self, day: date) -> DailyRoot | None:
        """Return the first root that was kept of this day; None if there is none.

        Raises ValueError if what is there does not hold together.
        """
        version = self._first_version(self._key(day))
        if version is None:
            return None
        found = aws.client("s3").get_object(
            Bucket=self._bucket, Key=self._key(day), VersionId=version
        )
        return root_from_json(found["Body"].read().decode())

    def _first_version(self, key: str) -> str | None:
        pages = aws.client("s3").get_paginator("list_object_versions")
        versions: list[dict[str, Any]] = [
            each
            for page in pages.paginate(Bucket=self._bucket, Prefix=key)
            for each in page.get("Versions", ())
            if each["Key"] == key
        ]
        # Listed newest first; the moment alone, in whole seconds, may not tell them apart.
        first = min(reversed(versions), key=lambda each: each["LastModified"], default=None)
        return None if first is None else str(first["VersionId"])

    def _key(self, day: date) -> str:
        return f"{self._institution_id}/{day}.json"
