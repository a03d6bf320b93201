"""Files in a bucket that locks what is put there: written once, under a key that has their hash."""

from __future__ import annotations

import base64
import hashlib

from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.adapters.evidence import s3_client

_LINK_SECONDS = 300
_THERE = frozenset(("PreconditionFailed", "ConditionalRequestConflict"))


def put_once(bucket: str, key: str, content: bytes, media_type: str) -> None:
    """Keep the file; a repeat changes nothing. S3 checks the content as it arrives."""
    try:
        aws.client("s3").put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ContentType=media_type,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
            IfNoneMatch="*",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in _THERE:
            raise


def read(bucket: str, key: str) -> bytes:
    """Return the file."""
    found = aws.client("s3").get_object(Bucket=bucket, Key=key)
    content: bytes = found["Body"].read()
    return content


def link(bucket: str, key: str, name: str, media_type: str) -> str:
    """Return where the file can be fetched for some minutes, saved under this name."""
    return str(
        s3_client().generate_presigned_url(
            "get_object",
            Params={
                "Bucket": bucket,
                "Key": key,
                "ResponseContentDisposition": f'attachment; filename="{name}"',
                "ResponseContentType": media_type,
            },
            ExpiresIn=_LINK_SECONDS,
        )
    )
