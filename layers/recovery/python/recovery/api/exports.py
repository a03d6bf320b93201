"""Exports: a loan as it was known on a day, for auditors."""

from __future__ import annotations

import json
from datetime import date

from aws_lambda_powertools.event_handler.api_gateway import Response, Router

from recovery.api.ids import loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.use_cases.audit.export_loan import export_loan, page_of

router = Router()  # type: ignore[no-untyped-call]


@router.get("/institutions/<institution_id>/loans/<loan_id>/export")
def get_export(institution_id: str, loan_id: str) -> Response[str]:
    """Return 200 with the export as JSON, or as a page for who accepts `text/html` first."""
    ports = ports_of(router, institution_id)
    loan_id = loan_in_path(loan_id)
    given = router.current_event.query_string_parameters
    by = actor_of(router, institution_id, ports)
    known_on, purpose = _day(given.get("known_on")), given.get("for") or ""
    document = export_loan(loan_id, known_on, purpose, by, ports.now(), ports)
    accepts = router.current_event.headers.get("Accept") or ""
    if accepts.split(",")[0].split(";")[0].strip() == "text/html":
        return Response(200, "text/html; charset=utf-8", page_of(document))
    return Response(200, "application/json", json.dumps(document, ensure_ascii=False))


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        problem = Problem("known_on", "is no date", "Give one such as 2026-12-03", "missing")
        raise RefusedError(problem) from None
