"""Batches of payments: each has a result of its own, and a repeat finishes what was left."""

from __future__ import annotations

import copy
import json
from collections import Counter

import pytest

from functions.payment_batches_api import handler
from recovery.ports.accounting import StoredLoan
from recovery.ports.shared import StaleWriteError
from tests.builders import a_loan, a_state
from tests.conftest import Context


@pytest.fixture
def send(wiring, load_event):
    for loan_id in ("L-1", "L-2"):
        loan = a_loan(loan_id=loan_id)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    event = load_event("payment_batches_api.post_batch")

    def send(payments=None, *, remaining_ms: int = 29_000):
        sent = copy.deepcopy(event)
        if payments is not None:
            sent["body"] = json.dumps({"payments": payments})
        answer = handler(sent, Context(remaining_ms), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    send.payment = json.loads(event["body"])["payments"][0]
    return send


def payments(send, many: int, **changes):
    return [{**send.payment, "payment_id": f"P-{n}", **changes} for n in range(many)]


def test_each_payment_has_its_own_result_in_the_order_sent(send, wiring) -> None:
    code, answer = send()
    assert code == 200
    assert [each["payment_id"] for each in answer["results"]] == [
        f"BATCH-{n}" for n in (1, 2, 3, 4)
    ]
    assert [each["status"] for each in answer["results"]] == [201, 201, 404, 422]
    assert (answer["posted"], answer["refused"], answer["complete"]) == (2, 2, True)
    assert answer["results"][3]["problem"]["errors"][0]["field"] == "amount"
    assert len(wiring.loans.recorded("L-1").payments) == 2


def test_a_repeat_posts_nothing_twice(send, wiring) -> None:
    _, first = send()
    _, again = send()
    assert (again["posted"], again["repeated"]) == (0, 2)
    receipts = [[each.get("receipt") for each in answer["results"]] for answer in (first, again)]
    assert receipts[0] == receipts[1]
    assert len(wiring.loans.recorded("L-1").payments) == 2


def test_a_thousand_payments_over_two_loans_are_all_posted(send, wiring) -> None:
    batch = [
        {**each, "loan_id": f"L-{1 + n % 2}", "amount": "0.01"}
        for n, each in enumerate(payments(send, 1000))
    ]
    code, answer = send(batch)
    assert (code, answer["posted"], answer["complete"]) == (200, 1000, True)
    for loan_id in ("L-1", "L-2"):
        paid = wiring.loans.recorded(loan_id).payments
        assert sum(each.payment.amount_minor for each in paid) == len(paid) == 500


def test_more_than_a_thousand_or_none_is_refused(send, wiring) -> None:
    for batch in (payments(send, 1001), []):
        code, problem = send(batch)
        assert (code, problem["errors"][0]["field"]) == (422, "payments")
    assert not wiring.loans.recorded("L-1").payments


def test_what_is_not_begun_in_time_is_said_and_posted_by_the_same_batch_again(send, wiring) -> None:
    batch = payments(send, 5, amount="1.00")
    code, answer = send(batch, remaining_ms=100)
    assert (code, answer["complete"]) == (200, False)
    assert {each["status"] for each in answer["results"]} == {503}
    assert not wiring.loans.recorded("L-1").payments
    assert send(batch)[1]["posted"] == 5


def test_a_row_that_fails_stops_no_other_and_shows_nothing_of_the_fault(
    send, wiring, monkeypatch
) -> None:
    find = wiring.payments.find

    def faulty(payment_id: str):
        if payment_id in ("P-0", "P-1"):
            raise {"P-0": RuntimeError("secret"), "P-1": StaleWriteError("busy")}[payment_id]
        return find(payment_id)

    monkeypatch.setattr(wiring.payments, "find", faulty)
    monkeypatch.setattr("recovery.use_cases.shared.retrying._FIRST_WAIT_SECONDS", 0)
    _, answer = send(payments(send, 3, amount="1.00"))
    assert [each["status"] for each in answer["results"]] == [500, 503, 201]
    assert "secret" not in json.dumps(answer)
    assert answer["complete"] is False


def test_what_is_no_object_is_a_problem_of_its_row(send) -> None:
    rows = [None, 3, [], "x", {}, {"payment_id": 7}, {"payment_id": ".."}]
    code, answer = send(rows)
    assert code == 200
    assert Counter(each["status"] // 100 for each in answer["results"]) == {4: len(rows)}
