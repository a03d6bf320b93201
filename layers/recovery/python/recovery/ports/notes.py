"""Sensitive notes about persons, and who did or saw what of a person's."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.agreements.notes import Note, NoteMark
from recovery.domain.shared.audit import AuditEntry


class NoteRepository(Protocol):
    """Stores one institution's notes; what has expired is not there any more."""

    def add(self, note: Note) -> None:
        """Add the note. Raises StaleWriteError if there is one with its id."""

    def find(self, person_id: str, note_id: str) -> Note | None:
        """Return the note; None if there is none."""

    def of_person(self, person_id: str) -> list[Note]:
        """Read the person's notes, by id."""

    def marks_of(self, person_id: str) -> list[NoteMark]:
        """Say which notes there are of the person, by id, without reading any."""

    def erase(self, person_id: str, note_id: str) -> bool:
        """Erase the note; return whether there was one."""


class PersonAudit(Protocol):
    """Keeps who did or saw what of one institution's persons."""

    def add(self, person_id: str, entry: AuditEntry) -> None: ...
    def of_person(self, person_id: str) -> list[AuditEntry]:
        """List the entries, oldest first."""
