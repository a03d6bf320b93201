"""People: what they tell of themselves and what holds back for them; promises over their loans."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.ids import id_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.documents.people.fact_request import person_fact_request
from recovery.documents.people.promise_request import promises_request
from recovery.use_cases.agreements.promise_over_loans import promise_over_loans
from recovery.use_cases.people.complaints import complaint_counts
from recovery.use_cases.people.read_person import read_held, read_person
from recovery.use_cases.people.record_person_fact import person_fact_document, record_person_fact
from recovery.use_cases.shared.business_date import business_date

router = Router()  # type: ignore[no-untyped-call]
_PERSON = "/institutions/<institution_id>/persons/<person_id>"


@router.post(f"{_PERSON}/facts")
def post_fact(institution_id: str, person_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the fact as recorded, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    today = business_date(institution_id, ports.now(), ports.institutions)
    person_id = id_in_path("person_id", person_id)
    request = person_fact_request(router.current_event.body, person_id, today)
    by = actor_of(router, institution_id, ports)
    taken = record_person_fact(institution_id, request, by, ports.now(), ports)
    return person_fact_document(taken.record), 201 if taken.recorded else 200


@router.get(f"{_PERSON}/facts")
def get_facts(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with every fact of the person, and what holds back for them today."""
    ports = ports_of(router, institution_id)
    return read_person(institution_id, id_in_path("person_id", person_id), ports.now(), ports)


@router.post(f"{_PERSON}/promises")
def post_promises(institution_id: str, person_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with a promise over several loans, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    request = promises_request(router.current_event.body, person_id)
    by = actor_of(router, institution_id, ports)
    return promise_over_loans(institution_id, request, by, ports.now(), ports)


@router.get("/institutions/<institution_id>/held")
def get_held(institution_id: str) -> dict[str, object]:
    """Return 200 with the people and loans that something holds back, the longest first."""
    ports = ports_of(router, institution_id)
    return {"held": read_held(institution_id, ports.now(), ports)}


@router.get("/institutions/<institution_id>/complaints")
def get_complaints(institution_id: str) -> dict[str, object]:
    """Return 200 with the counts of complaints by what they are about."""
    ports = ports_of(router, institution_id)
    return {"complaints": complaint_counts(institution_id, ports.now(), ports)}
