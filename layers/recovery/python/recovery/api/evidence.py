"""Evidence of a dispute: a form to post a document with, and what was posted."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.ids import id_in_path, loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.documents.people.evidence_request import evidence_request
from recovery.use_cases.people.evidence import invite_evidence, list_evidence

router = Router()  # type: ignore[no-untyped-call]
_EVIDENCE = "/institutions/<institution_id>/loans/<loan_id>/disputes/<dispute_id>/evidence"


@router.post(_EVIDENCE)
def post_evidence(institution_id: str, loan_id: str, dispute_id: str) -> dict[str, object]:
    """Return 200 with a form that posts one document, and nothing else, for some minutes."""
    ports = ports_of(router, institution_id)
    loan_id, dispute_id = loan_in_path(loan_id), id_in_path("dispute_id", dispute_id)
    request = evidence_request(router.current_event.body)
    by = actor_of(router, institution_id, ports)
    return invite_evidence(loan_id, dispute_id, request, by, ports.now(), ports)


@router.get(_EVIDENCE)
def get_evidence(institution_id: str, loan_id: str, dispute_id: str) -> dict[str, object]:
    """Return 200 with the documents, to people whom the dispute does not concern."""
    ports = ports_of(router, institution_id)
    loan_id, dispute_id = loan_in_path(loan_id), id_in_path("dispute_id", dispute_id)
    by = actor_of(router, institution_id, ports)
    documents = list_evidence(loan_id, dispute_id, by, ports.now(), ports)
    return {"loan_id": loan_id, "dispute_id": dispute_id, "documents": documents}
