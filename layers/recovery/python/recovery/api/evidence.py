"""Evidence of a dispute: a form to post a document with, and what was posted."""

from __future__ import annotations

from recovery.api.ids import id_in_path, loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.people import Evidence, EvidenceForm
from recovery.documents.people.evidence_request import EvidenceBody, evidence_request
from recovery.documents.shared.page import PageQuery, page_of, page_query, place_by
from recovery.use_cases.people.evidence import invite_evidence, list_evidence

router = Routes("Evidence")
_EVIDENCE = "/institutions/<institution_id>/loans/<loan_id>/disputes/<dispute_id>/evidence"


@router.post(_EVIDENCE)
@described(takes=EvidenceBody, gives={200: EvidenceForm})
def post_evidence(institution_id: str, loan_id: str, dispute_id: str) -> dict[str, object]:
    """Return 200 with a form that posts one document, and nothing else, for some minutes."""
    ports = ports_of(router, institution_id)
    loan_id, dispute_id = loan_in_path(loan_id), id_in_path("dispute_id", dispute_id)
    request = evidence_request(router.current_event.body)
    by = actor_of(router, institution_id, ports)
    return invite_evidence(loan_id, dispute_id, request, by, ports.now(), ports)


@router.get(_EVIDENCE)
@described(asks=PageQuery, gives={200: Evidence})
def get_evidence(institution_id: str, loan_id: str, dispute_id: str) -> dict[str, object]:
    """Return 200 with a page of the documents, to people whom the dispute does not concern."""
    ports = ports_of(router, institution_id)
    loan_id, dispute_id = loan_in_path(loan_id), id_in_path("dispute_id", dispute_id)
    query = page_query(router.current_event.query_string_parameters)
    caller = actor_of(router, institution_id, ports)
    documents = list_evidence(loan_id, dispute_id, caller, ports.now(), ports)
    page, following = page_of(documents, place_by("uploaded_at", "document_id"), query)
    return {"loan_id": loan_id, "dispute_id": dispute_id, "documents": page, "next": following}
