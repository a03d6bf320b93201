"""Cases: what waits, what is at risk or held back, and what is in a stage, over all loans."""

from __future__ import annotations

from recovery.api.institutions import ports_of
from recovery.api.routes import Routes, described
from recovery.documents.answers.cases import Cases
from recovery.documents.cases.cases_query import CasesParameters, cases_query
from recovery.documents.shared.page import PageQuery, page_of, place_by
from recovery.use_cases.cases.list_cases import list_at_risk, list_restrained, list_stage
from recovery.use_cases.cases.list_waiting import list_waiting

router = Routes("Cases")


@router.get("/institutions/<institution_id>/cases")
@described(asks=CasesParameters, gives={200: Cases})
def get_cases(institution_id: str) -> dict[str, object]:
    """Return 200 with a page of one list, the longest first: `stage=S`, `at_risk=true`,
    `restrained=true`, or `waiting=true`, maybe `for` a role."""
    ports = ports_of(router, institution_id)
    query = cases_query(router.current_event.query_string_parameters)
    which = PageQuery(after=query.after, limit=query.limit)
    if query.stage:
        return list_stage(query.stage, ports, limit=query.limit, after=query.after)
    if query.named == "at_risk":
        return list_at_risk(ports, limit=query.limit, after=query.after)
    if query.named == "restrained":
        held = list_restrained(institution_id, ports.now(), ports)
        page, following = page_of(held, place_by("since", "person|loan"), which)
        return {"restrained": page, "next": following}
    waiting = list_waiting(institution_id, ports.now(), ports, query.role)
    page, following = page_of(waiting, place_by("since", "id", "what"), which)
    return {"waiting": page, "next": following}
