"""Keep packages for firms in S3: key ``<institution>/<placement>.zip``, erased in their time."""

from __future__ import annotations

from botocore.exceptions import ClientError

from recovery.adapters.evidence import EXPIRES, YES, s3_client

_LINK_SECONDS = 900


class S3PackageStore:
    """PackageStore of one institution."""

    def __init__(self, institution_id: str, bucket: str) -> None:
        self._institution_id = institution_id
        self._bucket = bucket

    def put(self, placement_id: str, package: bytes) -> None:
        """Keep the package; another of the same id replaces it."""
        s3_client().put_object(
            Bucket=self._bucket,
            Key=self._key(placement_id),
            Body=package,
            ContentType="application/zip",
            Tagging=f"{EXPIRES}={YES}",
        )

    def link(self, placement_id: str) -> str | None:
        """Return a link that opens the package for 15 minutes; None if it is not there."""
        key = self._key(placement_id)
        try:
            s3_client().head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return None
            raise
        return str(
            s3_client().generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": key,
                    "ResponseContentDisposition": 'attachment; filename="placement.zip"',
                },
                ExpiresIn=_LINK_SECONDS,
            )
        )

    def _key(self, placement_id: str) -> str:
        return f"{self._institution_id}/{placement_id}.zip"
