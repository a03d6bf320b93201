"""Store what deliveries left to know and to decide in DynamoDB."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import HeldContactsItem, SourceItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.intake.held_contacts import Delivered, HeldContacts
from recovery.ports.intake import DeliveryNotFoundError
from recovery.ports.shared import StaleWriteError


class DynamoDbDeliveryRepository:
    """DeliveryRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._pk = keys.deliveries_key(institution_id)

    def last(self, source: str) -> Delivered | None:
        """Return the newest delivery taken up from this source."""
        try:
            item = SourceItem.get(self._pk, keys.key(keys.SOURCE, source), consistent_read=True)
        except DoesNotExist:
            return None
        as_of = date.fromisoformat(item.as_of)
        return Delivered(source=source, as_of=as_of, delivery_id=item.delivery_id)

    def save_last(self, delivered: Delivered) -> None:
        """Put it on record unless a newer one is; of two with the same date, the later counts."""
        as_of = delivered.as_of.isoformat()
        item = SourceItem(
            self._pk,
            keys.key(keys.SOURCE, delivered.source),
            as_of=as_of,
            delivery_id=delivered.delivery_id,
        )
        not_older = SourceItem.as_of.does_not_exist() | (SourceItem.as_of <= as_of)
        with suppress(StaleWriteError), stale_if_refused("the last delivery"):
            item.save(condition=not_older)

    def held(self, delivery_id: str) -> HeldContacts:
        """Return the question. Raises DeliveryNotFoundError."""
        try:
            sk = keys.key(keys.HELD_CONTACTS, delivery_id)
            return _held(HeldContactsItem.get(self._pk, sk, consistent_read=True))
        except DoesNotExist:
            raise DeliveryNotFoundError(delivery_id) from None

    def all_held(self) -> list[HeldContacts]:
        """List every question, answered or not, by delivery."""
        found = HeldContactsItem.query(
            self._pk,
            HeldContactsItem.sk.startswith(keys.key(keys.HELD_CONTACTS, "")),
            consistent_read=True,
        )
        return [_held(item) for item in found]

    def save_held(self, held: HeldContacts, before: HeldContacts | None = None) -> None:
        """Put the question on record, or its answer in place of ``before``.

        Raises StaleWriteError if something else is on record.
        """
        sk = keys.key(keys.HELD_CONTACTS, held.delivery_id)
        item = HeldContactsItem(self._pk, sk, document=_text(held))
        expected = (
            HeldContactsItem.document == _text(before)
            if before
            else HeldContactsItem.pk.does_not_exist()
        )
        with stale_if_refused(f"the decision on {held.delivery_id}"):
            item.save(condition=expected)


def _held(item: HeldContactsItem) -> HeldContacts:
    return from_plain(HeldContacts, json.loads(item.document))


def _text(held: HeldContacts) -> str:
    return codec.to_json(to_plain(held))
