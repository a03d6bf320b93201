"""Which kind of message a contact was: light, for functions that write none."""

from __future__ import annotations

from recovery.domain.contact.borrower import Contact
from recovery.domain.contact.plan import told_by


def kind_said(message_id: str, contact: Contact) -> str:
    """Return the kind of message that was really said."""
    return told_by(message_id, contact.contacted_on, contact.said).kind
