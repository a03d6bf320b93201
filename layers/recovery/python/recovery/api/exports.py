"""Exports: a loan as it was known on a day, for auditors."""

from __future__ import annotations

import json

from aws_lambda_powertools.event_handler.api_gateway import Response

from recovery.api.ids import loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.cases import LoanExported
from recovery.documents.portfolio.export_query import ExportParameters, export_query
from recovery.use_cases.audit.export_loan import export_loan, page_of

router = Routes("Exports")


@router.get("/institutions/<institution_id>/loans/<loan_id>/export")
@described(asks=ExportParameters, gives={200: LoanExported}, pages=("text/html",))
def get_export(institution_id: str, loan_id: str) -> Response[str]:
    """Return 200 with the export as JSON, or as a page for who accepts `text/html` first."""
    ports = ports_of(router, institution_id)
    loan_id = loan_in_path(loan_id)
    query = export_query(router.current_event.query_string_parameters)
    by = actor_of(router, institution_id, ports)
    document = export_loan(loan_id, query.known_on, query.purpose, by, ports.now(), ports)
    accepts = router.current_event.headers.get("Accept") or ""
    if accepts.split(",")[0].split(";")[0].strip() == "text/html":
        return Response(200, "text/html; charset=utf-8", page_of(document))
    return Response(200, "application/json", json.dumps(document, ensure_ascii=False))
