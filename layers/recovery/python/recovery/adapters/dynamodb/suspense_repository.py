"""Store money in suspense in DynamoDB; it comes and leaves in the transactions of loans."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import size

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import SuspenseItem
from recovery.adapters.dynamodb.payment_items import suspended_of, suspense_key
from recovery.adapters.dynamodb.record_writes import outbox_path
from recovery.adapters.dynamodb.writes import stale_if_refused, update
from recovery.domain.intake.suspense import Suspended
from recovery.domain.outbox import Outbox
from recovery.ports.shared import StaleWriteError


class DynamoDbSuspenseRepository:
    """SuspenseRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def find(self, payment_id: str) -> Suspended | None:
        item = self._get(payment_id)
        return suspended_of(item) if item else None

    def open_items(self) -> list[Suspended]:
        """List what is in suspense, oldest value date first."""
        found = (suspended_of(item) for item in self._listed())
        still_open = [each for each in found if each.open_minor]
        return sorted(still_open, key=lambda each: (each.value_date, each.payment_id))

    def outboxes(self, payment_id: str) -> list[Outbox]:
        """List what is to be announced, in order; [] if there is nothing."""
        item = self._get(payment_id)
        return _waiting(item) if item else []

    def acknowledge(self, payment_id: str, outbox_ids: Sequence[str]) -> None:
        """Forget outboxes that were carried out. Idempotent.

        Money that left for good leaves the list with the last of them.
        """
        key = suspense_key(self._institution_id, payment_id)
        if outbox_ids:
            done = [outbox_path(each).remove() for each in outbox_ids]
            with stale_if_refused("the outbox"):
                update(*key, done, SuspenseItem.pk.exists())
        number = size(SuspenseItem.outbox)  # type: ignore[no-untyped-call]
        marks = (SuspenseItem.listed_in, SuspenseItem.listed_by, SuspenseItem.resends)
        left = SuspenseItem.closed.exists() & SuspenseItem.listed_by.exists() & (number == 0)
        with suppress(StaleWriteError), stale_if_refused("the list"):
            update(*key, [each.remove() for each in marks], left)

    def waiting_ids(self, before: date) -> list[str]:
        """Find money of which something decided before this date is not announced yet."""
        return [
            keys.parts(item.pk)[1]
            for item in self._listed()
            if any(outbox.as_of < before for outbox in _waiting(item))
        ]

    def send_again(self, payment_id: str) -> None:
        """Let the stream deliver its outboxes once more, if any wait."""
        key = suspense_key(self._institution_id, payment_id)
        with suppress(StaleWriteError), stale_if_refused("the outbox"):
            update(*key, [SuspenseItem.resends.add(1)], SuspenseItem.listed_by.exists())

    def _get(self, payment_id: str) -> SuspenseItem | None:
        try:
            key = suspense_key(self._institution_id, payment_id)
            return SuspenseItem.get(*key, consistent_read=True)
        except DoesNotExist:
            return None

    def _listed(self) -> list[SuspenseItem]:
        listed = SuspenseItem.lists.query(keys.list_key(keys.SUSPENSE, self._institution_id, 0))
        found = [(item.pk, item.sk) for item in listed]
        return list(SuspenseItem.batch_get(found, consistent_read=True))


def _waiting(item: SuspenseItem) -> list[Outbox]:
    waiting = item.outbox.attribute_values
    return [codec.outbox_from_json(waiting[each]) for each in sorted(waiting)]
