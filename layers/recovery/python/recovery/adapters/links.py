"""Links that prove by a code of KMS that we made them.

The key never leaves KMS: the sender may only make codes, the open function only check them, and
KMS compares in constant time.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.domain.contact.unsubscribe import UnsubscribeClaim, read_token, token_of

_ALGORITHM = "HMAC_SHA_256"
_MAC_BYTES = 32
_NOT_OURS = frozenset(("KMSInvalidMacException", "ValidationException"))


class KmsLinks:
    """Links on AWS."""

    def __init__(self, unsubscribe_url: str, key_arn: str) -> None:
        self._unsubscribe_url = unsubscribe_url.rstrip("/")
        self._key_arn = key_arn

    def unsubscribe_url(self, institution_id: str, person_id: str, channel: str) -> str:
        """Return where this person ends all messages of this channel."""
        claim = UnsubscribeClaim(institution_id, person_id, channel)
        answer = aws.client("kms").generate_mac(
            KeyId=self._key_arn, MacAlgorithm=_ALGORITHM, Message=claim.text.encode()
        )
        return f"{self._unsubscribe_url}/{token_of(claim, answer['Mac'])}"

    def read(self, token: str) -> UnsubscribeClaim | None:
        """Return what the link's token says, None if it is not one of ours."""
        found = read_token(token)
        if found is None or len(found[1]) != _MAC_BYTES:
            return None
        claim, mac = found
        try:
            aws.client("kms").verify_mac(
                KeyId=self._key_arn,
                MacAlgorithm=_ALGORITHM,
                Message=claim.text.encode(),
                Mac=mac,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_OURS:
                return None
            raise
        return claim
