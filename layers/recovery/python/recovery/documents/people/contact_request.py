"""How a person wants to be contacted, as JSON: what is given replaces what was, null lifts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import PRINTABLE
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.documents.shared.request_body import read_body
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.instructions import LONGEST_INSTRUCTION, Means
from recovery.domain.contact.privacy import Privacy
from recovery.domain.shared.errors import Problem

_REMEDIES = {
    "": "Send one JSON object with what the person said: email_privacy, phone_privacy, only_by,"
    " hours, no_visits or instruction",
    "email_privacy": "Use private, shared or unsafe, or null to go by the files",
    "phone_privacy": "Use private, shared or unsafe, or null to go by the files",
    "only_by": "Use email, phone, letter or visit, or null for any",
    "hours": "Send from and until, or null for any",
    "hours.from": "Write a time of the day, such as 18:00",
    "hours.until": "Write a time of the day, such as 20:00",
    "instruction": f"Use at most {LONGEST_INSTRUCTION} printable characters, or null for none",
}

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class HoursBody(Body):
    """From when until when, in the person's local time."""

    from_: Annotated[Clock, Field(alias="from")]
    until: Clock


class ContactBody(Body):
    """The body of PATCH /persons/{person_id}/contact-instructions."""

    email_privacy: Privacy | None = None
    phone_privacy: Privacy | None = None
    only_by: Means | None = None
    hours: HoursBody | None = None
    no_visits: bool | None = None
    instruction: (
        Annotated[
            str,
            StringConstraints(
                strip_whitespace=True, max_length=LONGEST_INSTRUCTION, pattern=PRINTABLE
            ),
        ]
        | None
    ) = None


def contact_request(body: str | None) -> Mapping[str, Any]:
    """Read the instructions that change, by name. Raises InvalidDocumentError."""
    parsed = read_body(ContactBody, body, _REMEDIES)
    if not parsed.model_fields_set:
        raise InvalidDocumentError(Problem("body", "says nothing", _REMEDIES[""], "missing"))
    changes: dict[str, Any] = {}
    for name in parsed.model_fields_set:
        match name:
            case "hours":
                hours = parsed.hours
                changes["from_time"] = time.fromisoformat(hours.from_) if hours else None
                changes["until_time"] = time.fromisoformat(hours.until) if hours else None
            case "no_visits":
                changes[name] = bool(parsed.no_visits)
            case "instruction":
                changes["text"] = parsed.instruction or ""
            case _:
                changes[name] = getattr(parsed, name)
    return changes


def contact_document(person: Borrower) -> dict[str, object]:
    """Show how the person wants to be contacted, without their addresses."""
    said = person.instructions
    hours = None
    if said.from_time and said.until_time:
        hours = {"from": f"{said.from_time:%H:%M}", "until": f"{said.until_time:%H:%M}"}
    return {
        "person_id": person.borrower_id,
        "email_privacy": person.privacy_of("email"),
        "phone_privacy": person.privacy_of("sms"),
        "only_by": said.only_by,
        "hours": hours,
        "no_visits": said.no_visits,
        "instruction": said.text or None,
    }
