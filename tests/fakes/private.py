"""What only people may see of a person, in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from recovery.domain.agreements.assessment_record import AssessmentRecord, CapacityInForce
from recovery.domain.agreements.evidence import EvidenceDocument, PaperFile, UploadForm
from recovery.domain.agreements.notes import Note, NoteMark
from recovery.domain.shared.audit import AuditEntry
from recovery.ports.shared import StaleWriteError
from tests.fakes.institutions import FakeClock
from tests.fakes.people import FakePeopleRepository


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


class FakeAssessmentRepository:
    """Assessments by person and id; the capacity that follows is with the people."""

    def __init__(self, clock: FakeClock, people: FakePeopleRepository) -> None:
        self._clock, self._people = clock, people
        self._records: dict[tuple[str, str], tuple[AssessmentRecord, date | None]] = {}

    def add(
        self, record: AssessmentRecord, in_force: CapacityInForce, expires_on: date | None
    ) -> None:
        key = record.person_id, record.assessment_id
        if key in self._records:
            raise StaleWriteError(f"assessment {record.assessment_id} was changed")
        self._records[key] = record, expires_on
        self._people.capacities[record.person_id] = in_force

    def find(self, person_id: str, assessment_id: str) -> AssessmentRecord | None:
        record, ends = self._records.get((person_id, assessment_id), (None, None))
        return None if ends and ends < self._clock.now().date() else record

    def of_person(self, person_id: str) -> list[AssessmentRecord]:
        found = (self.find(*key) for key in self._records if key[0] == person_id)
        return sorted(filter(None, found), key=lambda each: (each.assessed_on, each.assessment_id))

    def save_decisions(self, record: AssessmentRecord) -> None:
        key = record.person_id, record.assessment_id
        known, ends = self._records[key]
        if known.version != record.version:
            raise StaleWriteError(f"assessment {record.assessment_id} was changed")
        self._records[key] = replace(record, version=record.version + 1), ends

    def erase_all(self, person_id: str) -> None:
        for key in [each for each in self._records if each[0] == person_id]:
            del self._records[key]
        self._people.capacities.pop(person_id, None)


class FakePersonAudit:
    """Entries by person."""

    def __init__(self) -> None:
        self._entries: dict[str, list[AuditEntry]] = {}

    def add(self, person_id: str, entry: AuditEntry) -> None:
        self._entries.setdefault(person_id, []).append(entry)

    def of_person(self, person_id: str) -> list[AuditEntry]:
        return sorted(self._entries.get(person_id, []), key=lambda each: each.at)


class FakeEvidenceStore:
    """Documents by dispute; tests set ``documents``, as who posts the form would, and ``papers`` by
    loan with their bytes.

    ``expiring`` says of a loan whether its documents do.
    """

    def __init__(self) -> None:
        self.documents: dict[tuple[str, str], list[EvidenceDocument]] = {}
        self.papers: dict[str, list[PaperFile]] = {}
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

    def papers_of(self, loan_id: str, fact_ids: Collection[str]) -> list[PaperFile]:
        found = [e for e in self.papers.get(loan_id, []) if e.fact_id in fact_ids]
        return sorted(found, key=lambda each: each.name)

    def let_expire(self, loan_id: str, expires: bool) -> None:
        self.expiring[loan_id] = expires
