"""Read received e-mails from S3, where SES puts them."""

from __future__ import annotations

from typing import Any

from recovery.adapters import aws

_LARGEST = 10 * 1024 * 1024  # the words come first; what follows is attached


class S3Mailbox:
    """Mailbox in one bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def read(self, key: str) -> bytes:
        """Return the e-mail as MIME, cut where it is larger than any reply."""
        answer = aws.client("s3").get_object(Bucket=self._bucket, Key=key)
        body: Any = answer["Body"]
        return bytes(body.read(_LARGEST))
