"""Encrypt small texts with a key of their own before they are stored anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recovery.adapters import aws


class KmsSeal:
    """Encrypts at most 4,096 bytes at a time with one KMS key.

    The context is bound to the result: with another one it cannot be opened, and CloudTrail shows
    it beside each use of the key, so it holds ids only.
    """

    def __init__(self, key_arn: str) -> None:
        self._key_arn = key_arn

    def close(self, text: str, context: Mapping[str, str]) -> bytes:
        """Encrypt the text."""
        answer = aws.client("kms").encrypt(
            KeyId=self._key_arn, Plaintext=text.encode(), EncryptionContext=dict(context)
        )
        sealed: Any = answer["CiphertextBlob"]
        return bytes(sealed)

    def open(self, sealed: bytes, context: Mapping[str, str]) -> str:
        """Decrypt what was encrypted with this key and context; botocore's ClientError if not."""
        answer = aws.client("kms").decrypt(
            KeyId=self._key_arn, CiphertextBlob=sealed, EncryptionContext=dict(context)
        )
        text: Any = answer["Plaintext"]
        return bytes(text).decode()
