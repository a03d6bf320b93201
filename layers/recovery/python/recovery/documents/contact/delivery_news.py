"""What the providers tell of messages, in their own shapes; codes only, none of their free text.

- SES: a configuration set's event (``eventType``), with our tags.
- SMS by AWS End User Messaging: ``eventType`` TEXT_..., from an event destination.
- SMS by SNS: one entry of its delivery log, with ``notification`` and ``delivery``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recovery.domain.contact.address import Fate
from recovery.domain.contact.delivery import DeliveryNews

_NOT_SPAM = "not-spam"  # whoever took it out of the spam folder
_FEEDBACK = frozenset(("abuse", "auth-failure", "fraud", "other", "virus"))
_TEXTS = {
    "TEXT_DELIVERED": Fate.DELIVERED,
    "TEXT_INVALID": Fate.BOUNCED,
    "TEXT_BLOCKED": Fate.NOT_NOW,
    "TEXT_CARRIER_BLOCKED": Fate.NOT_NOW,
    "TEXT_CARRIER_UNREACHABLE": Fate.NOT_NOW,
    "TEXT_SPAM": Fate.NOT_NOW,
    "TEXT_TTL_EXPIRED": Fate.NOT_NOW,
    "TEXT_UNKNOWN": Fate.NOT_NOW,
    "TEXT_UNREACHABLE": Fate.NOT_NOW,
}
_LOGGED = {  # what SNS documents as provider responses
    "invalid phone number": (Fate.BOUNCED, "invalid_number"),
    "phone has blocked sms": (Fate.BOUNCED, "takes_no_sms"),
    "phone number is opted out": (Fate.COMPLAINED, "opted_out"),
    "phone is currently unreachable/unavailable": (Fate.NOT_NOW, "unreachable"),
    "phone carrier is currently unreachable/unavailable": (Fate.NOT_NOW, "carrier_unreachable"),
    "phone carrier has blocked this message": (Fate.NOT_NOW, "carrier_blocked"),
    "blocked as spam by phone carrier": (Fate.NOT_NOW, "spam"),
}


class UnknownNewsError(ValueError):
    """The text has none of the known shapes; it may hold personal data, so it is not told."""


@dataclass(frozen=True, slots=True)
class News:
    """What one notification tells, one for each address; ``tags`` are those of an e-mail."""

    told: tuple[DeliveryNews, ...]
    tags: Mapping[str, Sequence[str]] | None = None


def delivery_news(text: str) -> News:
    """Read a notification, in the envelope of SNS or without it. Raises UnknownNewsError."""
    try:
        values = json.loads(text)
        if values.get("Type") == "Notification":
            values = json.loads(values["Message"])
        if "mail" in values:
            return News(tuple(_of_email(values)), values["mail"].get("tags") or {})
        if "notification" in values:
            return News(tuple(_of_log(values)))
        if str(values["eventType"]).startswith("TEXT_"):
            return News(tuple(_of_text(values)))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnknownNewsError("the notification cannot be read") from None
    raise UnknownNewsError("the notification is of no known kind")


def _of_email(values: Mapping[str, Any]) -> Iterator[DeliveryNews]:
    provider_id = str(values["mail"]["messageId"])

    def about(address: str, fate: Fate, cause: str) -> DeliveryNews:
        return DeliveryNews(
            channel="email", address=address, provider_id=provider_id, fate=fate, cause=cause
        )

    match values.get("eventType") or values.get("notificationType"):
        case "Bounce":
            bounce = values["bounce"]
            fate = Fate.BOUNCED if bounce["bounceType"] == "Permanent" else Fate.NOT_NOW
            cause = _code(f"{bounce['bounceType']}_{bounce.get('bounceSubType', '')}")
            for each in bounce["bouncedRecipients"]:
                yield about(each["emailAddress"], fate, cause)
        case "Complaint":
            complaint = values["complaint"]
            kind = complaint.get("complaintFeedbackType")
            if kind == _NOT_SPAM:
                return
            cause = _code(kind) if kind in _FEEDBACK else "complaint"
            for each in complaint["complainedRecipients"]:
                yield about(each["emailAddress"], Fate.COMPLAINED, cause)
        case "Delivery":
            for address in values["delivery"]["recipients"]:
                yield about(address, Fate.DELIVERED, "accepted")


def _of_text(values: Mapping[str, Any]) -> Iterator[DeliveryNews]:
    kind = str(values["eventType"])
    if kind not in _TEXTS or not values.get("isFinal", True):
        return
    yield DeliveryNews(
        channel="sms",
        address=str(values["destinationPhoneNumber"]),
        provider_id=str(values["messageId"]),
        fate=_TEXTS[kind],
        cause=_code(kind.removeprefix("TEXT_")),
    )


def _of_log(values: Mapping[str, Any]) -> Iterator[DeliveryNews]:
    delivery = values["delivery"]
    if values["status"] == "SUCCESS":
        fate, cause = Fate.DELIVERED, "accepted"
    else:
        said = str(delivery.get("providerResponse", "")).strip().rstrip(".").lower()
        fate, cause = _LOGGED.get(said, (Fate.NOT_NOW, "unknown"))
    yield DeliveryNews(
        channel="sms",
        address=str(delivery["destination"]),
        provider_id=str(values["notification"]["messageId"]),
        fate=fate,
        cause=cause,
    )


def _code(text: str) -> str:
    """Return a provider's code as ours: small letters and underscores, and not long."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text)
    return re.sub(r"[^a-z]+", "_", words.lower()).strip("_")[:40]
