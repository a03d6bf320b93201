"""Read a request to assess a person's household, to decide on it, or for options on a loan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, StringConstraints

from recovery.documents.questions.assessment_question import AskedBody, Language
from recovery.documents.questions.household_body import HouseholdBody
from recovery.documents.questions.loan_question import Body
from recovery.documents.questions.options_question import Reason
from recovery.documents.shared.fields import PRINTABLE, Amount, Currency, Day, Identifier
from recovery.documents.shared.request_body import read_body

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "assessment_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each one",
    "why": "Say in at most 300 characters why it is decided so",
    "reason": "Use one of the reasons that the documentation lists",
}


class AssessmentBody(Body):
    """The body of POST /persons/{person_id}/assessments. Own loans and guarantees are looked up.

    Without a ``household`` the one of the assessment in force counts: income is asked for once.
    ``replaces``: the loan of ours that what is asked would pay off, which then does not count.
    """

    assessment_id: Identifier
    currency: Currency
    household: HouseholdBody | None = None
    asked: AskedBody | None = None
    replaces: Identifier | None = None
    language: Language | None = None


class DecisionBody(Body):
    """The body of POST .../assessments/{assessment_id}/decisions."""

    outcome: Literal["accepted", "declined"]
    why: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=PRINTABLE)]


class OptionsBody(Body):
    """The body of POST /loans/{loan_id}/options."""

    reason: Reason = "not_said"
    lump_sum: Amount = "0"
    due_day: Annotated[int, Field(ge=1, le=31)] | None = None
    starts_on: Day | None = None
    language: Language | None = None


class AssessmentRequest(NamedTuple):
    """What to assess; ``said`` is the body as it was sent, to tell a repeat."""

    body: AssessmentBody
    said: Mapping[str, Any]


def assessment_request(body: str | None) -> AssessmentRequest:
    """Read what to assess. Raises InvalidDocumentError."""
    parsed = read_body(AssessmentBody, body, _REMEDIES)
    return AssessmentRequest(parsed, parsed.model_dump(mode="json", exclude_unset=True))


def decision_request(body: str | None) -> DecisionBody:
    """Read what a person decides. Raises InvalidDocumentError."""
    return read_body(DecisionBody, body, _REMEDIES)


def options_request(body: str | None) -> OptionsBody:
    """Read a request for options. Raises InvalidDocumentError."""
    return read_body(OptionsBody, body, _REMEDIES)
