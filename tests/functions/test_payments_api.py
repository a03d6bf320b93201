"""The payments API, driven by its events."""

import copy
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.payments_api import handler
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.history import WriteOff
from recovery.ports.accounting import StoredLoan, UnreadableLoanError
from recovery.ports.institutions import InstitutionDay
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.accounting.record_fact import change_by
from recovery.use_cases.shared import retrying
from recovery.use_cases.shared.rules import rules_of
from tests.builders import a_borrower, a_loan, a_state
from tests.conftest import Context


@pytest.fixture
def call(wiring, load_event):
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])

    def call(name: str):
        answer = handler(load_event(name), Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"]), answer

    return call


@pytest.fixture
def send(call, wiring, load_event):
    """Send any body, or the valid one with changes, to any path (payments by default)."""
    event = load_event("payments_api.post_payment")
    valid = json.loads(event["body"])

    def send(body=None, path="/institutions/umoja/payments", method="POST", /, **changes):
        text = json.dumps({**valid, **changes}) if changes else body
        sent = {**copy.deepcopy(event), "body": text, "path": path, "httpMethod": method}
        answer = handler(sent, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def test_posting_a_payment_returns_a_receipt_and_marks_the_loan_for_review(call, wiring) -> None:
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
    assert "L-1" in wiring.loans.needs_review


def test_a_payment_meant_for_an_instalment_pays_that_one_first(send, wiring) -> None:
    code, receipt = send(instalment=2, amount="130.00")
    assert code == 201
    assert receipt["allocated"]["principal"] == "100.00"
    position = wiring.loans.load("L-1").state.position
    assert [paid.total for paid in position.paid[:3]] == [1_500, 11_500, 0]
    assert send(instalment=2, amount="130.00") == (200, receipt)
    assert send(instalment=1, amount="130.00")[0] == 409


@pytest.mark.parametrize("number", [99, -1, "2", 2.0, True])
def test_an_unknown_instalment_is_refused(send, wiring, number) -> None:
    code, problem = send(instalment=number)
    assert (code, problem["errors"][0]["field"]) == (422, "instalment")
    assert not wiring.loans.recorded("L-1").payments


def test_a_repeat_gets_the_same_receipt_and_is_not_posted_twice(call, wiring) -> None:
    _, receipt, _ = call("payments_api.post_payment")
    assert call("payments_api.post_payment")[:2] == (200, receipt)
    assert len(wiring.loans.recorded("L-1").payments) == 1


def test_reusing_an_id_with_a_different_body_is_a_conflict(call, wiring) -> None:
    call("payments_api.post_payment")
    code, problem, answer = call("payments_api.other_body")
    assert code == 409
    assert "BANK-2026-0001" in problem["detail"]
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]
    assert len(wiring.loans.recorded("L-1").payments) == 1


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
def test_an_error_names_field_reason_and_remedy(call, wiring, name, code, field) -> None:
    answered, problem, answer = call(name)
    assert answered == code == problem["status"]
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]
    problems = {each["field"]: each for each in problem["errors"]}
    assert problems[field]["reason"]
    assert problems[field]["remedy"]
    assert wiring.loans.recorded("L-1").payments == ()


def test_all_invalid_fields_are_reported_together(call) -> None:
    _, problem, _ = call("payments_api.bad_fields")
    assert {each["field"] for each in problem["errors"]} == {
        "payment_id",
        "amount",
        "currency",
        "value_date",
        "colour",
    }


def test_a_future_payment_is_refused(call, wiring) -> None:
    wiring.clock.at = wiring.clock.at.replace(month=1)
    code, problem, _ = call("payments_api.post_payment")
    assert (code, problem["errors"][0]["field"]) == (422, "value_date")


def test_an_unknown_loan_is_not_found(call) -> None:
    assert call("payments_api.unknown_loan")[0] == 404


def test_a_payment_is_reversed_once(call) -> None:
    call("payments_api.post_payment")
    code, reversal, _ = call("payments_api.reverse_payment")
    assert (code, reversal["reversed_on"], reversal["amount"]) == (200, "2026-02-02", "115.00")
    assert call("payments_api.reverse_payment")[:2] == (200, reversal)
    standing = call("payments_api.read_standing")[1]
    assert standing["overdue"]["total"] == "115.00"


def test_a_busy_loan_is_no_failure_and_is_counted_apart(call, wiring, monkeypatch, capsys) -> None:
    def busy(*_, **__):
        raise StaleWriteError("somebody else")

    monkeypatch.setattr(retrying.time, "sleep", lambda _: None)
    monkeypatch.setattr(wiring.loans, "commit", busy)
    code, problem, _ = call("payments_api.post_payment")
    assert (code, problem["title"]) == (503, "The loan is busy")
    assert "RequestsBusy" in capsys.readouterr().out


def test_a_loan_that_cannot_be_read_is_named(call, wiring, monkeypatch) -> None:
    def unreadable(loan_id: str):
        raise UnreadableLoanError(loan_id)

    monkeypatch.setattr(wiring.loans, "load", unreadable)
    code, problem, _ = call("payments_api.read_standing")
    assert (code, problem["errors"][0]["field"]) == (500, "loan_id")
    assert "L-1" in problem["detail"]


def test_a_payment_and_its_reversal_make_the_loan_due_for_review_today(call, wiring) -> None:
    """The daily review finds a loan whose change the stream has lost."""
    for name in ("payments_api.post_payment", "payments_api.reverse_payment"):
        call(name)
        today = date(2026, 2, 2)
        assert wiring.loans.load("L-1").state.next_review_on == today
        assert list(wiring.loans.due_loan_ids(0, today)) == ["L-1"]
        stored = wiring.loans.load("L-1")
        version = stored.state.version + 1
        reviewed = replace(stored.state, version=version, next_review_on=date(2026, 3, 1))
        wiring.loans.save_state(reviewed, stored.loan)


def test_a_payment_of_a_day_not_yet_reviewed_is_not_reversed_before_it(call, wiring) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(business_date=date(2026, 1, 31))
    call("payments_api.post_payment")
    assert call("payments_api.reverse_payment")[1]["reversed_on"] == "2026-02-01"


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
    assert standing["written_off"] is None


def test_health_is_ok(call) -> None:
    assert call("payments_api.health")[:2] == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "-0"), ("amount", "0.001"), ("amount", "1e15"), ("amount", "+1"),
        ("amount", "100\n"), ("amount", "１００"), ("amount", 100), ("amount", True),
        ("amount", "999999999999999"), ("currency", "eur"), ("currency", "EUR\n"),
        ("payment_id", "P-1\n"), ("payment_id", "P#1"), ("loan_id", "L/1"), ("loan_id", None),
        ("value_date", "2026-02-30"), ("value_date", "0001-01-01"), ("value_date", "9999-12-31"),
        ("value_date", "2026-02-01T00:00:00"), ("value_date", "2026-02-01\n"),
        ("value_date", 1769904000), ("value_date", "1769904000"), ("value_date", True),
        ("reference", "a\0b"), ("reference", "a\u202eb"), ("reference", "a\u2028b"),
        ("reference", "a\x85b"), ("reference", "\ud800"), ("reference", "x" * 141), ("", "x"),
    ],
)  # fmt: skip
def test_a_malformed_value_is_refused(send, wiring, field, value) -> None:
    code, problem = send(**{field: value})
    assert code in (400, 422)
    assert [each["field"] for each in problem["errors"]] == [field or "body"]
    assert wiring.loans.recorded("L-1").payments == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "not JSON"), ("", "not JSON"), ("[" * 5000, "not JSON"), ("\ufeff{}", "not JSON"),
        ('{"amount": 1' + "0" * 5000 + "}", "not JSON"), ("[]", "not a JSON object"),
        ("null", "not a JSON object"), ('{"amount": "1", "amount": "2"}', "duplicate field"),
        ("{" + ",".join(f'"f{n}": 1' for n in range(100_000)) + "}", "is longer than"),
    ],
)  # fmt: skip
def test_an_unreadable_body_gets_a_short_error(send, body, reason) -> None:
    code, problem = send(body)
    assert (code, problem["errors"][0]["field"]) == (400, "body")
    assert reason in problem["errors"][0]["reason"]
    assert len(json.dumps(problem)) < 1000


@pytest.mark.parametrize("odd_id", ["x" * 9000, "é" * 64, "a%2Fb", "P%0A", "a b", "%23"])
def test_an_impossible_id_is_not_looked_up(send, wiring, monkeypatch, odd_id) -> None:
    # DynamoDB rejects keys above 2 KB.
    monkeypatch.delattr(type(wiring.loans), "load")
    monkeypatch.delattr(type(wiring.payments), "find")
    for code, problem in (
        send("{}", f"/institutions/umoja/loans/{odd_id}/payments", "GET"),
        send("{}", f"/institutions/umoja/payments/{odd_id}", "GET"),
        send("{}", f"/institutions/umoja/payments/{odd_id}/receipt", "GET"),
        send("{}", f"/institutions/umoja/payments/{odd_id}/move"),
        send("{}", f"/institutions/umoja/loans/{odd_id}/standing", "GET"),
        send('{"reason": "sent twice"}', f"/institutions/umoja/payments/{odd_id}/reversal"),
    ):
        assert code == 404
        assert len(json.dumps(problem)) < 1200


@pytest.mark.parametrize("reason", ["", "  ", "\n", "a\u202eb", "x" * 141, None, 1])
def test_a_reversal_needs_a_readable_reason(send, wiring, reason) -> None:
    send(reference="to be reversed")
    body = json.dumps({"reason": reason})
    code, problem = send(body, "/institutions/umoja/payments/BANK-2026-0001/reversal")
    assert (code, problem["errors"][0]["field"]) == (422, "reason")
    assert wiring.loans.find_payment("BANK-2026-0001").reversed_on is None


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    *("payment_id", "loan_id", "amount", "currency", "value_date", "instalment", "reference"),
    *("reason", "borrower_id", "designation", "to_suspense", "payer", "to_loan_id"),
)


@given(ANY_JSON | st.dictionaries(st.sampled_from(FIELDS), ANY_JSON), st.booleans())
@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_invalid_body_gets_field_reason_and_remedy(send, sent, is_change) -> None:
    payments = "/institutions/umoja/payments"
    paths = (payments, f"{payments}/P/reversal", f"{payments}/P/move")
    bodies = [(json.dumps(sent), path) for path in paths]
    answers = [send(body, path) for body, path in bodies]
    if isinstance(sent, dict) and is_change:
        answers.append(send(**sent))
    for code, answer in answers:
        assert code in (200, 201, 400, 404, 409, 422)
        if code >= 400:
            assert answer["errors"]
            assert all(e["field"] and e["reason"] and e["remedy"] for e in answer["errors"])


def test_who_posted_and_who_reversed_a_payment_is_on_record(call, wiring) -> None:
    call("payments_api.post_payment")
    call("payments_api.reverse_payment")
    record = wiring.loans.find_payment("BANK-2026-0001")
    bank = "arn:aws:iam::111122223333:user/core-banking"
    assert (record.posted_by, record.posted_at) == (bank, wiring.now())
    assert (record.reversed_by, record.reversed_at) == (bank, wiring.now())


@pytest.mark.parametrize("institution_id", ["nobody#", "UPPER", "a%23b", "-a", "x" * 70])
def test_an_institution_that_cannot_exist_is_not_found(send, institution_id) -> None:
    code, problem = send("{}", f"/institutions/{institution_id}/payments")
    assert code == 404
    assert problem["title"] in ("Not on record", "No such path")


def test_what_comes_on_a_loan_written_off_is_recovered_and_the_rest_is_credit(call, wiring) -> None:
    stored = wiring.loans.load("L-1")
    gone = FactRecord(
        fact_id="write-off-2",
        loan_id="L-1",
        fact=WriteOff(date(2026, 1, 31)),
        known_on=date(2026, 1, 31),
        fingerprint="f",
        reason="It will not come.",
        recorded_by="ana",
        recorded_at=wiring.now(),
    )
    rules = rules_of("umoja", date(2026, 1, 31), wiring.institutions)
    wiring.loans.commit(change_by(gone, stored, Recorded(), rules))
    _, receipt, _ = call("payments_api.overpayment")
    assert (receipt["recovered"], receipt["to_credit"]) == ("1380.00", "620.00")
    assert receipt["allocated"]["principal"] == "0.00"
    standing = call("payments_api.read_standing")[1]
    assert (standing["days_past_due"], standing["bucket"]) == (0, None)
    gone = standing["written_off"]
    assert (gone["on"], gone["loss"]["total"], gone["recovered"]["total"]) == (
        "2026-01-31",
        "1380.00",
        "1380.00",
    )
    assert gone["remaining"]["total"] == "0.00"


def test_a_fact_is_recorded_once_and_changes_what_is_owed(call, wiring) -> None:
    code, answer, _ = call("payments_api.record_waiver")
    assert code == 201
    assert answer["kind"] == "waiver" and answer["on"] == answer["known_on"]
    assert answer["standing"]["outstanding"]["total"] == "1375.00"
    assert call("payments_api.record_waiver")[0] == 200
    assert wiring.loans.load("L-1").loan.schedule[0].due.interest == 1_000
    listed = call("payments_api.list_facts")[1]["facts"]
    assert [each["fact_id"] for each in listed] == ["W-2026-001"]
    assert "L-1" in wiring.loans.needs_review


def test_a_debit_returned_for_death_stops_all_pressure(call, wiring) -> None:
    wiring.borrowers.save_contact_details(a_borrower())
    call("payments_api.post_payment")
    code, answer, _ = call("payments_api.record_return")
    assert (code, answer["reason_code"]) == (201, "MD07")
    [on_person] = wiring.borrowers.load("B-1").restraints
    assert on_person.kind == "death" and wiring.people.outboxes("B-1")
    assert answer["standing"]["outstanding"]["total"] == "1315.00"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"kind": "gift"}, "kind", 422),
        ({"kind": "write_off"}, "kind", 422),  # people decide on it
        ({"amount": "5.001"}, "amount", 422),
        ({"amount": "0"}, "amount", 422),
        ({"component": "luck"}, "component", 422),
        ({"reason": ""}, "reason", 422),
        ({"fact_id": "no spaces"}, "fact_id", 422),
        ({"on": "1/2/2026"}, "on", 422),
        ({"on": "2025-01-01"}, "on", 422),
        ({"extra": 1}, "extra", 422),
        ({"instalment": 99}, "instalment", 422),
    ],
)
def test_a_wrong_fact_names_its_field_and_remedy(
    call, send, wiring, load_event, changes, field, code
):
    event = load_event("payments_api.record_waiver")
    body = json.dumps({**json.loads(event["body"]), **changes})
    answer = send(body, event["path"])
    assert (answer[0], answer[1]["errors"][0]["field"]) == (code, field), answer
    assert answer[1]["errors"][0]["remedy"]
    assert wiring.loans.recorded("L-1").facts == ()


def test_a_fact_without_a_date_is_known_again_the_next_day(call, wiring) -> None:
    _, first, _ = call("payments_api.record_waiver")
    wiring.clock.at += timedelta(days=1)
    code, again, _ = call("payments_api.record_waiver")
    assert (code, again["on"]) == (200, first["on"])
    assert len(wiring.loans.recorded("L-1").facts) == 1


def test_a_fact_id_with_another_body_is_a_conflict(call, send, load_event) -> None:
    event = load_event("payments_api.record_waiver")
    call("payments_api.record_waiver")
    other = json.dumps({**json.loads(event["body"]), "amount": "6.00"})
    code, problem = send(other, event["path"])
    assert (code, problem["errors"][0]["field"]) == (409, "fact_id")
