"""The payments API's routes about parties, collateral and groups, driven by its events."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.payments_api import handler
from recovery.domain.accounting.loan import Components
from recovery.ports.accounting import StoredLoan
from tests.builders import a_borrower, a_loan, a_schedule, a_state
from tests.conftest import Context
from tests.functions.test_payments_api import ANY_JSON

LOAN = "/institutions/umoja/loans/L-1"
GROUPS = "/institutions/umoja/groups"


@pytest.fixture
def call(wiring, load_event):
    """Two loans, of B-1 and B-7, with 115 due on each; G-1 is a person on record."""
    for number in (1, 7):
        loan = a_loan(f"L-{number}", borrower_id=f"B-{number}")
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.save_contact_details(a_borrower("G-1"))

    def call(name: str):
        answer = handler(load_event(name), Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


@pytest.fixture
def send(call, wiring, load_event):
    event = load_event("payments_api.record_party")

    def send(path: str, body=None, method: str = "POST"):
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        sent = {**copy.deepcopy(event), "body": text, "path": path, "httpMethod": method}
        answer = handler(sent, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def test_a_party_is_recorded_shown_and_ended(call) -> None:
    code, party = call("payments_api.record_party")
    assert code == 201
    assert (party["from_on"], party["limit"], party["subsidiary"]) == ("2026-01-02", "500.00", True)
    assert (party["liability"], party["share_pct"]) == (None, None)  # the contract is silent
    assert call("payments_api.record_party") == (200, party)
    code, shown = call("payments_api.list_parties")
    assert (code, shown["parties"]) == (200, [party])
    assert [each["person_id"] for each in shown["owed_by"]] == ["B-1", "G-1"]
    code, ended = call("payments_api.end_party")
    assert (code, ended["until"]) == (200, "2026-06-30")
    assert call("payments_api.end_party") == (200, ended)


def test_the_receipt_names_who_paid(call) -> None:
    call("payments_api.record_party")
    code, receipt = call("payments_api.guarantor_pays")
    assert (code, receipt["payer"]) == (201, {"kind": "guarantor", "id": "G-1"})
    assert call("payments_api.guarantor_pays") == (200, receipt)
    guarantor = call("payments_api.list_parties")[1]["owed_by"][1]
    assert guarantor["guarantee"] == {"used": "115.00", "remaining": "385.00", "beyond": "0.00"}


def test_collateral_is_recorded_valued_released_and_claimed(call) -> None:
    code, security = call("payments_api.record_collateral")
    assert code == 201
    assert (security["value"], security["person_id"]) == ("1000.00", "B-1")
    assert call("payments_api.record_collateral") == (200, security)
    code, valued = call("payments_api.value_collateral")
    assert (code, valued["value"]) == (201, "1200.00")
    assert call("payments_api.value_collateral")[0] == 200
    code, claimed = call("payments_api.open_claim")
    assert code == 201
    assert [each["amount"] for each in claimed["collateral"][0]["claims"]] == ["1000.00"]
    assert call("payments_api.open_claim") == (200, claimed)
    code, ended = call("payments_api.end_collateral")
    assert (code, ended["until"]) == (200, "2026-12-31")
    assert call("payments_api.list_collateral") == (
        200,
        {"loan_id": "L-1", "currency": "EUR", "collateral": [ended]},
    )


def test_a_meeting_is_pending_until_its_cash_is_counted(call, wiring) -> None:
    assert call("payments_api.record_group")[0] == 201
    assert call("payments_api.record_group")[0] == 200
    assert call("payments_api.show_group")[1]["versions"] == [call("payments_api.record_group")[1]]
    code, sheet = call("payments_api.record_sheet")
    assert (code, sheet["status"]) == (201, "pending")
    assert call("payments_api.record_sheet") == (200, sheet)
    assert wiring.loans.recorded("L-1").payments == ()
    code, posted = call("payments_api.verify_sheet")
    assert (code, posted["status"]) == (200, "posted")
    assert posted["payments"] == sheet["payments"]
    assert call("payments_api.show_sheet") == (200, posted)
    amounts = [
        (each.payment.payer_kind, each.payment.amount_minor)
        for loan_id in ("L-1", "L-7")
        for each in wiring.loans.recorded(loan_id).payments
    ]
    assert amounts == [("borrower", 11_500), ("group_member", 3_000)]


def test_the_loans_of_a_person_are_found_with_her_role(call, wiring) -> None:
    wiring.borrowers.roles["G-1"] = {"L-1": "guarantor"}
    assert call("payments_api.loans_of_person") == (
        200,
        {"person_id": "G-1", "loans": [{"loan_id": "L-1", "role": "guarantor"}], "next": None},
    )


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (f"{LOAN}/parties", {"person_id": "G-1", "role": "friend"}, "role"),
        (f"{LOAN}/parties", {"person_id": "G-1", "role": "guarantor", "limit": "0"}, "limit"),
        (f"{LOAN}/parties", {"person_id": "X-1", "role": "guarantor"}, "person_id"),
        (f"{LOAN}/parties", {"person_id": "G", "role": "guarantor", "share_pct": -1}, "share_pct"),
        (f"{LOAN}/parties/G-1/end", {"until": "2026-06-30"}, "reason"),
        (f"{LOAN}/collateral", {"collateral_id": "K", "kind": "gold", "value": "1"}, "kind"),
        (f"{LOAN}/collateral", {"collateral_id": "K", "kind": "land", "value": "0.001"}, "value"),
        (f"{LOAN}/claims", {"event": "divorce", "on": "2026-02-01"}, "event"),
        (f"{GROUPS}", {"group_id": "G", "from_on": "2026-01-05", "members": []}, "members"),
        (f"{GROUPS}/G/collection-sheets", {"sheet_id": "S"}, "met_on"),
        ("/institutions/umoja/payments", {"payer": {"kind": "aunt"}}, "payer.kind"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(send, path, body, field) -> None:
    code, problem = send(path, body)
    assert code == 422
    assert field in {each["field"] for each in problem["errors"]}
    assert all(each["reason"] and each["remedy"] for each in problem["errors"])


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/institutions/umoja/loans/L-9/parties", "{}", "loan_id"),
        ("GET", "/institutions/umoja/loans/L-9/collateral", None, "loan_id"),
        ("POST", f"{LOAN}/parties/G-1/end", {"until": "2026-06-30", "reason": "r"}, "person_id"),
        ("POST", f"{LOAN}/parties/%23/end", {"until": "2026-06-30", "reason": "r"}, "person_id"),
        ("POST", f"{LOAN}/collateral/K/end", {"until": "2026-06-30"}, "collateral_id"),
        ("GET", f"{GROUPS}/G-9", None, "group_id"),
        ("GET", f"{GROUPS}/G-9/collection-sheets/S-9", None, "sheet_id"),
        ("POST", f"{GROUPS}/G-9/collection-sheets/S-9/verification", {"counted": "1"}, "sheet_id"),
    ],
)  # fmt: skip
def test_what_is_not_on_record_is_not_found(send, method, path, body, field) -> None:
    code, problem = send(path, body, method)
    assert (code, [each["field"] for each in problem["errors"]]) == (404, [field])


def test_another_sheet_with_the_id_is_a_conflict(call, send, load_event) -> None:
    call("payments_api.record_group")
    call("payments_api.record_sheet")
    body = json.loads(load_event("payments_api.record_sheet")["body"])
    code, problem = send(f"{GROUPS}/G-7/collection-sheets", {**body, "met_on": "2026-02-01"})
    assert (code, problem["errors"][0]["field"]) == (409, "sheet_id")


PATHS = (
    f"{LOAN}/parties",
    f"{LOAN}/parties/G-1/end",
    f"{LOAN}/collateral",
    f"{LOAN}/collateral/K-1/valuations",
    f"{LOAN}/claims",
    GROUPS,
    f"{GROUPS}/G-7/collection-sheets",
)
FIELDS = (
    *("person_id", "role", "from_on", "until", "liability", "share_pct", "limit", "reason"),
    *("collateral_id", "kind", "value", "covers", "event", "on", "members", "rows", "total"),
)


@given(st.sampled_from(PATHS), st.dictionaries(st.sampled_from(FIELDS), ANY_JSON) | ANY_JSON)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_invalid_body_gets_field_reason_and_remedy(send, path, body) -> None:
    code, answer = send(path, json.dumps(body))
    assert code in (400, 422), answer
    assert answer["errors"]
    assert all(each["field"] and each["reason"] and each["remedy"] for each in answer["errors"])


def test_five_members_meet_and_a_sum_is_never_lost(send, wiring) -> None:
    """S06 over the API: 460 of 500, 40 stay open on C's loan alone."""
    for each in "ABCDE":
        loan = a_loan(f"L-{each}", borrower_id=each, schedule=a_schedule(1, Components(10_000)))
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    members = [{"person_id": each, "loan_id": f"L-{each}"} for each in "ABCDE"]
    group = {"group_id": "G-5", "from_on": "2026-01-05", "members": members}
    assert send(GROUPS, {**group, "joint_and_several": True})[0] == 201
    handed = {"A": "100.00", "B": "100.00", "C": "0", "D": "130.00", "E": "130.00"}
    sheet = {
        "sheet_id": "S-1",
        "met_on": "2026-02-02",
        "currency": "EUR",
        "total": "460.00",
        "rows": [{"person_id": each, "amount": amount} for each, amount in handed.items()],
    }
    sheets = f"{GROUPS}/G-5/collection-sheets"
    assert [send(sheets, sheet)[0] for _ in range(2)] == [201, 200]
    assert send(f"{sheets}/S-1/verification", {"counted": "450.00"})[0] == 422
    assert send(f"{sheets}/S-1/verification", {"counted": "460.00"})[0] == 200
    overdue = {
        each: send(f"/institutions/umoja/loans/L-{each}/standing", None, "GET")[1]["overdue"][
            "total"
        ]
        for each in "ABCDE"
    }
    assert overdue == {"A": "0.00", "B": "0.00", "C": "40.00", "D": "0.00", "E": "0.00"}
