"""Store assessments in DynamoDB, sealed as notes are, and beside them the capacity in force.

KMS encrypts at most 4,096 bytes at a time: a record is compressed, and sealed in as many pieces as
it takes, mostly one.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

from pynamodb.exceptions import DoesNotExist, TransactWriteError

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.expiry import expires_at, has_expired
from recovery.adapters.dynamodb.items import AssessmentItem, CapacityItem
from recovery.adapters.dynamodb.writes import failed_conditions, stale_if_refused, transaction
from recovery.adapters.sealing import KmsSeal
from recovery.domain.agreements.assessment_record import AssessmentRecord, CapacityInForce
from recovery.ports.shared import StaleWriteError

_PIECE = 4000  # characters that KMS encrypts at a time
_LENGTH = 4  # bytes that say how long a sealed piece is


class DynamoDbAssessmentRepository:
    """AssessmentRepository of one institution; ``now`` tells, in UTC, what has expired."""

    def __init__(self, institution_id: str, seal: KmsSeal, now: Callable[[], datetime]) -> None:
        self._institution_id = institution_id
        self._seal = seal
        self._now = now

    def add(
        self, record: AssessmentRecord, in_force: CapacityInForce, expires_on: date | None
    ) -> None:
        """Store an assessment with the capacity that follows from it, in one transaction."""
        item = self._item(record)
        item.expires_at = expires_at(expires_on)
        capacity = CapacityItem(
            keys.partition(keys.PERSON, self._institution_id, record.person_id),
            keys.CAPACITY,
            document=codec.document_to_json(in_force),
            assessed_on=record.assessed_on.isoformat(),
            expires_at=expires_at(expires_on),
        )
        try:
            with transaction() as together:
                together.save(item, condition=AssessmentItem.pk.does_not_exist())
                together.save(capacity)
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"assessment {record.assessment_id} was changed") from error

    def find(self, person_id: str, assessment_id: str) -> AssessmentRecord | None:
        """Return the assessment; None if there is none."""
        try:
            item = AssessmentItem.get(*self._key(person_id, assessment_id), consistent_read=True)
        except DoesNotExist:
            return None
        return None if has_expired(item, self._now()) else self._record(item, person_id)

    def of_person(self, person_id: str) -> list[AssessmentRecord]:
        """Read the person's assessments, oldest first."""
        now = self._now()
        found = (
            self._record(item, person_id)
            for item in self._items(person_id)
            if not has_expired(item, now)
        )
        return sorted(found, key=lambda each: (each.assessed_on, each.assessment_id))

    def save_decisions(self, record: AssessmentRecord) -> None:
        """Store what people decided. Raises StaleWriteError if others decided meanwhile."""
        item = self._item(replace(record, version=record.version + 1))
        known = AssessmentItem.get(
            *self._key(record.person_id, record.assessment_id), consistent_read=True
        )
        item.expires_at = known.expires_at
        with stale_if_refused(f"assessment {record.assessment_id}"):
            item.save(condition=AssessmentItem.version == record.version)

    def erase_all(self, person_id: str) -> None:
        """Erase the person's assessments, and the capacity that followed from them."""
        for item in self._items(person_id):
            item.delete()
        person = keys.partition(keys.PERSON, self._institution_id, person_id)
        CapacityItem(person, keys.CAPACITY).delete()

    def _item(self, record: AssessmentRecord) -> AssessmentItem:
        packed = base64.b64encode(zlib.compress(codec.document_to_json(record).encode(), 9))
        text, context = packed.decode(), self._context(record.person_id)
        pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
        return AssessmentItem(
            *self._key(record.person_id, record.assessment_id),
            sealed=b"".join(map(_with_length, (self._seal.close(e, context) for e in pieces))),
            assessed_on=record.assessed_on.isoformat(),
            version=record.version,
        )

    def _record(self, item: AssessmentItem, person_id: str) -> AssessmentRecord:
        context = self._context(person_id)
        text = "".join(self._seal.open(each, context) for each in _pieces(item.sealed))
        unpacked = zlib.decompress(base64.b64decode(text)).decode()
        return codec.document_from_json(AssessmentRecord, unpacked)

    def _items(self, person_id: str) -> Iterator[AssessmentItem]:
        prefix = keys.key(keys.ASSESSMENT, "")
        pk = keys.partition(keys.NOTE, self._institution_id, person_id)
        yield from AssessmentItem.query(
            pk, AssessmentItem.sk.startswith(prefix), consistent_read=True
        )

    def _context(self, person_id: str) -> dict[str, str]:
        return {"institution": self._institution_id, "person": person_id}

    def _key(self, person_id: str, assessment_id: str) -> tuple[str, str]:
        pk = keys.partition(keys.NOTE, self._institution_id, person_id)
        return pk, keys.key(keys.ASSESSMENT, assessment_id)


def _with_length(piece: bytes) -> bytes:
    return len(piece).to_bytes(_LENGTH) + piece


def _pieces(sealed: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(sealed):
        first = start + _LENGTH
        start = first + int.from_bytes(sealed[start:first])
        yield sealed[first:start]
