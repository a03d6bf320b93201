"""How a person wants to be contacted: for people of the institution, never for services."""

from __future__ import annotations

from collections.abc import Callable

from aws_lambda_powertools.event_handler import Response

from recovery.api.ids import id_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.api.versions import tagged, unchanged
from recovery.documents.answers.people import ContactInstructions
from recovery.documents.people.contact_request import ContactBody, contact_document, contact_request
from recovery.domain.contact.borrower import Borrower
from recovery.use_cases.people.instruct_contact import contact_of, instruct_contact

router = Routes("Contact")
_INSTRUCTIONS = "/institutions/<institution_id>/persons/<person_id>/contact-instructions"


@router.patch(_INSTRUCTIONS)
@described(takes=ContactBody, gives={200: ContactInstructions}, tagged=True, guarded=True)
def patch_instructions(institution_id: str, person_id: str) -> Response[str]:
    """Return 200 with all instructions as they are now."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    by = actor_of(router, institution_id, ports)
    changes = contact_request(router.current_event.body)
    check = _unchanged(router)
    done = instruct_contact(institution_id, person_id, changes, by, ports.now(), ports, check)
    return _instructions(done.person)


@router.get(_INSTRUCTIONS)
@described(gives={200: ContactInstructions}, tagged=True)
def get_instructions(institution_id: str, person_id: str) -> Response[str]:
    """Return 200 with the instructions, not the addresses."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    return _instructions(contact_of(person_id, actor_of(router, institution_id, ports), ports))


def _instructions(person: Borrower) -> Response[str]:
    document = contact_document(person)
    return tagged(document, document)


def _unchanged(router: Routes) -> Callable[[Borrower], None]:
    check = unchanged(router)
    return lambda person: check(contact_document(person))
