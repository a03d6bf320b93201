"""Read the table's stream records: which loan or money changed, and which records failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from recovery.adapters.dynamodb import codec, keys
from recovery.domain.agreements.kept_letter import KeptLetter

EXPIRING = "dynamodb.amazonaws.com"  # who erases an item whose time is over
_EXPIRED = "EXPIRED"

Record = Mapping[str, Any]


class ChangedLoan(NamedTuple):
    """The loan whose item changed, and its institution."""

    institution_id: str
    loan_id: str


class Changed(NamedTuple):
    """What the changed item belongs to, by kind and id: a loan, a person, money in suspense, a
    task, or a loan of which something has expired."""

    kind: str
    institution_id: str
    id: str

    @property
    def is_suspense(self) -> bool:
        return self.kind == keys.SUSPENSE

    @property
    def is_person(self) -> bool:
        return self.kind == keys.PERSON

    @property
    def is_task(self) -> bool:
        return self.kind == keys.TASK

    @property
    def has_expired(self) -> bool:
        return self.kind == _EXPIRED


def loan_of(record: Record) -> ChangedLoan | None:
    """Return the loan whose item changed; None for a record without a loan's keys."""
    try:
        return ChangedLoan(*keys.parts(record["dynamodb"]["Keys"]["pk"]["S"]))
    except (KeyError, TypeError, ValueError):
        return None


def changed_by(record: Record) -> Changed | None:
    """Return whose item changed; None for a record without such keys."""
    found = loan_of(record)
    if found and has_expired(record):
        return Changed(_EXPIRED, *found)
    return found and Changed(record["dynamodb"]["Keys"]["pk"]["S"].partition("#")[0], *found)


def has_expired(record: Record) -> bool:
    """Whether DynamoDB erased the item, because its time was over."""
    by = record.get("userIdentity") or {}
    return record.get("eventName") == "REMOVE" and by.get("principalId") == EXPIRING


def expired_of(records: Sequence[Record], changed: Changed) -> tuple[set[str], list[KeptLetter]]:
    """Return which items of the loan have expired, and the letters that some of them told of."""
    items = [
        each["dynamodb"] for each in records if has_expired(each) and changed_by(each) == changed
    ]
    found = {each["Keys"]["sk"]["S"]: each.get("OldImage", {}) for each in items}
    letters = [
        codec.document_from_json(KeptLetter, image["document"]["S"])
        for sk, image in found.items()
        if sk.startswith(keys.key(keys.WRITTEN, "")) and "document" in image
    ]
    return {*found}, letters


def sequence_number_of(record: Record) -> str:
    """Return the sequence number; empty if missing, so that Lambda redelivers the whole batch."""
    return str((record.get("dynamodb") or {}).get("SequenceNumber", ""))


class BatchFailedError(Exception):
    """No record could be handled; Lambda redelivers the batch."""


def partial_failures(
    records: Sequence[Record], is_failed: Callable[[Record], bool]
) -> dict[str, list[dict[str, str]]]:
    """Build the response that makes Lambda redeliver from the first failed record.

    Raises BatchFailedError when all failed: Lambda then redelivers them all, and the failure counts
    as a function error.
    """
    failed = [record for record in records if is_failed(record)]
    if failed and len(failed) == len(records):
        raise BatchFailedError(f"none of {len(records)} records could be handled; see the log")
    return {"batchItemFailures": [{"itemIdentifier": sequence_number_of(each)} for each in failed]}
