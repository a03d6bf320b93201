"""How a person wants to be contacted: for people of the institution, never for services."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.ids import id_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.documents.people.contact_request import contact_document, contact_request
from recovery.use_cases.people.instruct_contact import contact_of, instruct_contact

router = Router()  # type: ignore[no-untyped-call]
_INSTRUCTIONS = "/institutions/<institution_id>/persons/<person_id>/contact-instructions"


@router.patch(_INSTRUCTIONS)
def patch_instructions(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with all instructions as they are now."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    by = actor_of(router, institution_id, ports)
    changes = contact_request(router.current_event.body)
    done = instruct_contact(institution_id, person_id, changes, by, ports.now(), ports)
    return contact_document(done.person)


@router.get(_INSTRUCTIONS)
def get_instructions(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with the instructions, not the addresses."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    return contact_document(contact_of(person_id, actor_of(router, institution_id, ports), ports))
