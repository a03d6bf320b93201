"""The payments API over HTTP: signatures, repeats, refusals, concurrency."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.embedded.lender import DAY, MONDAY, Lender


def test_an_unsigned_request_gets_a_403_problem(lender: Lender):
    request = urllib.request.Request(
        lender.target._api_url(f"/institutions/{lender.id}/payments"), data=b"{}"
    )
    try:
        urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        assert error.code == 403
        assert error.headers["Content-Type"] == "application/problem+json"
        assert json.load(error)["title"]
    else:
        raise AssertionError("the request was accepted")


def test_a_wrong_signature_is_refused(lender: Lender, monkeypatch):
    from botocore.credentials import ReadOnlyCredentials

    wrong = ReadOnlyCredentials("nobody", "nothing", None), "us-east-1"
    monkeypatch.setitem(lender.target.__dict__, "_credentials", wrong)
    assert lender.post("any", "1.00", MONDAY)[0] == 403


def test_health_is_open(lender: Lender):
    code, answer = lender.target.call_api("GET", "/health", sign=False)
    assert (code, answer["status"]) == (200, "ok")


def test_a_payment_is_posted_once_and_a_repeat_gets_the_same_answer(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    first = lender.pay(loan_id, "40.00", MONDAY, f"{loan_id}-A")
    again = lender.pay(loan_id, "40.00", MONDAY, f"{loan_id}-A")
    assert first[0] == 201 and again == (200, first[1])
    code, problem = lender.pay(loan_id, "41.00", MONDAY, f"{loan_id}-A")
    assert code == 409 and problem["status"] == 409
    assert lender.standing(loan_id)["outstanding"]["total"] == "60.00"


def test_invalid_requests_are_refused_with_field_reason_and_remedy(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    code, problem = lender.post(loan_id, "40.00", MONDAY, currency="EUR")
    assert code == 422
    assert [error["field"] for error in problem["errors"]] == ["currency"]
    assert all(error["reason"] and error["remedy"] for error in problem["errors"])
    code, problem = lender.post(loan_id, "forty", MONDAY)
    assert code == 422 and problem["errors"][0]["field"] == "amount"
    assert lender.post("no-such-loan", "40.00", MONDAY)[0] == 404
    assert lender.target.call_api("GET", "/loans/no-such-loan/standing", of=lender.id)[0] == 404
    assert (
        lender.target.call_api("POST", "/payments/none/reversal", {"reason": "x"}, of=lender.id)[0]
        == 404
    )


def test_an_overpayment_becomes_credit(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    code, receipt = lender.pay(loan_id, "130.50", MONDAY)
    assert (code, receipt["to_credit"]) == (201, "30.50")
    assert receipt["allocated"]["principal"] == "100.00"
    assert lender.standing(loan_id)["credit"] == "30.50"


def test_twenty_concurrent_payments_each_post_exactly_once(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)

    def post(number: int) -> dict[str, Any]:
        for _ in range(50):
            code, answer = lender.post(loan_id, f"{number}.50", MONDAY, f"{loan_id}-Q{number}")
            if code != 503:  # "the loan is busy; send the same request again in a moment"
                assert code in (200, 201), answer
                return answer
        raise AssertionError("the loan stays busy")

    with ThreadPoolExecutor(6) as threads:
        receipts = list(threads.map(post, range(1, 21)))
    lender.wait_until_idle()
    position = lender.wiring.loans.load(loan_id).state.position
    paid = sum(part.total for part in position.paid) + position.credit_minor
    assert paid == sum(number * 100 + 50 for number in range(1, 21)) == 22_000
    assert len(lender.wiring.loans.recorded(loan_id).payments) == len(receipts) == 20
    allocated = sum(float(each["allocated"]["principal"]) for each in receipts)
    assert (allocated, lender.standing(loan_id)["credit"]) == (200.0, "20.00")
