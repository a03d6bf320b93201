"""Batch and conditional writes."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pynamodb.exceptions import PutError, PynamoDBConnectionError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.domain.shared.pages import pages
from recovery.ports.shared import StaleWriteError

_BATCH = 25
_WAIT_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
_CONFLICTS = ("ConditionalCheckFailed", "TransactionConflict")
# The table was too busy for part of a transaction, which botocore does not retry.
_THROTTLED = ("ThrottlingError", "ProvisionedThroughputExceeded")


def put_all(items: Iterable[Item]) -> None:
    """Write every item in as few requests as possible, overwriting existing ones.

    Keys must differ. Unprocessed items are retried with backoff (pynamodb's own batch retries at
    once). Raises PutError when the table stays too busy.
    """
    table = table_connection(Item)
    for chunk in pages(items, _BATCH):
        left = [item.serialize() for item in chunk]
        for wait_seconds in (*_WAIT_SECONDS, None):
            response = table.batch_write_item(put_items=left)
            unprocessed = response.get("UnprocessedItems", {}).get(table.table_name, ())
            left = [each["PutRequest"]["Item"] for each in unprocessed]
            if not left:
                break
            if wait_seconds is None:
                raise PutError(f"{len(left)} items were not written: the table is too busy")
            time.sleep(wait_seconds * random.uniform(0.5, 1))


def update(pk: str, sk: str, actions: Sequence[Action], condition: Condition) -> None:
    """Update an item without reading it back, which pynamodb's models do."""
    table_connection(Item).update_item(pk, sk, actions=actions, condition=condition)


def transaction() -> TransactWrite:
    """Open a transaction on the shared connection."""
    return TransactWrite(connection=table_connection(Item).connection)


def failed_conditions(error: TransactWriteError) -> set[int]:
    """Return the positions in the transaction (puts first, then updates) whose condition failed.

    Empty if it only conflicted with another transaction, or the table was too busy. Re-raises an
    error with any other cause.
    """
    reasons = error.cancellation_reasons
    if not any(reason and reason.code in (*_CONFLICTS, *_THROTTLED) for reason in reasons):
        raise error
    return {
        position
        for position, reason in enumerate(reasons)
        if reason and reason.code == "ConditionalCheckFailed"
    }


@contextmanager
def stale_if_refused(what: str) -> Iterator[None]:
    """Raise StaleWriteError if the single conditional write inside loses to another writer."""
    try:
        yield
    except PynamoDBConnectionError as error:
        code = (error.cause_response_code or "").removesuffix("Exception")
        if code not in _CONFLICTS:
            raise
        raise StaleWriteError(f"{what} was changed by another writer") from error
