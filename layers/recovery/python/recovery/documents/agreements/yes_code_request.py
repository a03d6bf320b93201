"""Check requests for a code that says yes to an offer, and answers with one."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Identifier
from recovery.documents.shared.request_body import read_body
from recovery.domain.agreements.option_kinds import Kind
from recovery.domain.agreements.yes_code import DIGITS

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "option": "Name one of the options that the offer shows",
    "person_id": "Name who says yes",
    "channel": "Use sms or email, or leave it out",
    "code": f"Give the {DIGITS} digits that were sent",
}


class CodeBody(Body):
    """The body of POST /loans/{loan_id}/offers/{offer_id}/codes."""

    option: Annotated[Kind, Field(strict=False)]
    person_id: Identifier
    channel: Literal["sms", "email"] | None = None


class AnswerBody(Body):
    """The body of POST /loans/{loan_id}/offers/{offer_id}/codes/answer."""

    option: Annotated[Kind, Field(strict=False)]
    person_id: Identifier
    code: Annotated[str, Field(pattern=rf"^[0-9]{{{DIGITS}}}$")]


class CodeRequest(NamedTuple):
    """Who is to get a code for which option, by ``channel`` or where they prefer."""

    option: str
    person_id: str
    channel: str | None


class CodeAnswer(NamedTuple):
    """What somebody typed as the code."""

    option: str
    person_id: str
    code: str


def code_request(body: str | None) -> CodeRequest:
    """Read who gets a code. Raises InvalidDocumentError."""
    parsed = read_body(CodeBody, body, _REMEDIES)
    return CodeRequest(parsed.option.value, parsed.person_id, parsed.channel)


def code_answer(body: str | None) -> CodeAnswer:
    """Read an answer. Raises InvalidDocumentError."""
    parsed = read_body(AnswerBody, body, _REMEDIES)
    return CodeAnswer(parsed.option.value, parsed.person_id, parsed.code)
