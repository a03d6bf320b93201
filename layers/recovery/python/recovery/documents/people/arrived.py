"""What the queue of replies holds: a two-way SMS, or that an e-mail is in the bucket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from recovery.documents.people.heard import InboundSms


@dataclass(frozen=True, slots=True)
class SmsArrived:
    """A text message, and when the topic got it."""

    sms: InboundSms
    at: datetime


@dataclass(frozen=True, slots=True)
class MailArrived:
    """An e-mail in the bucket; the folder names the institution that it is for."""

    institution_id: str
    key: str
    at: datetime


def arrived(body: str) -> SmsArrived | MailArrived:
    """Read one message of the queue. Raises ValueError for anything else, without its words."""
    read = json.loads(body)
    if isinstance(read, dict) and read.get("detail-type") == "Object Created":
        key = str(read["detail"]["object"]["key"])
        institution_id, slash, name = key.partition("/")
        if not slash or not name:
            raise ValueError("the e-mail is in no institution's folder")
        return MailArrived(institution_id, key, _moment(read["time"]))
    if isinstance(read, dict) and read.get("Type") == "Notification":
        sms = InboundSms.model_validate_json(read["Message"])
        return SmsArrived(sms, _moment(read["Timestamp"]))
    raise ValueError("it is neither a text message nor an e-mail that arrived")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
