"""A fact about a person as JSON: hardship, what holds back by law or life, complaints, lessons.

Only what is needed is asked; what somebody tells of health or family belongs in a note.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from recovery.documents.accounting.fact_body import Reason
from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Amount, Currency, Day, Identifier
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList, validated
from recovery.documents.shared.request_body import read_values
from recovery.domain.agreements.learning import GoalSet, LessonDone, LessonsChoice
from recovery.domain.agreements.person_facts import (
    KINDS,
    Cause,
    ComplaintAbout,
    ComplaintEnd,
    ComplaintOutcome,
    HoldEnd,
)
from recovery.domain.agreements.person_request import (
    AskedOfPerson,
    ComplaintMade,
    HardshipTold,
    HoldReported,
    PersonFactRequest,
)
from recovery.domain.shared.errors import Problem

_REMEDIES = {
    "": "Send one JSON object with the fields of its kind",
    "fact_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each fact",
    "kind": f"Use one of: {', '.join(KINDS)}",
    "reason": "Give the reason in 1 to 140 printable characters, without personal data",
    "on": "Use an ISO date, such as 2026-03-31, or leave it out for the business date",
}
HoldKind = Literal[
    "moratorium",
    "breathing_space",
    "insolvency",
    "death",
    "representative",
    "minor",
    "imprisonment",
    "restriction",
    "objection",
    "stop",
]


class _Fact(Body):
    fact_id: Identifier
    reason: Reason
    on: Day | None = None


class HardshipFact(_Fact):
    """Somebody cannot pay now, and why; details only in a note, with consent."""

    kind: Literal["hardship"]
    causes: Annotated[
        tuple[Annotated[Cause, Field(strict=False)], ...],
        Field(min_length=1, max_length=3, strict=False),
    ]
    can_pay: Amount | None = None
    currency: Currency | None = None
    review_on: Day | None = None


class HoldFact(_Fact):
    """A restraint by law or by life, until a day or until it is ended."""

    kind: Literal["hold"]
    because: HoldKind
    until: Day | None = None
    seen: bool = False


class HoldEndFact(_Fact):
    """A hold or hardship ended; or it never was true."""

    kind: Literal["hold_end"]
    ends: Identifier
    was_false: bool = False


class ComplaintFact(_Fact):
    """A complaint, and what it attacks; what it attacks rests until the answer."""

    kind: Literal["complaint"]
    about: Annotated[ComplaintAbout, Field(strict=False)]
    loan_id: Identifier | None = None


class ComplaintEndFact(_Fact):
    """The answer to a complaint, as the person reads it."""

    kind: Literal["complaint_end"]
    complaint_id: Identifier
    outcome: Annotated[ComplaintOutcome, Field(strict=False)]
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class LessonsFact(_Fact):
    """The person said yes to lessons, or no more of them; their loans' messages are not meant."""

    kind: Literal["lessons"]
    wanted: bool


class GoalFact(_Fact):
    """What the person wants to lay aside for each due day; without an amount, nothing any more."""

    kind: Literal["goal"]
    amount: Amount | None = None
    currency: Currency | None = None


class LessonDoneFact(_Fact):
    """A lesson whose question the person answered, or that they did with an advisor."""

    kind: Literal["lesson_done"]
    lesson_id: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    answer: Annotated[int, Field(ge=1, le=2)] | None = None


AnyFact = (
    HardshipFact
    | HoldFact
    | HoldEndFact
    | ComplaintFact
    | ComplaintEndFact
    | LessonsFact
    | GoalFact
    | LessonDoneFact
)


PersonFactOnWire = Annotated[AnyFact, Field(discriminator="kind")]


class PersonFactBody(Body):
    """A fact of one of the known kinds."""

    fact: PersonFactOnWire


def person_fact_request(body: str | None, person_id: str, today: date) -> PersonFactRequest:
    """Read a fact about this person. Raises InvalidDocumentError with every problem."""
    values = {"fact": read_values(body, _REMEDIES)}
    try:
        parsed = validated(PersonFactBody, values, whole="body", remedies=_REMEDIES).fact
    except InvalidDocumentError as error:
        raise InvalidDocumentError(*map(_without_wrapper, error.problems)) from None
    said = parsed.model_dump(mode="json", exclude_unset=True)
    return PersonFactRequest(
        fact_id=parsed.fact_id,
        person_id=person_id,
        fact=_fact(parsed, parsed.on or today),
        reason=parsed.reason,
        said=json.dumps(said, sort_keys=True),
    )


def _fact(body: Any, on: date) -> AskedOfPerson:
    match body:
        case HardshipFact():
            return _hardship(body, on)
        case HoldFact():
            return HoldReported(body.because, on, body.until, seen=body.seen)
        case HoldEndFact():
            return HoldEnd(body.ends, on, body.was_false)
        case ComplaintFact():
            return ComplaintMade(on, body.about, body.loan_id)
        case LessonsFact():
            return LessonsChoice(on, body.wanted)
        case GoalFact():
            return GoalSet(on, *_amount(body.amount, body.currency, "amount"))
        case LessonDoneFact():
            return LessonDone(on, body.lesson_id, body.answer)
        case _:
            return ComplaintEnd(body.complaint_id, on, body.outcome, body.answer)


def _hardship(body: HardshipFact, on: date) -> HardshipTold:
    can_pay = _amount(body.can_pay, body.currency, "can_pay")
    return HardshipTold(on, body.causes, body.review_on, *can_pay)


def _amount(amount: str | None, currency: str | None, field: str) -> tuple[int | None, str | None]:
    """Return the amount in minor units, and its currency. Raises InvalidDocumentError."""
    if (amount is None) != (currency is None):
        reason = f"must come with {field}, and {field} with it"
        raise InvalidDocumentError(Problem("currency", reason, "Give both, or neither"))
    if amount is None or currency is None:
        return None, None
    problems = ProblemList(currency)
    amount_minor = problems.amount_minor(amount, field)
    problems.raise_if_any()
    return amount_minor, currency


def _without_wrapper(problem: Problem) -> Problem:
    field = problem.field.removeprefix("fact").removeprefix(".")
    for kind in KINDS:
        field = field.removeprefix(f"{kind}.")
    remedy = _REMEDIES.get(field, problem.remedy)
    return Problem(field or "kind", problem.reason, remedy, problem.code)
