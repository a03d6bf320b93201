"""Sensitive notes about a person: for people of the institution, never for services."""

from __future__ import annotations

from recovery.api.ids import id_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.people import NoteErased, NoteMark, Notes
from recovery.documents.people.note_request import NoteBody, note_request
from recovery.documents.shared.page import PageQuery, page_of, page_query, place_by
from recovery.use_cases.people.notes import (
    erase_note,
    mark_document,
    note_document,
    read_notes,
    record_note,
)

router = Routes("Notes")
_NOTES = "/institutions/<institution_id>/persons/<person_id>/notes"


@router.post(_NOTES)
@described(takes=NoteBody, gives={201: NoteMark, 200: NoteMark})
def post_note(institution_id: str, person_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the note as recorded, without its text, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    by = actor_of(router, institution_id, ports)
    request = note_request(router.current_event.body)
    taken = record_note(institution_id, person_id, request, by, ports.now(), ports)
    return mark_document(taken.mark), 201 if taken.recorded else 200


@router.get(_NOTES)
@described(asks=PageQuery, gives={200: Notes})
def get_notes(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with a page of the notes, to the trained only; each reading goes on record."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    query = page_query(router.current_event.query_string_parameters)
    notes = read_notes(person_id, actor_of(router, institution_id, ports), ports.now(), ports)
    documents = [note_document(each) for each in notes]
    page, following = page_of(documents, place_by("recorded_on", "note_id"), query)
    return {"person_id": person_id, "notes": page, "next": following}


@router.delete(f"{_NOTES}/<note_id>")
@described(gives={200: NoteErased})
def delete_note(institution_id: str, person_id: str, note_id: str) -> dict[str, object]:
    """Return 200, also for a note that is gone already."""
    ports = ports_of(router, institution_id)
    person_id, note_id = id_in_path("person_id", person_id), id_in_path("note_id", note_id)
    by = actor_of(router, institution_id, ports)
    erased = erase_note(person_id, note_id, by, ports.now(), ports)
    return {"note_id": note_id, "erased": erased}
