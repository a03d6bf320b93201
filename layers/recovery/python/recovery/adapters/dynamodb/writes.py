"""How items are written together, and what a refused condition means."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pynamodb.exceptions import PutError, PynamoDBConnectionError, TransactWriteError
from pynamodb.transactions import TransactWrite

from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.domain.shared.pages import pages
from recovery.ports.shared import StaleWriteError

_BATCH = 25
_WAIT_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
_CONFLICTS = ("ConditionalCheckFailed", "TransactionConflict")


def put_all(items: Iterable[Item]) -> None:
    """Every item is written, in as few requests as possible; over what was there before.

    Needs keys that differ. What a busy table leaves is sent again, later each time (pynamodb's own
    batch would do so at once); PutError when it stays too busy.
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
                raise PutError(f"{len(left)} items are not written: the table stays too busy")
            time.sleep(wait_seconds * random.uniform(0.5, 1))


def transaction() -> TransactWrite:
    """A transaction on the connection that all items share."""
    return TransactWrite(connection=table_connection(Item).connection)


def failed_conditions(error: TransactWriteError) -> set[int]:
    """Places in the transaction (puts first, then updates) whose condition failed; none when it
    only ran into another one. Raises the error itself when it failed for any other reason.
    """
    reasons = error.cancellation_reasons
    if not any(reason and reason.code in _CONFLICTS for reason in reasons):
        raise error
    return {
        place
        for place, reason in enumerate(reasons)
        if reason and reason.code == "ConditionalCheckFailed"
    }


@contextmanager
def stale_if_refused(what: str) -> Iterator[None]:
    """A single conditional write inside raises StaleWriteError when somebody was first."""
    try:
        yield
    except PynamoDBConnectionError as error:
        code = (error.cause_response_code or "").removesuffix("Exception")
        if code not in _CONFLICTS:
            raise
        raise StaleWriteError(f"{what} was changed by somebody else") from error
