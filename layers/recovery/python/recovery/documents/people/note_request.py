"""Check a sensitive note; each problem names field and remedy, never what the person told."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import StringConstraints

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Day, Identifier
from recovery.documents.shared.request_body import read_body
from recovery.domain.agreements.notes import LONGEST_NOTE, Consent, Means, Topic

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "note_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each note",
    "topic": "Use health, family, violence, work, money or other",
    "text": f"Send at most {LONGEST_NOTE} characters",
    "consent": "Keep no note without the person's explicit yes",
    "consent.given": "Keep no note without the person's explicit yes",
    "consent.given_on": "Use an ISO date, such as 2026-03-31",
    "consent.means": "Use in_person, by_phone, in_writing or online",
}


class ConsentBody(Body):
    """The person's yes, expressly: there is no other way to keep a note."""

    given: Literal[True]
    given_on: Day
    means: Means


class NoteBody(Body):
    """The body of POST /persons/{person_id}/notes."""

    note_id: Identifier
    topic: Topic
    text: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)]
    consent: ConsentBody


class NoteRequest(NamedTuple):
    """What to note of a person."""

    note_id: str
    topic: str
    text: str
    consent: Consent


def note_request(body: str | None) -> NoteRequest:
    """Read a note. Raises InvalidDocumentError."""
    parsed = read_body(NoteBody, body, _REMEDIES)
    consent = Consent(parsed.consent.given_on, parsed.consent.means)
    return NoteRequest(parsed.note_id, parsed.topic, parsed.text, consent)
