"""Record, read and erase sensitive notes about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from recovery.documents.people.note_request import NoteRequest
from recovery.domain.agreements.notes import Note, NoteMark, note_problems
from recovery.domain.agreements.people_rules import retention_days
from recovery.domain.contact.reply_record import UNKNOWN_SENDER
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import IdTakenError, Problem, RefusedError
from recovery.ports.needs import HasAudit, HasBorrowers, HasInstitutions, HasNotes
from recovery.use_cases.people.person import STAFF, allow, find_person, rules_for
from recovery.use_cases.shared.business_date import local_date
from recovery.use_cases.shared.retrying import retry_when_stale


class NotePorts(HasNotes, HasAudit, HasBorrowers, HasInstitutions, Protocol):
    """What notes need."""


@dataclass(frozen=True, slots=True)
class NoteTaken:
    """The note on record, without its text, and whether this call recorded it."""

    mark: NoteMark
    recorded: bool


@retry_when_stale
def record_note(
    institution_id: str,
    person_id: str,
    request: NoteRequest,
    by: Actor,
    now: datetime,
    ports: NotePorts,
) -> NoteTaken:
    """Record a note, to be erased when the rules of the person's country say; a repeat adds none.

    Raises NotAllowedError, NotOnRecordError, RefusedError, IdTakenError.
    """
    allow(by, *STAFF, to="write notes")
    person = find_person(person_id, ports)
    known = ports.notes.find(person_id, request.note_id)
    if known:
        if (known.topic, known.text, known.mark.consent) != request[1:]:
            raise IdTakenError("note_id", f"note {request.note_id}")
        return NoteTaken(known.mark, recorded=False)
    # The calendar's day, as DynamoDB's clock is the one that erases.
    today = local_date(institution_id, now, ports.institutions)
    days = retention_days(rules_for(person), "note", today)
    assert days is not None, "the careful default has a rule for notes"
    mark = NoteMark(
        note_id=request.note_id,
        person_id=person_id,
        consent=request.consent,
        recorded_on=today,
        recorded_by=by.in_words(),
        expires_on=None if person.legal_hold else today + timedelta(days=days),
    )
    note = Note(mark=mark, topic=request.topic, text=request.text)
    if problems := list(note_problems(note)):
        raise RefusedError(*problems)
    ports.notes.add(note)
    ports.audit.add(person_id, AuditEntry(now, Act.NOTE_ADDED, by, request.note_id))
    return NoteTaken(mark, recorded=True)


def read_notes(person_id: str, by: Actor, now: datetime, ports: NotePorts) -> list[Note]:
    """Read the person's notes, which goes on record first.

    Those of ``UNKNOWN_SENDER`` are what strangers replied. Raises NotAllowedError for whoever is
    not trained, NotOnRecordError.
    """
    allow(by, Role.TRAINED, to="read notes")
    if person_id != UNKNOWN_SENDER:
        find_person(person_id, ports)
    ports.audit.add(person_id, AuditEntry(now, Act.NOTES_READ, by))
    return ports.notes.of_person(person_id)


def erase_note(person_id: str, note_id: str, by: Actor, now: datetime, ports: NotePorts) -> bool:
    """Erase a note, as the person may always ask; return whether there was one.

    Raises NotAllowedError for whoever is not trained, NotOnRecordError, RefusedError while a legal
    hold lasts.
    """
    allow(by, Role.TRAINED, to="erase notes")
    if person_id != UNKNOWN_SENDER and find_person(person_id, ports).legal_hold:
        reason = "is kept by a legal hold"
        raise RefusedError(Problem("note_id", reason, "End the hold first", "conflict"))
    erased = ports.notes.erase(person_id, note_id)
    if erased:
        ports.audit.add(person_id, AuditEntry(now, Act.NOTE_ERASED, by, note_id))
    return erased


def mark_document(mark: NoteMark) -> dict[str, object]:
    """Show that there is a note, not what it says."""
    return {
        "note_id": mark.note_id,
        "recorded_on": mark.recorded_on.isoformat(),
        "recorded_by": mark.recorded_by,
        "consent": {
            "given_on": mark.consent.given_on.isoformat(),
            "means": mark.consent.means,
        }
        if mark.consent
        else None,
        "expires_on": mark.expires_on.isoformat() if mark.expires_on else None,
    }


def note_document(note: Note) -> dict[str, object]:
    """Show a note to whoever may read it."""
    return {**mark_document(note.mark), "topic": note.topic, "text": note.text}
