"""A person's requests about what is held, and legal holds: for people of the institution."""

from __future__ import annotations

from recovery.api.ids import id_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.people import LegalHold, RightAnswered
from recovery.documents.people.rights_request import (
    LegalHoldBody,
    RightsBody,
    legal_hold_request,
    rights_request,
)
from recovery.use_cases.people.legal_holds import (
    end_legal_hold,
    legal_hold_document,
    place_legal_hold,
)
from recovery.use_cases.people.rights import answer_request, request_document

router = Routes("Rights")
_PERSON = "/institutions/<institution_id>/persons/<person_id>"


@router.post(f"{_PERSON}/requests")
@described(takes=RightsBody, gives={201: RightAnswered, 200: RightAnswered})
def post_request(institution_id: str, person_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the answer, or 200 for a repeat; to an access, with everything held now."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    by = actor_of(router, institution_id, ports)
    asked = rights_request(router.current_event.body)
    taken = answer_request(institution_id, person_id, asked, by, ports.now(), ports)
    held = {} if taken.held is None else {"held": taken.held}
    return {**request_document(taken.request), **held}, 201 if taken.recorded else 200


@router.post(f"{_PERSON}/legal-holds")
@described(takes=LegalHoldBody, gives={200: LegalHold})
def post_legal_hold(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with the hold, also for a repeat."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    by = actor_of(router, institution_id, ports)
    hold_id, reason = legal_hold_request(router.current_event.body)
    hold = place_legal_hold(institution_id, person_id, hold_id, reason, by, ports.now(), ports)
    return legal_hold_document(hold)


@router.post(f"{_PERSON}/legal-holds/<hold_id>/end")
@described(gives={200: LegalHold})
def post_legal_hold_end(institution_id: str, person_id: str, hold_id: str) -> dict[str, object]:
    """Return 200 with the hold, also for a repeat."""
    ports = ports_of(router, institution_id)
    person_id, hold_id = id_in_path("person_id", person_id), id_in_path("hold_id", hold_id)
    by = actor_of(router, institution_id, ports)
    hold = end_legal_hold(institution_id, person_id, hold_id, by, ports.now(), ports)
    return legal_hold_document(hold)
