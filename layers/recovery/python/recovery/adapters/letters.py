"""Keep letters in S3 under object lock: whoever may write them cannot change or erase them.

Keys are ``<institution>/<loan>/<agreement>/<person>/<hash>.pdf``; the bucket
locks what is put there by itself.
"""

from __future__ import annotations

import base64

from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.adapters.evidence import s3_client
from recovery.documents.packs.reading import careful_people_pack
from recovery.domain.agreements.kept_letter import KeptLetter

_LINK_SECONDS = 300
_THERE = frozenset(("PreconditionFailed", "ConditionalRequestConflict"))


class S3LetterStore:
    """LetterStore of one institution."""

    def __init__(self, institution_id: str, bucket: str) -> None:
        self._institution_id = institution_id
        self._bucket = bucket

    def put(self, letter: KeptLetter, content: bytes) -> None:
        """Keep the file under its hash, which S3 checks as it arrives."""
        try:
            aws.client("s3").put_object(
                Bucket=self._bucket,
                Key=self._key(letter),
                Body=content,
                ContentType="application/pdf",
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=base64.b64encode(bytes.fromhex(letter.sha256)).decode(),
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THERE:
                raise

    def read(self, letter: KeptLetter) -> bytes:
        """Return the file."""
        found = aws.client("s3").get_object(Bucket=self._bucket, Key=self._key(letter))
        content: bytes = found["Body"].read()
        return content

    def link(self, letter: KeptLetter) -> str:
        """Return where it can be fetched for some minutes."""
        name = f"{letter.agreement_id}-{letter.language}.pdf"
        return str(
            s3_client().generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": self._key(letter),
                    "ResponseContentDisposition": f'attachment; filename="{name}"',
                    "ResponseContentType": "application/pdf",
                },
                ExpiresIn=_LINK_SECONDS,
            )
        )

    def let_go(self, letter: KeptLetter) -> None:
        """Put a marker in the file's place; the bucket erases what is under it after the lock."""
        aws.client("s3").delete_object(Bucket=self._bucket, Key=self._key(letter))

    def _key(self, letter: KeptLetter) -> str:
        owner = (self._institution_id, letter.loan_id, letter.agreement_id, letter.person_id)
        return "/".join((*owner, f"{letter.sha256}.pdf"))


def locked_days() -> int:
    """Return how long what proves something is kept by the careful rules."""
    [rule] = [each for each in careful_people_pack().careful.retention if each.item == "evidence"]
    return rule.days
