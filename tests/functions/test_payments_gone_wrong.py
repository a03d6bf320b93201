"""Payments that went wrong, and where they are now, driven by the API's events."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from functions import route_changes
from functions.payments_api import handler
from recovery.adapters.dynamodb.stream import Changed, changed_by
from recovery.domain.accounting.owner_facts import Ownership
from recovery.domain.accounting.ownership import Owner
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.intake.suspense import refund_suspended
from tests.builders import FIRST_DUE, a_loan, a_payment, a_policy, a_state, an_actor
from tests.conftest import Context


@pytest.fixture
def call(wiring, load_event):
    """Call the API with a sample event, its body, path or query changed."""
    for loan_id in ("L-1", "L-2"):
        loan = a_loan(loan_id)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1", "L-2"]

    def call(name: str, of="", query=None, /, **changes):
        event = load_event(name)
        if changes:
            event["body"] = json.dumps({**json.loads(event["body"]), **changes})
        if of:
            event["path"] = event["path"].replace("BANK-2026-0001", of)
        if query is not None:
            event["queryStringParameters"] = query
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


def problem_fields(problem) -> set[str]:
    assert all(each["reason"] and each["remedy"] for each in problem["errors"])
    return {each["field"] for each in problem["errors"]}


def test_a_payment_is_moved_and_both_loans_show_it(call) -> None:
    call("payments_api.post_payment")
    code, receipt = call("payments_api.move_payment")
    assert (code, receipt["loan_id"], receipt["payment_id"]) == (200, "L-2", "BANK-2026-0001.moved")
    assert call("payments_api.move_payment") == (200, receipt)
    code, payment = call("payments_api.read_payment")
    assert (code, payment["state"], payment["loan_id"]) == (200, "moved", "L-1")
    assert payment["moved_to"] == {"loan_id": "L-2", "payment_id": "BANK-2026-0001.moved"}
    assert payment["reason"] == "the reference was of the other loan"
    code, listed = call("payments_api.list_payments")
    assert [each["state"] for each in listed["payments"]] == ["moved"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to_loan_id": "L-404"}, "to_loan_id"),
        ({"to_loan_id": "L-1"}, "to_loan_id"),
        ({"to_loan_id": "no spaces"}, "to_loan_id"),
        ({"reason": ""}, "reason"),
        ({"new_payment_id": ".."}, "new_payment_id"),
        ({"amount": "1.00"}, "amount"),
    ],
)
def test_a_wrong_move_names_its_field(call, changes, field) -> None:
    call("payments_api.post_payment")
    code, problem = call("payments_api.move_payment", **changes)
    assert (code, problem_fields(problem)) == (422, {field})
    assert call("payments_api.read_payment")[1]["state"] == "counted"


def test_moving_what_is_not_there_is_not_found(call) -> None:
    assert call("payments_api.move_payment")[0] == 404
    assert call("payments_api.read_payment")[0] == 404
    assert call("payments_api.read_receipt")[0] == 404


def test_another_than_the_borrower_may_pay_and_gets_a_receipt_without_the_loan_s_figures(
    call,
) -> None:
    _, receipt = call("payments_api.guarantor_pays")
    assert receipt["payer"] == {"kind": "guarantor", "id": "G-1"}
    code, for_payer = call("payments_api.read_receipt", "BANK-2026-0002")
    assert code == 200
    assert for_payer == {
        "received_by": "Umoja Microfinance",
        "payment_id": "BANK-2026-0002",
        "received_on": "2026-02-01",
        "amount": "115.00",
        "currency": "EUR",
        "loan_id": "L-1",
        "reference": "RF18 5390 0754 7034",
        "paid_by": {"kind": "guarantor", "id": "G-1"},
    }


def test_the_payer_is_in_the_event_by_kind_only(call, wiring) -> None:
    call("payments_api.guarantor_pays")
    detail = wiring.loans.outboxes("L-1")[-1].events[0].detail
    assert detail["payer"] == "guarantor"
    assert "G-1" not in str(detail)


def test_a_borrower_s_receipt_says_what_it_paid_and_whether_it_still_counts(call) -> None:
    call("payments_api.post_payment")
    assert call("payments_api.read_receipt")[1]["allocated"]["principal"] == "100.00"
    call("payments_api.reverse_payment")
    assert call("payments_api.read_receipt")[1]["reversed_on"] == "2026-02-02"


@pytest.mark.parametrize(
    ("payer", "field"),
    [
        ({"kind": "stranger"}, "payer.kind"),
        ({"kind": "borrower", "id": "B-1"}, "payer.id"),
        ({"id": "G-1"}, "payer.kind"),
        ({"kind": "court", "name": "a person"}, "payer.name"),
        ("guarantor", "payer"),
    ],
)
def test_a_wrong_payer_names_its_field(call, payer, field) -> None:
    code, problem = call("payments_api.guarantor_pays", payer=payer)
    assert (code, problem_fields(problem)) == (422, {field})


def test_the_same_payer_again_is_a_repeat_and_another_one_is_a_conflict(call) -> None:
    _, receipt = call("payments_api.guarantor_pays")
    assert call("payments_api.guarantor_pays") == (200, receipt)
    assert call("payments_api.guarantor_pays", payer={"kind": "guarantor", "id": "G-2"})[0] == 409


def test_a_possible_duplicate_is_taken_and_marked(call) -> None:
    call("payments_api.post_payment")
    code, receipt = call("payments_api.possible_duplicate")
    assert (code, receipt["possible_duplicate_of"]) == (201, "BANK-2026-0001")
    _, payment = call("payments_api.read_payment", "BANK-2026-0005")
    assert (payment["state"], payment["possible_duplicate_of"]) == ("counted", "BANK-2026-0001")


def test_money_before_the_disbursement_is_refused(call) -> None:
    code, problem = call("payments_api.before_disbursement")
    assert (code, problem_fields(problem)) == (422, {"value_date"})


def test_an_id_that_was_reversed_says_so(call) -> None:
    call("payments_api.post_payment")
    call("payments_api.reverse_payment")
    code, problem = call("payments_api.post_payment")
    assert (code, problem_fields(problem)) == (409, {"payment_id"})
    assert "reversed on 2026-02-02 because: returned by the bank: AC04" in problem["detail"]
    assert "new id" in problem["detail"]


@pytest.mark.parametrize("odd_id", [".", ".."])
def test_a_step_in_a_path_is_no_id(call, odd_id) -> None:
    for field in ("payment_id", "loan_id"):
        code, problem = call("payments_api.post_payment", **{field: odd_id})
        assert (code, problem_fields(problem)) == (422, {field})
    assert call("payments_api.read_payment", odd_id)[0] == 404


def test_a_payment_for_a_person_is_split_and_read_with_its_parts(call) -> None:
    code, receipt = call("payments_api.split_payment")
    assert code == 201
    assert receipt["rules"] == ["careful.lending.debt_order"]
    assert call("payments_api.split_payment") == (200, receipt)
    _, payment = call("payments_api.read_payment", "BANK-2026-0003")
    assert (payment["state"], payment["amount"]) == ("counted", "150.00")
    assert [(each["loan_id"], each["amount"]) for each in payment["parts"]] == [("L-2", "150.00")]
    _, more = call("payments_api.split_payment", payment_id="BANK-2026-0008", amount="1500.00")
    amounts = [each["amount"] for each in more["shares"]] + [more["to_suspense"]]
    assert sum(map(Decimal, amounts)) == Decimal("1500.00")
    _, parts = call("payments_api.read_payment", "BANK-2026-0008")
    assert parts["state"] == "split"
    _, for_payer = call("payments_api.read_receipt", "BANK-2026-0008")
    assert for_payer["shares"] == more["shares"]
    code, problem = call("payments_api.move_payment", "BANK-2026-0003")
    assert (code, problem_fields(problem)) == (422, {"payment_id"})


@pytest.mark.parametrize(
    ("name", "changes", "field"),
    [
        ("payments_api.split_payment", {"loan_id": "L-1"}, "borrower_id"),
        ("payments_api.split_payment", {"instalment": 1}, "borrower_id"),
        ("payments_api.split_payment", {"to_suspense": True}, "borrower_id"),
        ("payments_api.split_payment", {"borrower_id": "B-404"}, "borrower_id"),
        ("payments_api.split_payment", {"designation": ["L-404"]}, "designation.0"),
        ("payments_api.split_payment", {"designation": ["L-1"] * 21}, "designation"),
        ("payments_api.split_payment", {"designation": "L-1"}, "designation"),
        ("payments_api.post_payment", {"designation": ["L-1"]}, "designation"),
        ("payments_api.post_payment", {"loan_id": None}, "loan_id"),
        ("payments_api.post_payment", {"to_suspense": "yes"}, "to_suspense"),
        (
            "payments_api.post_payment",
            {"amount": "0.001", "payer": {"kind": "borrower", "id": "B"}},
            None,
        ),
    ],
)
def test_for_whom_a_payment_is_has_to_be_clear(call, name, changes, field) -> None:
    code, problem = call(name, **changes)
    expected = {field} if field else {"amount", "payer.id"}
    assert (code, problem_fields(problem)) == (422, expected)


def test_money_for_an_unknown_loan_waits_in_suspense(call, wiring) -> None:
    code, receipt = call("payments_api.to_suspense")
    assert (code, receipt["to_suspense"]) == (201, "115.00")
    assert call("payments_api.to_suspense") == (200, receipt)
    _, payment = call("payments_api.read_payment", "BANK-2026-0004")
    assert (payment["state"], payment["in_suspense"]) == ("in_suspense", "115.00")
    refund_suspended("umoja", "BANK-2026-0004", an_actor(), "asked", wiring.now(), wiring)
    _, payment = call("payments_api.read_payment", "BANK-2026-0004")
    assert (payment["state"], payment["releases"][0]["reason"]) == ("refunded", "asked")
    assert call("payments_api.read_receipt", "BANK-2026-0004")[1]["amount"] == "115.00"
    code, problem = call("payments_api.move_payment", "BANK-2026-0004")
    assert "match" in problem["errors"][0]["remedy"].lower()


def test_the_payments_of_a_day_are_listed_with_totals_by_currency_and_state(call, wiring) -> None:
    wiring.institutions.save_policy("umoja", a_policy(version=2, surplus="suspense"))
    loan = a_loan("L-9", currency="KES", instalments=1)
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    call("payments_api.post_payment")
    call("payments_api.guarantor_pays")
    call("payments_api.to_suspense")
    call(
        "payments_api.post_payment",
        payment_id="P-7",
        loan_id="L-9",
        currency="KES",
        amount="120.00",
    )
    call("payments_api.post_payment", payment_id="P-8", value_date="2026-01-31")
    call("payments_api.move_payment")
    call("payments_api.reverse_payment", "BANK-2026-0002")
    code, day = call("payments_api.payments_of_day")
    assert (code, day["on"], day["next"]) == (200, "2026-02-01", None)
    assert [(each["payment_id"], each["state"]) for each in day["payments"]] == [
        ("BANK-2026-0001", "moved"),
        ("BANK-2026-0001.moved", "counted"),
        ("BANK-2026-0002", "reversed"),
        ("BANK-2026-0004", "in_suspense"),
        ("P-7", "counted"),
        ("P-7.rest", "in_suspense"),
    ]
    one = {"payments": 1, "amount": "115.00"}
    assert day["totals"] == {
        "EUR": {"counted": one, "in_suspense": one, "moved": one, "reversed": one},
        "KES": {
            "counted": one,
            "in_suspense": {"payments": 1, "amount": "5.00"},
        },
    }


def test_a_day_is_read_page_by_page(call) -> None:
    for number in range(5):
        call("payments_api.post_payment", payment_id=f"P-{number}", reference=f"r{number}")
    query, seen = {"on": "2026-02-01", "limit": "2"}, []
    while True:
        _, page = call("payments_api.payments_of_day", "", query)
        assert ("totals" in page) == ("after" not in query)
        seen += [each["payment_id"] for each in page["payments"]]
        if page["next"] is None:
            break
        query = {**query, "after": page["next"]}
    assert seen == [f"P-{number}" for number in range(5)]
    assert call("payments_api.payments_of_day", "", {"on": "2026-02-03"})[1]["totals"] == {}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "on"),
        ({"on": "yesterday"}, "on"),
        ({"on": "2026-02-01", "limit": "0"}, "limit"),
        ({"on": "2026-02-01", "limit": "501"}, "limit"),
        ({"on": "2026-02-01", "limit": "many"}, "limit"),
        ({"on": "2026-02-01", "after": "a b"}, "after"),
        ({"on": "2026-02-01", "colour": "red"}, "colour"),
    ],
)
def test_a_wrong_query_names_its_field(call, query, field) -> None:
    code, problem = call("payments_api.payments_of_day", "", query)
    assert (code, problem_fields(problem)) == (422, {field})


def test_a_payment_charged_back_says_how_much(call) -> None:
    call("payments_api.post_payment")
    call("payments_api.record_return")
    _, payment = call("payments_api.read_payment")
    assert (payment["state"], payment["charged_back"]) == ("partly_charged_back", "50.00")
    assert call("payments_api.list_payments")[1]["payments"] == [payment]


def test_the_stream_announces_money_in_suspense(call, wiring, load_event) -> None:
    call("payments_api.to_suspense")
    event = load_event("route_changes.money_suspended")
    assert changed_by(event["Records"][0]) == Changed("SUSPENSE", "umoja", "BANK-2026-0004")
    assert route_changes.handler(event, Context(), wiring) == {"batchItemFailures": []}
    assert [each.name for each in wiring.bus.events] == ["PaymentSuspended"]
    route_changes.handler(event, Context(), wiring)
    assert len(wiring.bus.events) == 1


def test_the_sample_of_suspended_money_is_what_the_system_writes(call, wiring, load_event) -> None:
    call("payments_api.to_suspense")
    [outbox] = wiring.suspense.outboxes("BANK-2026-0004")
    image = load_event("route_changes.money_suspended")["Records"][0]["dynamodb"]["NewImage"]
    sample = json.loads(image["outbox"]["M"]["00000001"]["S"])["events"][0]
    [event] = outbox.events
    assert sample == {"name": event.name, "detail": dict(event.detail)}


def test_money_that_came_for_an_owner_outside_says_to_whom_it_is_passed_on(wiring, load_event):
    sold = Ownership((Owner("umoja"), Owner("Fondo Norte", outside=True, from_on=FIRST_DUE)))
    loan, before = a_loan(), FIRST_DUE - timedelta(days=1)
    paid = [a_payment("P-1"), a_payment("P-2", value_date=before)]
    state = a_state(loan, paid, ownership=sold)
    wiring.loans.add_loan(StoredLoan(loan, state), paid)
    answer = handler(load_event("payments_api.list_payments"), Context(), wiring)
    found = json.loads(answer["body"])["payments"]
    assert [(each["payment_id"], each["state"]) for each in found] == [
        ("P-2", "counted"),
        ("P-1", "passed_on"),
    ]
    assert found[1]["passed_on_to"] == "Fondo Norte"
