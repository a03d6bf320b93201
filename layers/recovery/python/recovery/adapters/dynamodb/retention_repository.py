"""Let DynamoDB erase what is held of an ended loan, item by item."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.expiry import expires_at
from recovery.adapters.dynamodb.items import ExpiringItem
from recovery.adapters.dynamodb.writes import stale_if_refused, update
from recovery.ports.retention import LastDays
from recovery.ports.shared import StaleWriteError

_KEY_AND_END = ["pk", "sk", "expires_at"]


class DynamoDbRetentionRepository:
    """RetentionRepository of one institution.

    What makes a payment's id unique stays: it names no person, and a file that comes again must not
    be posted again.
    """

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def keep_until(self, loan_id: str, person_ids: Collection[str], last: LastDays) -> bool:
        """Let everything of the loan expire after its last day; see the port.

        The contract comes last, so that a crash leaves the loan where it is found again.
        """
        self._end(self._held(keys.TIMELINE, loan_id), expires_at(last.timeline))
        at = expires_at(last.loan)
        links = (
            link for person_id in sorted(person_ids) for link in self._links(person_id, loan_id)
        )
        self._end(links, at)
        items = list(self._held(keys.LOAN, loan_id))
        contract = [each for each in items if each.sk == keys.LOAN]
        self._end((each for each in items if each.sk != keys.LOAN), at)
        return self._end(contract, at) > 0

    def _end(self, items: Iterator[ExpiringItem] | list[ExpiringItem], at: int | None) -> int:
        """Give each item this end unless it has it; return how many it was given."""
        changed = 0
        for item in items:
            known = None if item.expires_at is None else int(item.expires_at)
            if known == at:
                continue
            ends = ExpiringItem.expires_at
            change = ends.remove() if at is None else ends.set(at)
            with suppress(StaleWriteError), stale_if_refused("the item"):  # it is gone already
                update(item.pk, item.sk, [change], ExpiringItem.pk.exists())
                changed += 1
        return changed

    def _held(self, kind: str, loan_id: str) -> Iterator[ExpiringItem]:
        pk = keys.partition(kind, self._institution_id, loan_id)
        yield from ExpiringItem.query(pk, consistent_read=True, attributes_to_get=_KEY_AND_END)

    def _links(self, person_id: str, loan_id: str) -> Iterator[ExpiringItem]:
        pk, sk = (
            keys.partition(keys.PERSON, self._institution_id, person_id),
            keys.key(keys.LOAN, loan_id),
        )
        yield from ExpiringItem.query(
            pk, ExpiringItem.sk == sk, consistent_read=True, attributes_to_get=_KEY_AND_END
        )
