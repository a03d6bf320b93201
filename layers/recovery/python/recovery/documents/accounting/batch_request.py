"""A batch of payments as JSON: each is read by itself, so that one that is wrong stops no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from recovery.documents.accounting.payment_request import PaymentRequestBody
from recovery.documents.shared.problems import validated
from recovery.documents.shared.request_body import read_values

LARGEST_BATCH = 1000
LONGEST_BODY = 1024 * 1024  # characters; a thousand payments of some 300, and room
_REMEDIES = {
    "": "Send one JSON object with payments: a list of 1 to 1000, each as POST /payments takes it",
}


class BatchBody(BaseModel):
    """The body of POST /payment-batches. Each payment is checked by itself."""

    model_config = ConfigDict(extra="forbid", strict=True)

    payments: Annotated[
        list[SkipValidation[PaymentRequestBody] | Any],
        Field(min_length=1, max_length=LARGEST_BATCH),
    ]


def batch_request(body: str | None) -> Sequence[Any]:
    """Read the payments, not checked yet. Raises InvalidDocumentError."""
    values = read_values(body, _REMEDIES, LONGEST_BODY)
    parsed: BatchBody = validated(BatchBody, values, whole="body", remedies=_REMEDIES)
    return parsed.payments


def id_of(values: Any) -> str | None:
    """Return the id that a payment of a batch claims to have, as far as it can be shown."""
    found = values.get("payment_id") if isinstance(values, Mapping) else None
    return found[:64] if isinstance(found, str) else None
