"""Placements: what the firm that handles a loan reports of it."""

from __future__ import annotations

from recovery.api.ids import loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.loans import ReportTaken
from recovery.documents.portfolio.placement_reports import ReportBody, report_body
from recovery.use_cases.portfolio.report_placements import take_report

router = Routes("Placements")


@router.post("/institutions/<institution_id>/loans/<loan_id>/placement-reports")
@described(takes=ReportBody, gives={201: ReportTaken, 200: ReportTaken})
def post_report(institution_id: str, loan_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the report's id, or 200 for a repeat; 403 to whoever is not the firm."""
    ports = ports_of(router, institution_id)
    row = report_body(router.current_event.body, loan_in_path(loan_id))
    by = actor_of(router, institution_id, ports)
    recorded = take_report(row, by, ports.now(), ports)
    answer: dict[str, object] = {"loan_id": row.loan_id, "report_id": row.report_id}
    return {**answer, "status": row.status}, 201 if recorded else 200
