"""Answers about people: what they said, what is held, what one can repay."""

from __future__ import annotations

from typing import NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from recovery.documents.answers.shared import Date, Moment


@with_config(extra="allow")
class PersonFact(TypedDict):
    """A fact of a person as recorded, with the fields of its kind."""

    person_id: str
    fact_id: str
    kind: str
    on: Date
    known_on: Date
    reason: str
    recorded_by: str
    recorded_at: Moment


@with_config(extra="allow")
class PersonInFull(TypedDict):
    """A page of the person's facts, and what holds back for them today."""

    person_id: str
    facts: list[PersonFact]
    next: str | None


@with_config(extra="allow")
class PromisesTaken(TypedDict):
    """A promise over several loans."""

    person_id: str
    promise_id: str


class Held(TypedDict):
    """A page of the people and loans that something holds back, the longest first."""

    held: list[dict[str, object]]
    next: str | None


class Complaints(TypedDict):
    """Complaints counted by what they are about."""

    complaints: object


Hours = TypedDict("Hours", {"from": str, "until": str})


class ContactInstructions(TypedDict):
    """How a person wants to be contacted; null is what nobody said."""

    person_id: str
    email_privacy: str | None
    phone_privacy: str | None
    only_by: str | None
    hours: Hours | None
    no_visits: bool
    instruction: str | None


class NoteConsent(TypedDict):
    """The person's consent to a note."""

    given_on: Date
    means: str


class NoteMark(TypedDict):
    """A note without its text."""

    note_id: str
    recorded_on: Date
    recorded_by: str
    consent: NoteConsent
    expires_on: Date | None


class Note(NoteMark):
    """A note."""

    topic: str
    text: str


class Notes(TypedDict):
    """A page of a person's notes."""

    person_id: str
    notes: list[Note]
    next: str | None


class NoteErased(TypedDict):
    """The note is gone; ``erased`` is false if it was already."""

    note_id: str
    erased: bool


class EvidenceForm(TypedDict):
    """Post ``fields`` and the file to ``url`` as a form, until then."""

    document_id: str
    url: str
    fields: dict[str, str]
    most_bytes: int
    until: Moment


class EvidenceFile(TypedDict):
    """A document, and a link to it that lasts some minutes."""

    document_id: str
    content_type: str
    size_bytes: int
    uploaded_at: Moment
    link: str


class Evidence(TypedDict):
    """A page of a dispute's documents."""

    loan_id: str
    dispute_id: str
    documents: list[EvidenceFile]
    next: str | None


class RightAnswered(TypedDict):
    """A person's request and its answer; ``held`` is everything about them, for an access."""

    request_id: str
    kind: str
    received_on: Date
    answer_by: Date
    answered_on: Date | None
    answered_by: str | None
    answer: dict[str, object]
    held: NotRequired[dict[str, object]]


class LegalHold(TypedDict):
    """A hold: until its end nothing of the person expires or is erased."""

    hold_id: str
    reason: str
    placed_on: Date
    placed_by: str
    ended_on: Date | None
    ended_by: str | None
