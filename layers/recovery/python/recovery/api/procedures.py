"""Procedures: which one a claim may take on a day, whether now, and why."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.institutions import ports_of
from recovery.documents.questions.procedure import answer_procedure_body

router = Router()  # type: ignore[no-untyped-call]


@router.post("/institutions/<institution_id>/procedures")
def post_procedure(institution_id: str) -> dict[str, object]:
    """Return 200 with the decision on the facts in the body; nothing is kept."""
    ports_of(router, institution_id)
    return answer_procedure_body(router.current_event.body)
