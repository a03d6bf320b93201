"""Every event there is, published in the course of a loan; the bus checks each against its schema.

So does the outbox of every other test that uses the fakes.
"""

from __future__ import annotations

import json

import pytest

from functions import advance_case, payments_api, send_messages
from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.events.models import EVENTS
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.policy import AccountingPolicy
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_borrower, a_loan, a_policy, a_state, an_actor
from tests.conftest import Context

FACTS = (
    {"kind": "charge", "component": "fee", "amount": "3.00"},
    {"kind": "waiver", "component": "fee"},
    {"kind": "chargeback", "payment_id": "BANK-2026-0001", "amount": "5.00", "reason_code": "AM04"},
    {"kind": "pause", "from": "2026-02-02"},
    {"kind": "resume", "pause_id": "F-3"},
    {"kind": "reage", "frequency": "MONTHS", "every": 1, "start": "2026-03-15", "instalments": 6},
    {"kind": "undo", "undoes": "F-0"},
)

OF_PARTIES = (
    "payments_api.record_party",
    "payments_api.record_collateral",
    "payments_api.open_claim",
    "payments_api.guarantor_pays",
)


@pytest.fixture
def lent(wiring) -> None:
    charge = LateCharge(amount_minor=200)
    policy = a_policy(version=2, accounting=AccountingPolicy(late_charges=(charge,)))
    wiring.institutions.save_policy("umoja", policy)
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]


@pytest.mark.usefixtures("lent")
def test_each_event_of_a_loans_course_fits_its_schema(wiring, load_event) -> None:
    def go_on() -> None:
        review_changed("umoja", ["L-1"], wiring.now(), wiring)
        route_loan("umoja", "L-1", wiring)

    go_on()
    send_messages.handler(load_event("send_messages"), Context(), wiring)
    advance_case.handler(load_event("advance_case.enter_stage"), Context(), wiring)
    payments_api.handler(load_event("payments_api.post_payment"), Context(), wiring)
    for number, fact in enumerate(FACTS):
        body = json.dumps({"fact_id": f"F-{number}", "reason": "as agreed", **fact})
        request = fact_request(body, "L-1", "EUR", wiring.now().date())
        record_fact(request, an_actor(), wiring.now(), wiring)
    payments_api.handler(load_event("payments_api.reverse_payment"), Context(), wiring)
    wiring.borrowers.save_contact_details(a_borrower("G-1"))
    for name in OF_PARTIES:
        answer = payments_api.handler(load_event(name), Context(), wiring)
        assert answer["statusCode"] == 201, answer
    go_on()
    events = wiring.bus.events
    assert {each.name for each in events} >= EVENTS.keys()
    recorded = [each.detail for each in events if each.name == "FactRecorded"]
    kinds = ["charge", "waiver", "chargeback", "pause", "resume", "schedule_version", "undo"]
    assert [each["kind"] for each in recorded] == kinds
    version = next(each for each in recorded if each["kind"] == "schedule_version")
    assert (version["schedule"], version["schedule_version"]) == ("reage", 2)
