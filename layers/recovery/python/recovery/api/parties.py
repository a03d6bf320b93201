"""Parties and collateral of a loan: record, end and read them, open claims."""

from __future__ import annotations

from typing import Any

from recovery.api.ids import id_in_path, loan_in_path
from recovery.api.institutions import caller_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.accounting.collateral_request import (
    ClaimBody,
    CollateralBody,
    CollateralEndBody,
    ValuationBody,
    collateral_end,
    collateral_request,
    life_event,
    valuation_request,
)
from recovery.documents.accounting.party_request import (
    PartyBody,
    PartyEndBody,
    party_end,
    party_request,
)
from recovery.documents.answers.loans import (
    ClaimsOpened,
    LoansOfPerson,
    PartiesOfLoan,
    PartyOnRecord,
    Security,
    SecurityOfLoan,
)
from recovery.documents.shared.page import PageQuery, page_of, page_query, place_by
from recovery.use_cases.accounting.open_claims import open_claims
from recovery.use_cases.accounting.read_parties import party_document, read_parties
from recovery.use_cases.accounting.record_collateral import (
    CollateralTaken,
    collateral_document,
    end_collateral,
    record_collateral,
    value_collateral,
)
from recovery.use_cases.accounting.record_party import end_party, record_party
from recovery.use_cases.shared.business_date import business_date

router = Routes("Parties and security")
_LOAN = "/institutions/<institution_id>/loans/<loan_id>"


@router.post(f"{_LOAN}/parties")
@described(takes=PartyBody, gives={201: PartyOnRecord, 200: PartyOnRecord})
def post_party(institution_id: str, loan_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the party as recorded, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    loan = ports.loans.load(loan_in_path(loan_id)).loan
    party = party_request(router.current_event.body, loan)
    taken = record_party(loan_id, party, caller_of(router), ports.now(), ports)
    return party_document(taken.record, loan.currency), 201 if taken.recorded else 200


@router.post(f"{_LOAN}/parties/<person_id>/end")
@described(takes=PartyEndBody, gives={200: PartyOnRecord})
def post_party_end(institution_id: str, loan_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with the party, also for a repeat."""
    ports = ports_of(router, institution_id)
    loan = ports.loans.load(loan_in_path(loan_id)).loan
    until, reason = party_end(router.current_event.body)
    person_id = id_in_path("person_id", person_id)
    caller = caller_of(router)
    taken = end_party(loan_id, person_id, until, reason, caller, ports.now(), ports)
    return party_document(taken.record, loan.currency)


@router.get(f"{_LOAN}/parties")
@described(gives={200: PartiesOfLoan})
def get_parties(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with every party, what each owes, and who may reclaim what."""
    ports = ports_of(router, institution_id)
    return read_parties(loan_in_path(loan_id), ports.now(), ports)


@router.post(f"{_LOAN}/collateral")
@described(takes=CollateralBody, gives={201: Security, 200: Security})
def post_collateral(institution_id: str, loan_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the security as recorded, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    loan = ports.loans.load(loan_in_path(loan_id)).loan
    collateral = collateral_request(router.current_event.body, loan)
    taken = record_collateral(loan_id, collateral, caller_of(router), ports.now(), ports)
    return _security(taken, institution_id, loan.currency, ports)


@router.post(f"{_LOAN}/collateral/<collateral_id>/valuations")
@described(takes=ValuationBody, gives={201: Security, 200: Security})
def post_valuation(
    institution_id: str, loan_id: str, collateral_id: str
) -> tuple[dict[str, object], int]:
    """Return 201 with the security and its new value, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    loan = ports.loans.load(loan_in_path(loan_id)).loan
    valuation = valuation_request(router.current_event.body, loan)
    collateral_id = id_in_path("collateral_id", collateral_id)
    taken = value_collateral(loan_id, collateral_id, valuation, ports.now(), ports)
    return _security(taken, institution_id, loan.currency, ports)


@router.post(f"{_LOAN}/collateral/<collateral_id>/end")
@described(takes=CollateralEndBody, gives={200: Security})
def post_collateral_end(institution_id: str, loan_id: str, collateral_id: str) -> dict[str, object]:
    """Return 200 with the security, also for a repeat."""
    ports = ports_of(router, institution_id)
    loan = ports.loans.load(loan_in_path(loan_id)).loan
    until = collateral_end(router.current_event.body)
    collateral_id = id_in_path("collateral_id", collateral_id)
    taken = end_collateral(loan_id, collateral_id, until, ports.now(), ports)
    document, _ = _security(taken, institution_id, loan.currency, ports)
    return document


@router.get(f"{_LOAN}/collateral")
@described(gives={200: SecurityOfLoan})
def get_collateral(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with all security, ended ones too, with their claims."""
    ports = ports_of(router, institution_id)
    loan = ports.loans.load(loan_in_path(loan_id)).loan
    today = business_date(institution_id, ports.now(), ports.institutions)
    return {
        "loan_id": loan_id,
        "currency": loan.currency,
        "collateral": [
            collateral_document(each, loan.currency, today)
            for each in ports.collateral.of_loan(loan_id)
        ],
    }


@router.post(f"{_LOAN}/claims")
@described(takes=ClaimBody, gives={201: ClaimsOpened, 200: ClaimsOpened})
def post_claim(institution_id: str, loan_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the insurance on which a claim is open now, or 200 if none opened."""
    ports = ports_of(router, institution_id)
    loan = ports.loans.load(loan_in_path(loan_id)).loan
    event = life_event(router.current_event.body, loan)
    claims = open_claims(loan_id, event, caller_of(router), ports.now(), ports)
    today = business_date(institution_id, ports.now(), ports.institutions)
    documents = [collateral_document(each, loan.currency, today) for each in claims.records]
    return {"loan_id": loan_id, "collateral": documents}, 201 if claims.opened else 200


@router.get("/institutions/<institution_id>/persons/<person_id>/loans")
@described(asks=PageQuery, gives={200: LoansOfPerson})
def get_loans_of_person(institution_id: str, person_id: str) -> dict[str, object]:
    """Return 200 with a page of the loans that the person owes or was ever a party of, and her last
    role."""
    ports = ports_of(router, institution_id)
    roles = ports.borrowers.roles_of(id_in_path("person_id", person_id))
    query = page_query(router.current_event.query_string_parameters)
    loans = [{"loan_id": loan_id, "role": role} for loan_id, role in roles.items()]
    page, following = page_of(loans, place_by("loan_id"), query)
    return {"person_id": person_id, "loans": page, "next": following}


def _security(
    taken: CollateralTaken, institution_id: str, currency: str, ports: Any
) -> tuple[dict[str, object], int]:
    today = business_date(institution_id, ports.now(), ports.institutions)
    return collateral_document(taken.record, currency, today), 201 if taken.recorded else 200
