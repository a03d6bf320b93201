"""Map errors to problem details (RFC 9457), from one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from recovery.api.problems import PROBLEM_JSON, PROBLEM_TYPES
from recovery.api.versions import ChangedMeanwhileError
from recovery.documents.answers.problems import ProblemAnswer
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

_UNREADABLE = "unreadable_request"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an error: a code of ``PROBLEM_TYPES``, with the error's text as detail unless
    it is ``hidden``; ``problems`` derives problems from it."""

    code: str
    problems: Callable[[Any], Sequence[Problem]] = lambda _: ()
    hidden: bool = False


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


def _changed(error: Exception) -> Sequence[Problem]:
    remedy = "Read it again, decide anew, and send its new ETag"
    return (Problem("If-Match", str(error), remedy, "conflict"),)


_FAILED = Answer("failed", hidden=True)
# Most specific class first.
ANSWERS: dict[type[Exception], Answer] = {
    InvalidDocumentError: Answer("invalid_request", _own_problems),
    RefusedError: Answer("does_not_fit", _own_problems),
    InstitutionNotFoundError: Answer("not_on_record", _of_id("institution_id")),
    LoanNotFoundError: Answer("not_on_record", _of_id("loan_id")),
    PaymentNotFoundError: Answer("not_on_record", _of_id("payment_id")),
    NotFoundError: Answer("no_such_path", hidden=True),
    NotOnRecordError: Answer("not_on_record", _not_on_record),
    NotAllowedError: Answer("not_allowed", _not_allowed),
    ChangedMeanwhileError: Answer("changed_meanwhile", _changed),
    IdTakenError: Answer("conflict", _taken),
    SheetConflictError: Answer("conflict", _taken_sheet),
    FactConflictError: Answer("conflict", _taken_fact),
    ConflictError: Answer("conflict", _taken_id),
    UnreadableLoanError: Answer("unreadable_loan", _unreadable),
    StaleWriteError: Answer("busy", hidden=True),
}


def answer_to(error: Exception) -> Response[str]:
    """Answer an error by its class, or with 500."""
    problem = problem_of(error)
    return Response(problem["status"], PROBLEM_JSON, json.dumps(problem))


def problem_of(error: Exception) -> ProblemAnswer:
    """Return the problem that tells of an error."""
    found = next((answer for kind, answer in ANSWERS.items() if isinstance(error, kind)), _FAILED)
    problems = found.problems(error)
    is_unread = any(problem.field == "body" for problem in problems)
    kind = PROBLEM_TYPES[_UNREADABLE if is_unread else found.code]
    answer: ProblemAnswer = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "code": kind.code,
        "detail": kind.remedy if found.hidden else str(error),
        "remedy": problems[0].remedy if len(problems) == 1 else kind.remedy,
    }
    if problems:
        answer["errors"] = [
            {"field": each.field, "reason": each.reason, "remedy": each.remedy, "code": each.code}
            for each in problems
        ]
    return answer
