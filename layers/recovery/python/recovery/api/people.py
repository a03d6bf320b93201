"""People: what they tell of themselves and what holds back for them; promises over their loans."""

from __future__ import annotations

from recovery.api.ids import id_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.people import (
    Complaints,
    Held,
    PersonFact,
    PersonInFull,
    PromisesTaken,
)
from recovery.documents.people.fact_request import PersonFactOnWire, person_fact_request
from recovery.documents.people.promise_request import PromisesBody, promises_request
from recovery.documents.shared.page import PageQuery, page_of, page_query, place_by
from recovery.use_cases.agreements.promise_over_loans import promise_over_loans
from recovery.use_cases.people.complaints import complaint_counts
from recovery.use_cases.people.read_person import read_held, read_person
from recovery.use_cases.people.record_person_fact import person_fact_document, record_person_fact
from recovery.use_cases.shared.business_date import business_date

router = Routes("People")
_PERSON = "/institutions/<institution_id>/persons/<person_id>"


@router.post(f"{_PERSON}/facts")
@described(takes=PersonFactOnWire, gives={201: PersonFact, 200: PersonFact})
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
@described(asks=PageQuery, gives={200: PersonInFull})
def get_facts(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with a page of the person's facts, and what holds back for them today."""
    ports = ports_of(router, institution_id)
    query = page_query(router.current_event.query_string_parameters)
    person_id = id_in_path("person_id", person_id)
    person = read_person(institution_id, person_id, ports.now(), ports)
    page, following = page_of(person["facts"], place_by("recorded_at", "fact_id"), query)
    return {**person, "facts": page, "next": following}


@router.post(f"{_PERSON}/promises")
@described(takes=PromisesBody, gives={201: PromisesTaken, 200: PromisesTaken})
def post_promises(institution_id: str, person_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with a promise over several loans, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    request = promises_request(router.current_event.body, person_id)
    by = actor_of(router, institution_id, ports)
    return promise_over_loans(institution_id, request, by, ports.now(), ports)


@router.get("/institutions/<institution_id>/held")
@described(asks=PageQuery, gives={200: Held})
def get_held(institution_id: str) -> dict[str, object]:
    """Return 200 with a page of the people and loans that are held back, the longest first."""
    ports = ports_of(router, institution_id)
    query = page_query(router.current_event.query_string_parameters)
    held = read_held(institution_id, ports.now(), ports)
    page, following = page_of(held, place_by("since", "person|loan"), query)
    return {"held": page, "next": following}


@router.get("/institutions/<institution_id>/complaints")
@described(gives={200: Complaints})
def get_complaints(institution_id: str) -> dict[str, object]:
    """Return 200 with the counts of complaints by what they are about."""
    ports = ports_of(router, institution_id)
    return {"complaints": complaint_counts(institution_id, ports.now(), ports)}
