"""What leaves the system: wakes, messages and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from recovery.domain.contact.unsubscribe import UnsubscribeClaim, read_token, token_of
from recovery.domain.outbox import DomainEvent
from recovery.ports.contact import MailAttachment, SentMessage, UndeliverableError, Wake
from tests.bus_events import check_event

_MAC = bytes(32)


class FakeMessageQueue:
    """``wakes`` as put; ``delayed`` are those to be considered later, with their seconds."""

    def __init__(self) -> None:
        self.wakes: list[Wake] = []
        self.delayed: list[tuple[Wake, int]] = []

    def put(self, wakes: Sequence[Wake], *, delay_seconds: int = 0) -> None:
        if delay_seconds:
            self.delayed += ((each, delay_seconds) for each in wakes)
        else:
            self.wakes += wakes


class FakeMessenger:
    """``emails`` are (address, subject, text, html), ``senders`` the names that they are from,
    ``unsubscribe_urls`` where they end; ``texts`` are (phone, text). ``reply_to`` and ``numbers``
    are where replies go, ``attachments`` what went with each e-mail.

    Sending to an address in ``undeliverable`` raises UndeliverableError.
    """

    def __init__(self) -> None:
        self.emails: list[tuple[str, str, str, str]] = []
        self.senders: list[str] = []
        self.reply_to: list[str] = []
        self.numbers: list[str] = []
        self.unsubscribe_urls: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.attachments: list[Sequence[MailAttachment]] = []
        self.undeliverable: set[str] = set()

    def send_email(
        self,
        address: str,
        subject: str,
        text: str,
        html: str,
        sender: str = "",
        *,
        reply_to: str = "",
        sent: SentMessage | None = None,
        unsubscribe_url: str = "",
        attachments: Sequence[MailAttachment] = (),
    ) -> str:
        self._check(address)
        self.attachments.append(attachments)
        self.reply_to.append(reply_to)
        self.senders.append(sender)
        self.unsubscribe_urls.append(unsubscribe_url)
        self.emails.append((address, subject, text, html))
        return f"email-{len(self.emails)}"

    def send_sms(self, phone: str, text: str, *, sender: str = "") -> str:
        self._check(phone)
        self.numbers.append(sender)
        self.texts.append((phone, text))
        return f"sms-{len(self.texts)}"

    def _check(self, address: str) -> None:
        if address in self.undeliverable:
            raise UndeliverableError("fake: InvalidParameter")


class FakeMailbox:
    """``mails`` by key."""

    def __init__(self) -> None:
        self.mails: dict[str, bytes] = {}

    def read(self, key: str) -> bytes:
        return self.mails[key]


class FakeSentTexts:
    """Text messages by the provider's id."""

    def __init__(self) -> None:
        self.known: dict[str, SentMessage] = {}

    def add(self, provider_id: str, sent: SentMessage, on: date) -> None:
        self.known[provider_id] = sent

    def find(self, provider_id: str) -> SentMessage | None:
        return self.known.get(provider_id)


class FakeLinks:
    """Links whose code is always the same."""

    def unsubscribe_url(self, institution_id: str, person_id: str, channel: str) -> str:
        claim = UnsubscribeClaim(institution_id, person_id, channel)
        return f"https://api.example/unsubscribe/{token_of(claim, _MAC)}"

    def read(self, token: str) -> UnsubscribeClaim | None:
        found = read_token(token)
        return found[0] if found and found[1] == _MAC else None


class FakeEventBus:
    """``events`` as published; one that may not be published fails the test."""

    def __init__(self) -> None:
        self.events: list[DomainEvent] = []

    def publish(self, events: Sequence[DomainEvent]) -> None:
        for each in events:
            check_event(each)
        self.events += events
