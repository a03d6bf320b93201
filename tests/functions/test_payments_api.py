"""The payments API, driven by its events."""

import json

import pytest

from functions.payments_api import handler
from recovery.ports import KeptLoan
from tests.builders import a_loan, a_state
from tests.conftest import Context


@pytest.fixture
def call(at, load_event):
    loan = a_loan()
    at.loans.add_loan(KeptLoan(loan, a_state(loan)), [])

    def call(name: str):
        answer = handler(load_event(name), Context(), at)
        return answer["statusCode"], json.loads(answer["body"]), answer

    return call


def test_a_payment_is_posted_with_a_receipt_and_the_loan_asks_for_a_review(call, at) -> None:
    code, receipt, _ = call("payments_api.post_payment")
    assert code == 201
    assert receipt == {
        "payment_id": "BANK-2026-0001",
        "loan_id": "L-1",
        "value_date": "2026-02-01",
        "amount": "115.00",
        "currency": "EUR",
        "allocated": {"principal": "100.00", "interest": "15.00", "fee": "0.00", "penalty": "0.00"},
        "to_credit": "0.00",
        "credit": "0.00",
    }
    assert "L-1" in at.loans.needs_review


def test_a_repeat_gets_the_same_answer_and_is_not_posted_twice(call, at) -> None:
    _, receipt, _ = call("payments_api.post_payment")
    assert call("payments_api.post_payment")[:2] == (200, receipt)
    assert len(at.loans.payments("L-1")) == 1


def test_the_same_id_with_another_body_is_a_conflict(call, at) -> None:
    call("payments_api.post_payment")
    code, problem, answer = call("payments_api.other_body")
    assert code == 409
    assert "BANK-2026-0001" in problem["detail"]
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]
    assert len(at.loans.payments("L-1")) == 1


def test_an_overpayment_is_kept_as_credit_and_shown(call) -> None:
    _, receipt, _ = call("payments_api.overpayment")
    assert receipt["to_credit"] == "620.00"
    assert call("payments_api.read_standing")[1]["credit"] == "620.00"


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("payments_api.wrong_currency", 422, "currency"),
        ("payments_api.bad_fields", 422, "payment_id"),
        ("payments_api.not_json", 400, "body"),
    ],
)
def test_a_mistake_names_field_reason_and_remedy(call, at, name, code, field) -> None:
    answered, problem, answer = call(name)
    assert answered == code == problem["status"]
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]
    mistakes = {each["field"]: each for each in problem["errors"]}
    assert mistakes[field]["reason"]
    assert mistakes[field]["remedy"]
    assert at.loans.payments("L-1") == []


def test_every_wrong_field_is_named_at_once(call) -> None:
    _, problem, _ = call("payments_api.bad_fields")
    assert {each["field"] for each in problem["errors"]} == {
        "payment_id",
        "amount",
        "currency",
        "value_date",
        "colour",
    }


def test_a_payment_from_the_future_is_refused(call, at) -> None:
    at.clock.at = at.clock.at.replace(month=1)
    code, problem, _ = call("payments_api.post_payment")
    assert (code, problem["errors"][0]["field"]) == (422, "value_date")


def test_an_unknown_loan_is_not_found(call) -> None:
    assert call("payments_api.unknown_loan")[0] == 404


def test_a_reversal_undoes_the_payment_once(call) -> None:
    call("payments_api.post_payment")
    code, reversal, _ = call("payments_api.reverse_payment")
    assert (code, reversal["reversed_on"], reversal["amount"]) == (200, "2026-02-02", "115.00")
    assert call("payments_api.reverse_payment")[:2] == (200, reversal)
    standing = call("payments_api.read_standing")[1]
    assert standing["overdue"]["total"] == "115.00"


def test_reversing_an_unknown_payment_is_not_found(call) -> None:
    assert call("payments_api.reverse_payment")[0] == 404


def test_the_standing_has_components_dates_and_the_policy(call) -> None:
    code, standing, _ = call("payments_api.read_standing")
    assert code == 200
    assert standing["days_past_due"] == 1
    assert standing["overdue"] == {
        "principal": "100.00",
        "interest": "15.00",
        "fee": "0.00",
        "penalty": "0.00",
        "total": "115.00",
    }
    assert standing["outstanding"]["total"] == "1380.00"
    assert standing["policy_version"] == 1


def test_health_is_open_and_short(call) -> None:
    assert call("payments_api.health")[:2] == (200, {"status": "ok"})
