"""Loans and their timelines, read through the API."""

import json
from datetime import date

import pytest

from functions.payments_api import handler
from recovery.domain.outbox import TimelineEntry
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_loan, a_state
from tests.conftest import Context


@pytest.fixture
def call(wiring, load_event):
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])

    def call(name: str, **changes):
        answer = handler({**load_event(name), **changes}, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


def test_a_loan_shows_contract_facts_and_standing(call, wiring) -> None:
    call("payments_api.post_payment")
    call("payments_api.record_waiver")
    code, loan = call("payments_api.read_loan")
    assert code == 200
    assert (loan["loan_id"], loan["contract"]["portfolio"]) == ("L-1", "2026")
    assert [each["fact_id"] for each in loan["facts"]] == ["W-2026-001"]
    assert loan["facts"] == call("payments_api.list_facts")[1]["facts"]
    standing = call("payments_api.read_standing")[1]
    assert loan["standing"].items() <= standing.items()
    assert (loan["case"], loan["late_charges"]) == (None, "0.00")
    first, second = (
        (each["due_date"], each["due"]["total"], each["paid"]["total"], each["paid_off_on"])
        for each in loan["schedule"][:2]
    )
    assert first == ("2026-02-01", "115.00", "115.00", "2026-02-01")
    assert second == ("2026-03-01", "110.00", "0.00", None)


def test_a_late_loan_shows_its_case(call, wiring) -> None:
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    loan = call("payments_api.read_loan")[1]
    assert loan["case"] == {"case_id": "L-1-C1", "stage": "early_management", "since": "2026-02-02"}
    assert loan["standing"]["days_past_due"] == 1


def test_a_timeline_is_read_in_the_order_of_events_a_page_at_a_time(call, wiring) -> None:
    call("payments_api.record_waiver")
    route_loan("umoja", "L-1", wiring)
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    route_loan("umoja", "L-1", wiring)
    wiring.timeline.add("L-1", [TimelineEntry(date(2026, 2, 2), "message", "sent by email")])
    code, page = call("payments_api.read_timeline")
    assert code == 200
    assert [each["kind"] for each in page["entries"]] == ["fact", "standing"]
    rest = call(
        "payments_api.read_timeline",
        queryStringParameters={"after": page["next"]},
        multiValueQueryStringParameters={"after": [page["next"]]},
    )[1]
    assert [each["kind"] for each in rest["entries"]] == ["decision", "segment", "task", "message"]
    assert rest["next"] is None


@pytest.mark.parametrize("name", ["limit", "after"])
def test_a_wrong_parameter_is_named(call, name: str) -> None:
    given = {name: "-"}
    code, problem = call(
        "payments_api.read_timeline",
        queryStringParameters=given,
        multiValueQueryStringParameters={name: ["-"]},
    )
    assert (code, problem["errors"][0]["field"]) == (422, name)
    assert problem["errors"][0]["remedy"]


@pytest.mark.parametrize("name", ["read_loan", "read_timeline"])
@pytest.mark.parametrize("loan_id", ["L-9", "x" * 100, "a%2Fb"])
def test_a_loan_that_is_not_on_record_is_not_found(call, load_event, name, loan_id) -> None:
    path = load_event(f"payments_api.{name}")["path"].replace("L-1", loan_id)
    assert call(f"payments_api.{name}", path=path)[0] == 404
