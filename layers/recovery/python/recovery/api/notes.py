"""Sensitive notes about a person: for people of the institution, never for services."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.ids import id_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.documents.people.note_request import note_request
from recovery.use_cases.people.notes import (
    erase_note,
    mark_document,
    note_document,
    read_notes,
    record_note,
)

router = Router()  # type: ignore[no-untyped-call]
_NOTES = "/institutions/<institution_id>/persons/<person_id>/notes"


@router.post(_NOTES)
def post_note(institution_id: str, person_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the note as recorded, without its text, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    by = actor_of(router, institution_id, ports)
    request = note_request(router.current_event.body)
    taken = record_note(institution_id, person_id, request, by, ports.now(), ports)
    return mark_document(taken.mark), 201 if taken.recorded else 200


@router.get(_NOTES)
def get_notes(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with the notes, to the trained only; each reading goes on record."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    notes = read_notes(person_id, actor_of(router, institution_id, ports), ports.now(), ports)
    return {"person_id": person_id, "notes": [note_document(each) for each in notes]}


@router.delete(f"{_NOTES}/<note_id>")
def delete_note(institution_id: str, person_id: str, note_id: str) -> dict[str, object]:
    """Return 200, also for a note that is gone already."""
    ports = ports_of(router, institution_id)
    person_id, note_id = id_in_path("person_id", person_id), id_in_path("note_id", note_id)
    by = actor_of(router, institution_id, ports)
    erased = erase_note(person_id, note_id, by, ports.now(), ports)
    return {"note_id": note_id, "erased": erased}
