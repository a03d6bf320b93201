"""Loans: read one, its standing, timeline and payments; record and list facts."""

from __future__ import annotations

from recovery.api.ids import loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.accounting.fact_request import FactOnWire, fact_request
from recovery.documents.accounting.loan_document import LoanDocument
from recovery.documents.accounting.timeline_document import (
    TimelineDocument,
    TimelineParameters,
    timeline_query,
)
from recovery.documents.answers.loans import FactAsked, FactsOfLoan, FactTaken, StandingOnDay
from recovery.documents.answers.payments import PaymentsOfLoan
from recovery.documents.shared.page import PageQuery, page_of, page_query, place_by
from recovery.use_cases.accounting.fact_news import fact_document
from recovery.use_cases.accounting.read_loan import facts_of, read_loan
from recovery.use_cases.accounting.read_payments import payments_of_loan
from recovery.use_cases.accounting.read_timeline import read_timeline
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.use_cases.shared.business_date import business_date

router = Routes("Loans")


@router.get("/institutions/<institution_id>/loans/<loan_id>")
@described(gives={200: LoanDocument})
def get_loan(institution_id: str, loan_id: str) -> LoanDocument:
    """Return 200 with the contract, every fact and the standing at the business date."""
    ports = ports_of(router, institution_id)
    return read_loan(loan_in_path(loan_id), ports.now(), ports)


@router.get("/institutions/<institution_id>/loans/<loan_id>/timeline")
@described(asks=TimelineParameters, gives={200: TimelineDocument})
def get_timeline(institution_id: str, loan_id: str) -> TimelineDocument:
    """Return 200 with a page of the timeline: `limit` entries that come `after` the last page."""
    ports = ports_of(router, institution_id)
    given = router.current_event.query_string_parameters
    query = timeline_query(given.get("after"), given.get("limit"))
    return read_timeline(loan_in_path(loan_id), query, ports)


@router.get("/institutions/<institution_id>/loans/<loan_id>/standing")
@described(gives={200: StandingOnDay})
def get_standing(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with the standing at the business date."""
    ports = ports_of(router, institution_id)
    return read_standing(loan_in_path(loan_id), ports.now(), ports)


@router.post("/institutions/<institution_id>/loans/<loan_id>/facts")
@described(takes=FactOnWire, gives={201: FactTaken, 200: FactTaken, 202: FactAsked})
def post_fact(institution_id: str, loan_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the fact and the standing after it, or 200 for a repeat; 202 with the
    decision if a second person has to say the same first."""
    ports = ports_of(router, institution_id)
    currency = ports.loans.load(loan_in_path(loan_id)).loan.currency
    today = business_date(institution_id, ports.now(), ports.institutions)
    request = fact_request(router.current_event.body, loan_id, currency, today)
    by = actor_of(router, institution_id, ports)
    taken = record_fact(request, by, ports.now(), ports)
    if taken.asks:
        asked_by = taken.asks.asked_by.in_words()
        asked = {"decision_id": taken.asks.decision_id, "asked_by": asked_by}
        return {"loan_id": loan_id, "fact_id": request.fact_id, **asked}, 202
    answer: dict[str, object] = {
        **fact_document(taken.record, currency),
        **({"notes": list(taken.notes)} if taken.notes else {}),
        "standing": read_standing(loan_id, ports.now(), ports),
    }
    return answer, 201 if taken.recorded else 200


@router.get("/institutions/<institution_id>/loans/<loan_id>/facts")
@described(asks=PageQuery, gives={200: FactsOfLoan})
def get_facts(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with a page of all facts but payments, those undone too, in the order recorded."""
    ports = ports_of(router, institution_id)
    currency = ports.loans.load(loan_in_path(loan_id)).loan.currency
    query = page_query(router.current_event.query_string_parameters)
    facts = facts_of(ports.loans.recorded(loan_id), currency)
    page, following = page_of(facts, place_by("recorded_at", "fact_id"), query)
    return {"loan_id": loan_id, "facts": page, "next": following}


@router.get("/institutions/<institution_id>/loans/<loan_id>/payments")
@described(asks=PageQuery, gives={200: PaymentsOfLoan})
def get_payments(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with a page of the loan's payments and their states, oldest first."""
    ports = ports_of(router, institution_id)
    query = page_query(router.current_event.query_string_parameters)
    payments = payments_of_loan(loan_in_path(loan_id), ports)
    page, following = page_of(payments, place_by("value_date", "payment_id"), query)
    return {"loan_id": loan_id, "payments": page, "next": following}
