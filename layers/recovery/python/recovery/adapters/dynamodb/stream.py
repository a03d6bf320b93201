"""Records of the table's stream, as domain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import PaymentItem
from recovery.adapters.dynamodb.loan_repository import payment_record
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import Outbox

Record = Mapping[str, Any]


def loan_id_of(record: Record) -> str:
    """The loan whose item changed."""
    return keys.identifier(record["dynamodb"]["Keys"]["pk"]["S"])


def payment_of(record: Record) -> PaymentRecord | None:
    """The payment as it was written; None when it is another item that changed."""
    if not record["dynamodb"]["Keys"]["sk"]["S"].startswith(f"{keys.PAYMENT}#"):
        return None
    return payment_record(PaymentItem.from_raw_data(dict(record["dynamodb"]["NewImage"])))


def review_of(record: Record) -> tuple[Outbox, Standing | None]:
    """The outbox of a stored review, with the standing it is about."""
    image = record["dynamodb"]["NewImage"]
    standing = image.get("standing", {}).get("S")
    return (
        codec.outbox_from_json(image["outbox"]["S"]),
        codec.standing_from_json(standing) if standing else None,
    )


def partial_failures(
    records: Sequence[Record], is_failed: Callable[[Record], bool]
) -> dict[str, list[dict[str, str]]]:
    """The answer that makes Lambda deliver again from the first failed record on."""
    return {
        "batchItemFailures": [
            {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
            for record in records
            if is_failed(record)
        ]
    }
