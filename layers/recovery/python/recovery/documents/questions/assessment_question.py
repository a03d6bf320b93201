"""The JSON of a question about repayment capacity: a household, and the loan that is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from recovery.documents.packs.reading import capacity_pack, careful_capacity_pack
from recovery.documents.policy import read_policy
from recovery.documents.questions.household_body import (
    HouseholdBody,
    OwnLoanBody,
    read_household,
)
from recovery.documents.questions.loan_question import Body, LoanBody
from recovery.documents.questions.loan_reading import read_loan_body
from recovery.documents.questions.terms_reading import read_frequency
from recovery.documents.shared.fields import COUNTRY, Amount, Currency, Day
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList, validated
from recovery.domain.agreements.asked import Asked, asked_by_instalment, asked_by_schedule
from recovery.domain.agreements.capacity_rules import CapacityPack
from recovery.domain.agreements.household import Household, household_problems
from recovery.domain.policy import DEFAULT_POLICY, Policy
from recovery.domain.shared.errors import RefusedError

Country = Annotated[str, StringConstraints(pattern=COUNTRY)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")]


class AskedBody(Body):
    """What is asked for: a ``loan`` with its terms or instalments, or only an ``instalment`` each
    step of ``frequency``."""

    loan: LoanBody | None = None
    instalment: Amount | None = None
    frequency: Literal["DAYS", "WEEKS", "MONTHS"] = "MONTHS"
    every: Annotated[int, Field(ge=1, le=366)] = 1


class AssessmentQuestion(Body):
    """What can this household repay, does what is asked for fit, and what would make it yes?

    ``own_loans`` are those on our own books. ``policy`` is the institution's, as `recovery policy`
    takes it. ``country`` is where the household lives: its pack counts.
    """

    id: str | int | None = None
    currency: Currency
    household: HouseholdBody
    asked: AskedBody | None = None
    own_loans: list[OwnLoanBody] = Field(default=[], max_length=50)
    country: Country | None = None
    language: Language = "en"
    policy: dict[str, Any] | None = None
    as_of: Day


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about capacity, read."""

    id: str | int | None
    household: Household
    asked: Asked | None
    policy: Policy
    pack: CapacityPack
    country: str | None
    language: str
    as_of: date


def assessment_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(AssessmentQuestion.model_json_schema(by_alias=True), indent=2)


def read_assessment_question(values: Any) -> Asking:
    """Read one question, given as JSON values. Raises InvalidDocumentError."""
    body: AssessmentQuestion = validated(AssessmentQuestion, values)
    problems = ProblemList(body.currency)
    household = read_household(body.household, body.own_loans, problems, "household")
    problems.raise_if_any()
    for problem in household_problems(household):
        problems.problems.append(problem.within("household"))
    asked = read_asked(body.asked, body.as_of, problems) if body.asked else None
    problems.raise_if_any()
    return Asking(
        id=body.id,
        household=household,
        asked=asked,
        policy=_policy(body.policy),
        pack=pack_of(body.country),
        country=body.country,
        language=body.language,
        as_of=body.as_of,
    )


def pack_of(country: str | None) -> CapacityPack:
    """Return the rules of a country. Raises InvalidDocumentError if it is unknown."""
    try:
        return capacity_pack(country) if country else careful_capacity_pack()
    except RefusedError as error:
        raise InvalidDocumentError(*error.problems) from None


def read_asked(body: AskedBody, on: date, problems: ProblemList) -> Asked | None:
    """Read what is asked for; None, with problems, if it cannot be read."""
    if (body.loan is None) == (body.instalment is None):
        problems.add("asked", "needs a loan or an instalment, not both", "Give one of the two")
        return None
    if body.instalment is not None:
        amount_minor = problems.positive_minor(body.instalment, "asked.instalment")
        return asked_by_instalment(amount_minor, read_frequency(body.frequency, body.every), on)
    assert body.loan is not None
    if body.loan.currency != problems.currency:
        reason = f"is not the household's currency, {problems.currency}"
        problems.add("asked.loan.currency", reason, "Use one currency")
    if body.loan.versions:
        problems.add("asked.loan.versions", "are those of a loan that runs", "Leave them out")
    problems.raise_if_any()
    schedule, terms = read_loan_body(body.loan, problems, "asked.")
    problems.raise_if_any()
    return asked_by_schedule(schedule, terms, body.loan.disbursed_on or on)


def _policy(values: dict[str, Any] | None) -> Policy:
    if values is None:
        return DEFAULT_POLICY
    try:
        return read_policy(json.dumps(values))
    except InvalidDocumentError as error:
        problems = (replace(each, field=f"policy.{each.field}") for each in error.problems)
        raise InvalidDocumentError(*problems) from None
