"""Borrowers, and messages to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.contact.borrower import Borrower


class UndeliverableError(Exception):
    """The provider will never take this message, for instance for its address."""


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message asked for, on its way through the queue; carries no personal data."""

    message_id: str
    loan_id: str
    rule_key: str
    kind: str
    due_date: date
    as_of: date
    policy_version: int


class BorrowerRepository(Protocol):
    """Borrowers and when they were contacted."""

    def load(self, borrower_id: str) -> Borrower: ...
    def save_contact_details(self, borrower: Borrower) -> bool:
        """Add the borrower or change the contact details; False when nothing changed."""

    def is_contacted(self, borrower_id: str, message_id: str) -> bool:
        """Whether this message is confirmed as sent."""

    def add_contact(self, borrower: Borrower, message_id: str, on: date) -> None:
        """Count this message before it is sent; again for the same message is no second contact.

        Raises StaleWriteError when another message to the same person came first.
        """

    def confirm_contact(self, borrower_id: str, message_id: str, provider_id: str) -> None:
        """The message has been sent."""


class MessageQueue(Protocol):
    """Messages asked for and not yet sent."""

    def put(self, messages: Sequence[QueuedMessage]) -> None: ...
    def hide(self, receipt_handle: str, seconds: int) -> None:
        """The message received with this handle comes again after so many seconds."""


class Messenger(Protocol):
    """Sends what is written; answers with the provider's id."""

    def send_email(self, address: str, subject: str, text: str, html: str) -> str: ...
    def send_sms(self, phone: str, text: str) -> str: ...
