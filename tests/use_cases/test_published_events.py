"""Every event there is, published in the course of a loan; the bus checks each against its schema.

So does the outbox of every other test that uses the fakes.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from functions import advance_case, payments_api, send_messages
from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.events.models import EVENTS
from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import LoanProfile, Payment
from recovery.domain.accounting.ownership import (
    Medium,
    OwnerChange,
    OwnerChangeKind,
    TransferNotice,
)
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.accounting.policy import AccountingPolicy
from recovery.domain.accounting.refinancing import NewLoan
from recovery.domain.cases.approval import Answer
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.carry_over import carry_over
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.cases.decide_refinancing import decide_refinancing
from recovery.use_cases.cases.route_tasks import end_tasks, route_task
from recovery.use_cases.cases.write_offs import decide_write_off
from recovery.use_cases.intake.suspense import match_suspended, refund_suspended
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.portfolio.prove_transfer_notice import prove_transfer_notice
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from recovery.use_cases.route_changes import route_loan, route_suspense
from recovery.use_cases.shared.rules import rules_of
from tests.builders import a_borrower, a_loan, a_payment, a_policy, a_state, an_actor
from tests.conftest import Context

# Published in tests of their own, whose outboxes are checked just the same.
# In tests/acceptance.
ELSEWHERE = {
    *("LoanMarked", "PromiseJudged", "RestraintChanged", "SegmentChanged", "ShockDetected"),
    *("AgreementMade", "AgreementBreached", "LoanEnded", "ReliefGranted"),
    *("PlacementReported", "LettersDue"),
    *("LearningChanged", "RewardEarned"),
}
DAY, SOLD_ON = timedelta(days=1), date(2026, 2, 1)
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


GONE_WRONG = {
    *("PaymentMoved", "PossibleDuplicatePayment", "PaymentSuspended"),
    *("SuspenseMatched", "SuspenseRefunded", "SuspenseReversed"),
}


@pytest.fixture
def lent(wiring) -> None:
    charge = LateCharge(amount_minor=200)
    policy = a_policy(version=2, accounting=AccountingPolicy(late_charges=(charge,)))
    wiring.institutions.save_policy("umoja", policy)
    loan = a_loan(profile=LoanProfile(purpose="business", law="ES"))  # may be charged
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]


def change_hands(wiring) -> None:
    """Sell the loan, tell the debtor, and pass on what comes in for its owner."""
    sale = OwnerChange(
        change_id="list-7",
        kind=OwnerChangeKind.SALE,
        executed_on=SOLD_ON,
        creditor="Fondo Norte",
        outside=True,
    )
    ana, now = an_actor(), wiring.now()
    sold = transfer_loans([NamedLoan(1, "L-1")], sale, "umoja", ana, now, wiring)
    assert sold.transferred == 1, sold.refused
    told = TransferNotice(
        change_id="list-7", medium=Medium.BY_HAND, sent_on=SOLD_ON + DAY, proof="receipt 12"
    )
    prove_transfer_notice("L-1", told, ana, now, wiring)
    payment = Payment("P-9", SOLD_ON + DAY, 5_000)
    take_payment(PaymentRequest(payment, "L-1", "EUR"), ana, now, wiring)


def refinance(wiring) -> None:
    """Let L-1 seem to have repaid L-0, and a supervisor find that it did not."""
    old = a_loan("L-0", instalments=1, disbursed_on=date(2025, 12, 1))
    paid = a_payment("P-0", loan_id="L-0", value_date=date(2026, 1, 20))
    wiring.loans.add_loan(StoredLoan(old, a_state(old, [paid])), [paid])
    wiring.borrowers.loans["B-1"].append("L-0")
    now, new = wiring.now(), a_loan()
    granted = NewLoan(loan_id="L-1", borrower_id="B-1", disbursed_on=new.disbursed_on)
    rules = rules_of("umoja", now.date(), wiring.institutions)
    assert carry_over([granted], rules, now, wiring) == 1
    decide_refinancing("L-1", Answer.DECLINED, an_actor(), "Another lender paid.", now, wiring)


@pytest.mark.usefixtures("lent")
def test_each_event_of_a_loans_course_fits_its_schema(wiring, load_event) -> None:
    def go_on() -> None:
        review_changed("umoja", ["L-1"], wiring.now(), wiring)
        route_loan("umoja", "L-1", wiring)

    go_on()
    [call] = wiring.tasks.open_tasks()
    end_tasks([call.task_id], wiring.now().date(), wiring)
    route_task("umoja", call.task_id, wiring)
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
    by = an_actor("Ben Ade")
    for actor in (an_actor(), by):  # one asks, another decides
        decide_write_off("L-1", actor, "It will not come.", wiring.now(), wiring)
    wiring.clock.at += timedelta(days=1)
    late = Payment("BANK-2026-0009", wiring.now().date(), 900)
    take_payment(PaymentRequest(late, "L-1", "EUR"), by, wiring.now(), wiring)
    change_hands(wiring)
    refinance(wiring)
    go_on()
    events = wiring.bus.events
    assert {each.name for each in events} >= EVENTS.keys() - ELSEWHERE - GONE_WRONG
    recorded = [each.detail for each in events if each.name == "FactRecorded"]
    kinds = ["charge", "waiver", "chargeback", "pause", "resume", "schedule_version", "undo"]
    kinds.append("write_off")
    assert [each["kind"] for each in recorded] == kinds
    version = next(each for each in recorded if each["kind"] == "schedule_version")
    assert (version["schedule"], version["schedule_version"]) == ("reage", 2)


@pytest.mark.usefixtures("lent")
def test_each_event_about_payments_that_went_wrong_fits_its_schema(wiring, load_event) -> None:
    other = a_loan("L-2")
    wiring.loans.add_loan(StoredLoan(other, a_state(other)), [])
    wiring.borrowers.loans["B-1"] = ["L-1", "L-2"]

    def call(name: str, **instead: str) -> None:
        text = json.dumps(load_event(f"payments_api.{name}"))
        for was, becomes in instead.items():
            text = text.replace(f"BANK-2026-{was[1:]}", f"BANK-2026-{becomes}")
        answer = payments_api.handler(json.loads(text), Context(), wiring)
        assert answer["statusCode"] in (200, 201), answer

    call("guarantor_pays")
    call("possible_duplicate")
    call("possible_duplicate", _0005="0007")
    call("move_payment", _0001="0002")
    call("split_payment")
    call("to_suspense")
    money, ana, now = "BANK-2026-0004", an_actor(), wiring.now()
    match_suspended(money, "L-1", ana, "hers", now, wiring, 1_000)
    refund_suspended("umoja", money, ana, "asked for it", now, wiring, 500)
    reverse_payment("umoja", f"{money}.match-1", "bounced", ana, now, wiring)
    reverse_payment("umoja", money, "bounced", ana, now, wiring)
    for loan_id in ("L-1", "L-2"):
        route_loan("umoja", loan_id, wiring)
    route_suspense(money, wiring)
    assert {each.name for each in wiring.bus.events} >= GONE_WRONG
