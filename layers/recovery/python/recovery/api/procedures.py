"""Procedures: which one a claim may take on a day, whether now, and why."""

from __future__ import annotations

from recovery.api.institutions import ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.cases import ProcedureAnswer
from recovery.documents.questions.procedure import answer_procedure_body
from recovery.documents.questions.procedure_question import ProcedureQuestion

router = Routes("Procedures")


@router.post("/institutions/<institution_id>/procedures")
@described(takes=ProcedureQuestion, gives={200: ProcedureAnswer})
def post_procedure(institution_id: str) -> dict[str, object]:
    """Return 200 with the decision on the facts in the body; nothing is kept."""
    ports_of(router, institution_id)
    return answer_procedure_body(router.current_event.body)
