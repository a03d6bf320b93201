"""A person's decision about a case as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import PRINTABLE, Day
from recovery.documents.shared.problems import validated
from recovery.documents.shared.request_body import read_values

_REMEDIES = {
    "": "Send one JSON object with decision and reason",
    "by": "Leave it out, or name a person",
}


class DecisionBody(Body):
    """What is decided and why; `dossier`: the hash that was read; `until`: the end of a pause.
    `by`: at a desk at which people signed in, the id of who decides."""

    decision: Literal["approve", "decline", "send-back", "enforce", "settle", "write-off"]
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=PRINTABLE),
    ]
    dossier: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12,64}$")] | None = None
    until: Day | None = None
    by: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None


def decision_request(body: str | None) -> DecisionBody:
    """Read the decision in a request's body. Raises InvalidDocumentError with every problem."""
    found: DecisionBody = validated(DecisionBody, read_values(body, _REMEDIES), remedies=_REMEDIES)
    return found
