"""Cases: what waits, what is at risk or held back, and what is in a stage, over all loans."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.institutions import ports_of
from recovery.documents.cases.cases_query import cases_query
from recovery.use_cases.cases.list_cases import list_at_risk, list_restrained, list_stage
from recovery.use_cases.cases.list_waiting import list_waiting

router = Router()  # type: ignore[no-untyped-call]


@router.get("/institutions/<institution_id>/cases")
def get_cases(institution_id: str) -> dict[str, object]:
    """Return 200 with one list, the longest first: `stage=S` or `at_risk=true`, by pages of `limit`
    cases that come `after` the last page; `waiting=true`, maybe `for` a role; `restrained=true`."""
    ports = ports_of(router, institution_id)
    query = cases_query(router.current_event.query_string_parameters)
    if query.stage:
        return list_stage(query.stage, ports, limit=query.limit, after=query.after)
    if query.named == "at_risk":
        return list_at_risk(ports, limit=query.limit, after=query.after)
    if query.named == "restrained":
        return {"restrained": list_restrained(institution_id, ports.now(), ports)}
    return {"waiting": list_waiting(institution_id, ports.now(), ports, query.role)}
