"""What only people may see of a person, in memory."""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery.domain.agreements.evidence import EvidenceDocument, UploadForm
from recovery.domain.agreements.notes import Note, NoteMark
from recovery.domain.shared.audit import AuditEntry
from recovery.ports.shared import StaleWriteError
from tests.fakes.institutions import FakeClock


class FakeNoteRepository:
    """Notes by person and id."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._notes: dict[tuple[str, str], Note] = {}

    def add(self, note: Note) -> None:
        if self.find(note.mark.person_id, note.mark.note_id):
            raise StaleWriteError(f"note {note.mark.note_id} was changed")
        self._notes[note.mark.person_id, note.mark.note_id] = note

    def find(self, person_id: str, note_id: str) -> Note | None:
        note = self._notes.get((person_id, note_id))
        ends = note.mark.expires_on if note else None
        return None if ends and ends < self._clock.now().date() else note

    def of_person(self, person_id: str) -> list[Note]:
        found = (self.find(*key) for key in sorted(self._notes) if key[0] == person_id)
        return [each for each in found if each]

    def marks_of(self, person_id: str) -> list[NoteMark]:
        return [each.mark for each in self.of_person(person_id)]

    def erase(self, person_id: str, note_id: str) -> bool:
        known = self.find(person_id, note_id) is not None
        self._notes.pop((person_id, note_id), None)
        return known


class FakePersonAudit:
    """Entries by person."""

    def __init__(self) -> None:
        self._entries: dict[str, list[AuditEntry]] = {}

    def add(self, person_id: str, entry: AuditEntry) -> None:
        self._entries.setdefault(person_id, []).append(entry)

    def of_person(self, person_id: str) -> list[AuditEntry]:
        return sorted(self._entries.get(person_id, []), key=lambda each: each.at)


class FakeEvidenceStore:
    """Documents by dispute; tests set ``documents``, as who posts the form would.

    ``expiring`` says of a loan whether its documents do.
    """

    def __init__(self) -> None:
        self.documents: dict[tuple[str, str], list[EvidenceDocument]] = {}
        self.expiring: dict[str, bool] = {}

    def upload_form(
        self,
        loan_id: str,
        dispute_id: str,
        document_id: str,
        content_type: str,
        now: datetime,
        *,
        expires: bool = True,
    ) -> UploadForm:
        key = f"{loan_id}/{dispute_id}/{document_id}{'' if expires else '/kept'}"
        form = {"key": key, "Content-Type": content_type}
        return UploadForm("https://evidence.example", form, now + timedelta(minutes=15))

    def documents_of(self, loan_id: str, dispute_id: str) -> list[EvidenceDocument]:
        return self.documents.get((loan_id, dispute_id), [])

    def let_expire(self, loan_id: str, expires: bool) -> None:
        self.expiring[loan_id] = expires
