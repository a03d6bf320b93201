"""What a person's household can repay, and options on a loan: for people of the institution."""

from __future__ import annotations

from recovery.api.ids import id_in_path, loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.agreements.assessment_request import (
    AssessmentBody,
    DecisionBody,
    OptionsBody,
    assessment_request,
    decision_request,
    options_request,
)
from recovery.documents.answers.agreements import AssessmentInFull, Assessments, Options
from recovery.documents.shared.page import PageQuery, page_of, page_query, place_by
from recovery.use_cases.agreements.assess import (
    assessment_record_document,
    decide_assessment,
    read_assessment,
    read_assessments,
    record_assessment,
)
from recovery.use_cases.agreements.offer_options import offer_options

router = Routes("Capacity and options")
_ASSESSMENTS = "/institutions/<institution_id>/persons/<person_id>/assessments"
_ASSESSMENT = f"{_ASSESSMENTS}/<assessment_id>"


@router.post(_ASSESSMENTS)
@described(takes=AssessmentBody, gives={201: AssessmentInFull, 200: AssessmentInFull})
def post_assessment(institution_id: str, person_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the assessment as recorded, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    by = actor_of(router, institution_id, ports)
    request = assessment_request(router.current_event.body)
    done = record_assessment(institution_id, person_id, request, by, ports.now(), ports)
    return assessment_record_document(done.record), 201 if done.recorded else 200


@router.get(_ASSESSMENTS)
@described(asks=PageQuery, gives={200: Assessments})
def get_assessments(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with a page of the person's assessments, oldest first; it goes on record."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    signed_by = actor_of(router, institution_id, ports)
    query = page_query(router.current_event.query_string_parameters)
    found = [
        assessment_record_document(each)
        for each in read_assessments(person_id, signed_by, ports.now(), ports)
    ]
    page, following = page_of(found, place_by("assessed_on", "assessment_id"), query)
    return {"person_id": person_id, "assessments": page, "next": following}


@router.get(_ASSESSMENT)
@described(gives={200: AssessmentInFull})
def get_assessment(institution_id: str, person_id: str, assessment_id: str) -> dict[str, object]:
    """Return 200 with one assessment; the reading goes on record."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    assessment_id = id_in_path("assessment_id", assessment_id)
    by = actor_of(router, institution_id, ports)
    record = read_assessment(person_id, assessment_id, by, ports.now(), ports)
    return assessment_record_document(record)


@router.post(f"{_ASSESSMENT}/decisions")
@described(takes=DecisionBody, gives={200: AssessmentInFull})
def post_decision(institution_id: str, person_id: str, assessment_id: str) -> dict[str, object]:
    """Return 200 with the assessment and what people decided on it."""
    ports = ports_of(router, institution_id)
    person_id = id_in_path("person_id", person_id)
    assessment_id = id_in_path("assessment_id", assessment_id)
    by = actor_of(router, institution_id, ports)
    decided = decision_request(router.current_event.body)
    record = decide_assessment(
        institution_id, person_id, assessment_id, decided, by, ports.now(), ports
    )
    return assessment_record_document(record)


@router.post("/institutions/<institution_id>/loans/<loan_id>/options")
@described(takes=OptionsBody, gives={200: Options})
def post_options(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with the options that fit, and why not the rest."""
    ports = ports_of(router, institution_id)
    loan_id = loan_in_path(loan_id)
    by = actor_of(router, institution_id, ports)
    asked = options_request(router.current_event.body)
    return offer_options(institution_id, loan_id, asked, by, ports.now(), ports)
