"""What somebody says of a task, as JSON; each problem names field and remedy."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Amount, Day
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList
from recovery.documents.shared.request_body import read_body
from recovery.domain.cases.notice_delivery import PAPER
from recovery.domain.cases.tasks import Result, TaskOutcome
from recovery.domain.shared.errors import Problem

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "by": "Give the id of a person on record, or leave it out to act yourself",
    "at": "Use an ISO moment with its time zone, such as 2026-03-31T09:30:00+03:00",
    "outcome": f"Use one of: {', '.join(TaskOutcome)}",
    "amount": "Give a decimal amount, such as 50.00",
    "on": "Use an ISO date, such as 2026-03-31",
    "medium": f"Use one of: {', '.join(PAPER)}",
    "sent_on": "Use an ISO date, such as 2026-03-31",
    "proof": "Give the carrier's number, or the name of the scan",
    "cause": "Use a code of what is disputed or complained about, or of why somebody cannot pay",
}


def _moment(value: object) -> datetime:
    """Accept only a text with its time zone: pydantic alone would take numbers too."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError("moment", "is not a moment with its time zone")
    return moment


Moment = Annotated[datetime, BeforeValidator(_moment)]
ActorId = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class StepBody(Body):
    """The body of POST /tasks/{task_id}/take; ``by`` is the person for whom a service asks."""

    by: ActorId | None = None


class TryBody(StepBody):
    """The body of POST /tasks/{task_id}/tries: nobody was reached at this moment, or just now."""

    at: Moment | None = None


class OutcomeBody(StepBody):
    """The body of POST /tasks/{task_id}/outcome.

    ``amount``, in the loan's currency, is promised by the day ``on``, disputed, or what somebody
    can pay now. A notice that was delivered has its ``medium``, when it was sent, ``on`` which day
    it was received or refused, and a reference to the ``proof``.
    """

    outcome: Annotated[TaskOutcome, Field(strict=False)]
    amount: Amount | None = None
    on: Day | None = None
    cause: Annotated[str | None, Field(max_length=40)] = None
    medium: Annotated[str | None, Field(max_length=40)] = None
    sent_on: Day | None = None
    proof: Annotated[str | None, Field(max_length=100)] = None


def step_request(body: str | None) -> str | None:
    """Read for whom a task is taken; an empty body is the caller. Raises InvalidDocumentError."""
    return read_body(StepBody, body or "{}", _REMEDIES).by


def try_request(body: str | None) -> tuple[str | None, datetime | None]:
    """Read who tried, and when. Raises InvalidDocumentError."""
    parsed = read_body(TryBody, body or "{}", _REMEDIES)
    return parsed.by, parsed.at


def outcome_request(body: str | None, currency: str | None) -> tuple[str | None, Result]:
    """Read who did it and what came of it, in the loan's currency; None: it is about no loan.

    Raises InvalidDocumentError.
    """
    parsed = read_body(OutcomeBody, body, _REMEDIES)
    amount_minor = None
    if parsed.amount is not None and currency is None:
        reason = "belongs to a loan, and the task is about none"
        raise InvalidDocumentError(Problem("amount", reason, "Leave it out"))
    if parsed.amount is not None and currency:
        problems = ProblemList(currency)
        amount_minor = problems.amount_minor(parsed.amount, "amount")
        problems.raise_if_any()
    result = Result(
        code=parsed.outcome.value,
        amount_minor=amount_minor,
        on=parsed.on,
        cause=parsed.cause,
        medium=parsed.medium,
        sent_on=parsed.sent_on,
        proof=parsed.proof,
    )
    return parsed.by, result
