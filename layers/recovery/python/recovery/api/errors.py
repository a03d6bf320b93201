"""Map errors to problem details (RFC 9457), from one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.shared.errors import (
    ConflictError,
    FactConflictError,
    IdTakenError,
    NotAllowedError,
    NotOnRecordError,
    PaymentNotFoundError,
    Problem,
    RefusedError,
    SheetConflictError,
)
from recovery.ports.accounting import LoanNotFoundError, UnreadableLoanError
from recovery.ports.institutions import InstitutionNotFoundError
from recovery.ports.shared import StaleWriteError

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an error. ``detail`` None is the error's text; ``problems`` derives problems
    from it."""

    status: int
    title: str
    detail: str | None = None
    problems: Callable[[Any], Sequence[Problem]] = lambda _: ()


def _of_id(field: str) -> Callable[[Exception], Sequence[Problem]]:
    return lambda error: (Problem(field, str(error), "Check the id", "not_found"),)


def _taken_id(error: Exception) -> Sequence[Problem]:
    remedy = "Give a new payment its own id; send a repeat unchanged"
    return (Problem("payment_id", str(error), remedy, "conflict"),)


def _not_on_record(error: NotOnRecordError) -> Sequence[Problem]:
    return (Problem(error.field, str(error), "Check the id", "not_found"),)


def _taken(error: IdTakenError) -> Sequence[Problem]:
    remedy = "Give what is new its own id; send a repeat unchanged"
    return (Problem(error.field, str(error), remedy, "conflict"),)


def _not_allowed(error: NotAllowedError) -> Sequence[Problem]:
    remedy = "Ask one of them, or ask for the role with `recovery person add`"
    return (Problem("caller", str(error), remedy, "not_allowed"),)


def _taken_sheet(error: Exception) -> Sequence[Problem]:
    remedy = "Give a corrected sheet its own id; send a repeat unchanged"
    return (Problem("sheet_id", str(error), remedy, "conflict"),)


def _taken_fact(error: Exception) -> Sequence[Problem]:
    remedy = "Give a new fact its own id; send a repeat unchanged"
    return (Problem("fact_id", str(error), remedy, "conflict"),)


def _unreadable(error: UnreadableLoanError) -> Sequence[Problem]:
    return (Problem("loan_id", str(error), "Ask the operators to repair it; then send it again"),)


def _own_problems(error: RefusedError) -> Sequence[Problem]:
    return error.problems


_FAILED = Answer(500, "Something went wrong", "It was logged; send the same request again later")
# Most specific class first.
ANSWERS: dict[type[Exception], Answer] = {
    InvalidDocumentError: Answer(422, "The request cannot be used", problems=_own_problems),
    RefusedError: Answer(422, "The request does not fit this loan", problems=_own_problems),
    InstitutionNotFoundError: Answer(404, "Not on record", problems=_of_id("institution_id")),
    LoanNotFoundError: Answer(404, "Not on record", problems=_of_id("loan_id")),
    PaymentNotFoundError: Answer(404, "Not on record", problems=_of_id("payment_id")),
    NotFoundError: Answer(404, "No such path", "See the README for the paths of this API"),
    NotOnRecordError: Answer(404, "Not on record", problems=_not_on_record),
    NotAllowedError: Answer(403, "Not allowed", problems=_not_allowed),
    IdTakenError: Answer(409, "The id is taken", problems=_taken),
    SheetConflictError: Answer(409, "The id is taken", problems=_taken_sheet),
    FactConflictError: Answer(409, "The id is taken", problems=_taken_fact),
    ConflictError: Answer(409, "The id is taken", problems=_taken_id),
    UnreadableLoanError: Answer(500, "The loan cannot be read", problems=_unreadable),
    StaleWriteError: Answer(503, "The loan is busy", "Send the same request again in a moment"),
}


def answer_to(error: Exception) -> Response[str]:
    """Answer an error by its class, or with 500."""
    found = next((answer for kind, answer in ANSWERS.items() if isinstance(error, kind)), _FAILED)
    problems = found.problems(error)
    status = 400 if any(problem.field == "body" for problem in problems) else found.status
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": found.title,
        "status": status,
        "detail": found.detail or str(error),
    }
    if problems:
        body["errors"] = [asdict(problem) for problem in problems]
    return Response(status, PROBLEM_JSON, json.dumps(body))
