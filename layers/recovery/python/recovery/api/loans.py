"""Loans: read a standing, record and list facts."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.ids import loan_in_path
from recovery.api.institutions import caller_of, ports_of
from recovery.documents.accounting.fact_request import fact_request
from recovery.use_cases.accounting.record_fact import fact_document, record_fact
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.use_cases.shared.business_date import business_date

router = Router()  # type: ignore[no-untyped-call]


@router.get("/institutions/<institution_id>/loans/<loan_id>/standing")
def get_standing(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with the standing at the business date."""
    ports = ports_of(router, institution_id)
    return read_standing(loan_in_path(loan_id), ports.now(), ports)


@router.post("/institutions/<institution_id>/loans/<loan_id>/facts")
def post_fact(institution_id: str, loan_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the fact and the standing after it, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    currency = ports.loans.load(loan_in_path(loan_id)).loan.currency
    today = business_date(institution_id, ports.now(), ports.institutions)
    request = fact_request(router.current_event.body, loan_id, currency, today)
    taken = record_fact(request, caller_of(router), ports.now(), ports)
    answer = {
        **fact_document(taken.record, currency),
        "standing": read_standing(loan_id, ports.now(), ports),
    }
    return answer, 201 if taken.recorded else 200


@router.get("/institutions/<institution_id>/loans/<loan_id>/facts")
def get_facts(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with every fact but payments, those undone too, in the order recorded."""
    ports = ports_of(router, institution_id)
    currency = ports.loans.load(loan_in_path(loan_id)).loan.currency
    recorded = ports.loans.recorded(loan_id)
    facts = sorted(recorded.facts, key=lambda each: (each.recorded_at, each.fact_id))
    return {
        "loan_id": loan_id,
        "facts": [
            {
                **fact_document(each, currency),
                **({"undone": True} if each.fact_id in recorded.undone_ids else {}),
            }
            for each in facts
        ],
    }
