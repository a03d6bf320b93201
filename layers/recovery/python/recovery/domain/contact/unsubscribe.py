"""A link by which whoever gets a message ends all messages of its channel."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Any

from recovery.domain.contact.borrower import Borrower

_VERSION = "1"
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class UnsubscribeClaim:
    """Who stops what: a person of an institution, and ``email`` or ``sms``. Ids alone: a link ends
    up in logs that are not ours."""

    institution_id: str
    person_id: str
    channel: str

    @property
    def text(self) -> str:
        """What is authenticated; no two claims have the same."""
        parts = (_VERSION, self.institution_id, self.person_id, self.channel)
        return ".".join(_packed(each.encode()) for each in parts)


def token_of(claim: UnsubscribeClaim, mac: bytes) -> str:
    """Return what goes into the link. It does not expire: who finds an old message may stop too."""
    return f"{claim.text}.{_packed(mac)}"


def read_token(token: str) -> tuple[UnsubscribeClaim, bytes] | None:
    """Return what the token claims, and the code that has to prove it; None if it is no token."""
    parts = token.split(".")
    if len(token) > _LONGEST or len(parts) != 5:
        return None
    try:
        version, institution_id, person_id, channel = (
            _unpacked(each).decode() for each in parts[:-1]
        )
        claim, mac = UnsubscribeClaim(institution_id, person_id, channel), _unpacked(parts[-1])
    except ValueError:
        return None
    is_ours = version == _VERSION and channel in ("email", "sms") and token_of(claim, mac) == token
    return (claim, mac) if is_ours else None


def stopped(person: Borrower, channel: str) -> Borrower:
    """Return the person as opted out of the channel; only they can opt in again."""
    consent: dict[str, Any] = {"email_consent" if channel == "email" else "sms_consent": False}
    return replace(person, **consent)


def _packed(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
