"""A promise over several loans of one person, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from recovery.documents.accounting.fact_body import Reason
from recovery.documents.accounting.fact_request import Channel, PayBy
from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Amount, Day, Identifier
from recovery.documents.shared.request_body import read_body

_REMEDIES = {
    "": "Send one JSON object with promise_id, pay_on, channel, reason and parts",
    "promise_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each promise",
}


class PartBody(Body):
    """How much is promised on one loan."""

    loan_id: Identifier
    amount: Amount


class PromisesBody(Body):
    """One promise, in parts by loan."""

    promise_id: Identifier
    reason: Reason
    on: Day | None = None
    pay_on: Day
    channel: Channel
    pay_by: PayBy | None = None
    reminder: bool = False
    parts: Annotated[tuple[PartBody, ...], Field(min_length=1, max_length=20, strict=False)]


@dataclass(frozen=True, slots=True)
class PromisesRequest:
    """One promise of a person; ``parts`` are decimal amounts by loan."""

    person_id: str
    promise_id: str
    reason: str
    pay_on: date
    channel: str
    parts: tuple[tuple[str, str], ...]
    on: date | None = None
    pay_by: str | None = None
    reminder: bool = False


def promises_request(body: str | None, person_id: str) -> PromisesRequest:
    """Read the promise. Raises InvalidDocumentError with every problem."""
    read = read_body(PromisesBody, body, _REMEDIES)
    return PromisesRequest(
        person_id=person_id,
        promise_id=read.promise_id,
        reason=read.reason,
        pay_on=read.pay_on,
        channel=read.channel,
        parts=tuple((each.loan_id, each.amount) for each in read.parts),
        on=read.on,
        pay_by=read.pay_by,
        reminder=read.reminder,
    )
