"""Read the table's stream records as domain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import PaymentItem
from recovery.adapters.dynamodb.loan_repository import payment_record
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import Outbox

Record = Mapping[str, Any]


class ChangedLoan(NamedTuple):
    """The loan whose item changed, and its institution."""

    institution_id: str
    loan_id: str


def loan_of(record: Record) -> ChangedLoan | None:
    """Return the loan whose item changed; None for a record without a loan's keys."""
    try:
        return ChangedLoan(*keys.parts(record["dynamodb"]["Keys"]["pk"]["S"]))
    except (KeyError, TypeError, ValueError):
        return None


def sequence_number_of(record: Record) -> str:
    """Return the sequence number; empty if missing, so that Lambda redelivers the whole batch."""
    return str((record.get("dynamodb") or {}).get("SequenceNumber", ""))


def payment_of(record: Record) -> PaymentRecord | None:
    """Return the payment as written, or None for any other item."""
    if not record["dynamodb"]["Keys"]["sk"]["S"].startswith(f"{keys.PAYMENT}#"):
        return None
    return payment_record(PaymentItem.from_raw_data(dict(record["dynamodb"]["NewImage"])))


def review_of(record: Record) -> tuple[Outbox, Standing | None]:
    """Return a stored review's outbox and standing."""
    image = record["dynamodb"]["NewImage"]
    standing = image.get("standing", {}).get("S")
    return (
        codec.outbox_from_json(image["outbox"]["S"]),
        codec.standing_from_json(standing) if standing else None,
    )


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
