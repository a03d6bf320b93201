"""A person's details as items of the table, and back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from pynamodb.expressions.update import Action

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.earlier import privacy_by_address
from recovery.adapters.dynamodb.expiry import end_by_pack
from recovery.adapters.dynamodb.items import ContactChangeItem, ContactItem, MessageItem, PersonItem
from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.agreements.learning import NOTHING_LEARNED, Learning
from recovery.domain.contact.address import Returned
from recovery.domain.contact.borrower import Borrower, Contact, ContactChange
from recovery.domain.contact.details import DETAILS
from recovery.domain.contact.instructions import NO_INSTRUCTIONS, Instructions
from recovery.domain.shared.iso_dates import from_iso, iso

_DAYS = ("contact_confirmed_on", "email_confirmed_on", "phone_confirmed_on")
_RETURNED = ("email_returned", "phone_returned")
_AS_THEY_ARE = tuple(
    name for name in DETAILS if name not in (*_DAYS, *_RETURNED, "barred_phones", "instructions")
)


def contact_item(pk: str, borrower: Borrower) -> ContactItem:
    """Return the details as an item; what is usual is left out."""
    values: dict[str, Any] = {name: getattr(borrower, name) for name in _AS_THEY_ARE}
    values |= {name: iso(getattr(borrower, name)) for name in _DAYS}
    for name in _RETURNED:
        if returned := getattr(borrower, name):
            values[name] = codec.document_to_json(returned)
    return ContactItem(
        pk,
        keys.CONTACT,
        barred_phones=codec.to_json(borrower.barred_phones) if borrower.barred_phones else None,
        instructions=(
            codec.document_to_json(borrower.instructions)
            if borrower.instructions != NO_INSTRUCTIONS
            else None
        ),
        **values,
    )


def borrower_of(borrower_id: str, person: PersonItem, contact: ContactItem) -> Borrower:
    """Read both items."""
    values: dict[str, Any] = {name: getattr(contact, name) for name in _AS_THEY_ARE}
    if contact.address_safe is not None:
        values |= privacy_by_address(contact.address_safe)
    values |= {name: from_iso(getattr(contact, name)) for name in _DAYS}
    for name in _RETURNED:
        if text := getattr(contact, name):
            values[name] = codec.document_from_json(Returned, text)
    return Borrower(
        borrower_id=borrower_id,
        recent_contacts=codec.dates_from_json(person.recent_contacts or "[]"),
        restraints=codec.restraints_from_json(person.restraints),
        version=int(person.version),
        legal_hold=bool(person.legal_hold),
        learning=codec.learning_from_json(person.learning),
        barred_phones=tuple(json.loads(contact.barred_phones or "[]")),
        instructions=codec.document_from_json(Instructions, contact.instructions or "{}"),
        **values,
    )


def learning_actions(learning: Learning) -> list[Action]:
    """Return what stores the person's progress; nothing if there is none."""
    if learning == NOTHING_LEARNED:
        return []
    return [PersonItem.learning.set(codec.document_to_json(learning))]


def contact_of(item: MessageItem) -> Contact:
    """Read a message to a person."""
    return Contact(
        contacted_on=date.fromisoformat(item.contacted_on),
        leased_until=_moment(item.leased_until),
        provider_id=item.provider_id,
        said=item.said,
        at=_moment(item.contacted_at),
        taken_at=_moment(item.taken_at),
        channel=item.channel,
        words=item.words,
        fate=item.fate,
        fate_on=from_iso(item.fate_on),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def change_item(
    pk: str, person: Borrower, change: ContactChange, version: int
) -> ContactChangeItem:
    """Return the change that made this version of the person, to be erased in its time."""
    return ContactChangeItem(
        pk,
        keys.change_key(change.changed_on, version),
        delivery_id=change.delivery_id or None,
        former=codec.to_json(to_plain(change.former)),
        expires_at=end_by_pack("contact_change", person, change.changed_on),
        by=change.by or None,
        recorded_at=datetime.now(UTC).isoformat(timespec="microseconds"),
    )


def contact_change(item: ContactChangeItem) -> ContactChange:
    """Reverse ``change_item``."""
    former = json.loads(item.former)
    for name in _DAYS:
        if name in former:
            former[name] = from_iso(former[name])
    for name in _RETURNED:
        if former.get(name):
            former[name] = from_plain(Returned, former[name])
    if "barred_phones" in former:
        former["barred_phones"] = tuple(former["barred_phones"])
    if "instructions" in former:
        former["instructions"] = from_plain(Instructions, former["instructions"])
    if "address_safe" in former:
        safe = former.pop("address_safe")
        former |= privacy_by_address(safe)
    on = date.fromisoformat(keys.identifier(item.sk).partition("#")[0])
    return ContactChange(
        on, item.delivery_id or "", former, item.by or "", _moment(item.recorded_at)
    )
