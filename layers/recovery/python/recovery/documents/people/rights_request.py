"""Check a person's request about what is held; each problem names field and remedy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from recovery.documents.intake.columns import Channel, Email, Language, Name, Phone
from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import PRINTABLE, Identifier
from recovery.documents.shared.request_body import read_body
from recovery.domain.agreements.rights import Right
from recovery.domain.shared.errors import Problem, RefusedError

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "request_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each request",
    "kind": "Use access, correction, objection, restriction or erasure",
    "details": "Send the details that are wrong, as they should be",
    "reason": "Give the reason in 1 to 140 printable characters, without personal data",
}


class DetailsBody(Body):
    """What a correction may put right; null takes an address away."""

    name: Name | None = None
    language: Language | None = None
    second_language: Language | None = None
    email: Email | None = None
    phone: Phone | None = None
    preferred_channel: Channel | None = None


class RightsBody(Body):
    """The body of POST /persons/{person_id}/requests."""

    request_id: Identifier
    kind: Literal["access", "correction", "objection", "restriction", "erasure"]
    details: DetailsBody | None = Field(default=None)


class LegalHoldBody(Body):
    """The body of POST /persons/{person_id}/legal-holds."""

    hold_id: Identifier
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=PRINTABLE),
    ]


@dataclass(frozen=True, slots=True)
class AskedRight:
    """What a person asks for; ``details`` are those to put right. ``fingerprint`` tells a repeat
    without keeping what was sent."""

    request_id: str
    right: Right
    fingerprint: str
    details: Mapping[str, object] = field(default_factory=dict)


def rights_request(body: str | None) -> AskedRight:
    """Read a request. Raises InvalidDocumentError, RefusedError for a correction of nothing."""
    parsed = read_body(RightsBody, body, _REMEDIES)
    details = parsed.details.model_dump(exclude_unset=True) if parsed.details else {}
    right = Right(parsed.kind)
    required = [name for name in ("name", "language") if details.get(name, "") is None]
    if required:
        raise RefusedError(Problem(f"details.{required[0]}", "is null", "Send it as it should be"))
    if bool(details) != (right is Right.CORRECTION):
        reason = "are missing" if right is Right.CORRECTION else "are only for a correction"
        raise RefusedError(Problem("details", reason, _REMEDIES["details"]))
    said = repr(sorted((parsed.kind, *map(repr, sorted(details.items())))))
    fingerprint = hashlib.sha256(said.encode()).hexdigest()[:32]
    return AskedRight(parsed.request_id, right, fingerprint, details)


def legal_hold_request(body: str | None) -> tuple[str, str]:
    """Read a legal hold: its id and reason. Raises InvalidDocumentError."""
    parsed = read_body(LegalHoldBody, body, _REMEDIES)
    return parsed.hold_id, parsed.reason
