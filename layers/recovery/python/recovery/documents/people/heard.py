"""What arrives of a reply: an SMS as End User Messaging tells of it, or an e-mail as MIME."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recovery.domain.contact.addresses import normalised
from recovery.domain.contact.reply_text import new_part

LONGEST_REPLY = 10_000
_ID = re.compile(r"[A-Za-z0-9._-]{1,48}", re.ASCII)
_AUTOMATIC = ("auto_reply", "auto-reply", "bulk", "list", "junk")
_BREAKS = frozenset(("br", "p", "div", "li", "tr", "h1", "h2", "h3"))
_QUOTES = frozenset(("blockquote", "style", "script", "head"))
_Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,15}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A reply: from which address, when (aware), and the words that are new in it.

    ``is_genuine`` is False if the sender's domain says that it did not send it.
    """

    reply_id: str
    channel: Literal["sms", "email"]
    address: str
    text: str
    received_at: datetime
    is_genuine: bool = True
    attachments: int = 0


class InboundSms(BaseModel):
    """The body of a two-way SMS; fields that are not needed are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    origination_number: _Number = Field(alias="originationNumber")
    destination_number: _Number = Field(alias="destinationNumber")
    message_body: str = Field(alias="messageBody", max_length=LONGEST_REPLY)
    inbound_message_id: str = Field(alias="inboundMessageId", min_length=1, max_length=256)


def heard_sms(sms: InboundSms, received_at: datetime) -> Heard:
    """Return what was said by SMS."""
    return Heard(
        reply_id=_id("sms", sms.inbound_message_id),
        channel="sms",
        address=normalised(sms.origination_number),
        text=sms.message_body.strip(),
        received_at=received_at,
    )


def heard_mail(mime: bytes, key: str, received_at: datetime) -> Heard | None:
    """Return what was said by e-mail; None for what a machine sent, such as an absence notice.

    ``key`` names it where it has no Message-ID. Raises ValueError without a sender.
    """
    message = message_from_bytes(mime, policy=policy.default)
    if _is_automatic(message):
        return None
    _, address = parseaddr(str(message.get("From", "")))
    if "@" not in address:
        raise ValueError("the e-mail has no sender")
    attached = sum(1 for _ in message.iter_attachments()) if message.is_multipart() else 0
    return Heard(
        reply_id=_id("mail", str(message.get("Message-ID", key)).strip()),
        channel="email",
        address=normalised(address),
        text=new_part(_text_of(message))[:LONGEST_REPLY],
        received_at=received_at,
        is_genuine=_is_genuine(message),
        attachments=attached,
    )


def _id(prefix: str, given: str) -> str:
    """Return an id that is one in keys, logs and facts, the same for the same reply."""
    if prefix == "sms" and _ID.fullmatch(given):
        return f"sms-{given}"
    return f"{prefix}-{hashlib.sha256(given.encode()).hexdigest()[:32]}"


def _is_automatic(message: EmailMessage) -> bool:
    """Whether a machine sent it. Source: RFC 3834, section 5, and what was usual before."""
    submitted = str(message.get("Auto-Submitted", "no")).strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        not submitted.startswith("no")
        or precedence in _AUTOMATIC
        or "X-Autoreply" in message
        or message.get_content_type() == "multipart/report"
    )


def _is_genuine(message: EmailMessage) -> bool:
    """Whether SES, whose verdict stands first, found nothing against the sender."""
    verdict = str(next(iter(message.get_all("Authentication-Results", [])), "")).lower()
    return "dmarc=fail" not in verdict


def _text_of(message: EmailMessage) -> str:
    body: Any = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    written = body.get_payload(decode=True)
    try:
        text = written.decode(body.get_content_charset("utf-8"), "replace")
    except LookupError:  # an encoding that nobody knows
        text = written.decode("utf-8", "replace")
    return _plain(text) if body.get_content_type() == "text/html" else text


def _plain(html: str) -> str:
    reader = _PlainText()
    reader.feed(html)
    reader.close()
    return "".join(reader.said)


class _PlainText(HTMLParser):
    """The text of HTML, without what it quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        quoted = tag == "div" and "gmail_quote" in (dict(attrs).get("class") or "")
        if tag in _QUOTES or quoted or (self._within and tag == self._within[0]):
            self._within.append(tag)
        if tag in _BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.said.append(data)
