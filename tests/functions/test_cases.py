"""Signals on their way from a stored review to the execution, driven by the events."""

from copy import deepcopy

import pytest

from functions import advance_case, route_changes
from functions.advance_case import RetryableError
from recovery.adapters.dynamodb.codec import signal_from_document
from recovery.ports import KeptLoan, StaleWriteError
from recovery.use_cases.route_changes import deliver_signal
from tests.builders import a_loan, a_payment, a_state
from tests.conftest import Context


def route(name, at, load_event):
    return route_changes.handler(load_event(name), Context(), at)


def advance(name, at, load_event, **changes):
    return advance_case.handler({**load_event(name), **changes}, Context(), at)


def names(at) -> list[str]:
    return [event.name for event in at.bus.events]


def test_a_review_opens_a_case_asks_for_a_message_and_tells_everybody(at, load_event) -> None:
    assert route("route_changes.case_opens", at, load_event) == {"batchItemFailures": []}
    assert list(at.workflow.started) == ["L-1-C1"]
    assert [m.kind for m in at.queue.messages] == ["first_days_late"]
    assert names(at) == ["StandingChanged"]
    kinds = [entry.kind for entry in at.timeline.entries("L-1")]
    assert sorted(kinds) == ["decision", "standing"]


def test_routing_twice_is_routing_once(at, load_event) -> None:
    for _ in range(2):
        route("route_changes.case_opens", at, load_event)
    assert len(at.workflow.started) == 1
    assert at.cases.load("L-1", "L-1-C1").pending == ()
    assert len(at.timeline.entries("L-1")) == 2
    assert len({m.message_id for m in at.queue.messages}) == 1


def test_behind_a_bad_record_its_own_loan_waits_and_the_others_go_on(at, load_event) -> None:
    event = load_event("route_changes.one_bad_record")
    good, bad, _ = event["Records"]
    after = deepcopy(good)  # of the loan of the bad record
    after["dynamodb"]["Keys"]["pk"]["S"] = bad["dynamodb"]["Keys"]["pk"]["S"]
    after["dynamodb"]["SequenceNumber"] = "103"
    good["dynamodb"]["SequenceNumber"] = "104"
    answer = route_changes.handler({"Records": [bad, after, good]}, Context(), at)
    failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    assert failed == ["102", "103"]
    assert list(at.workflow.started) == ["L-1-C1"]


def test_a_bad_record_comes_again_alone(at, load_event) -> None:
    answer = route("route_changes.one_bad_record", at, load_event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "102"}]}


def test_a_payment_and_its_reversal_are_told(at, load_event) -> None:
    payment = a_payment("BANK-2026-0001")
    loan = a_loan()
    at.loans.add_loan(KeptLoan(loan, a_state(loan)), [payment])
    assert route("route_changes.payments", at, load_event) == {"batchItemFailures": []}
    assert names(at) == ["PaymentPosted", "PaymentReversed"]
    texts = [entry.text for entry in at.timeline.entries("L-1")]
    assert texts == [
        "payment of 115.00 EUR received",
        "payment of 115.00 EUR reversed: returned by the bank: AC04",
    ]


def test_the_execution_opens_enters_and_waits(at, load_event) -> None:
    opened = advance("advance_case.open_case", at, load_event)
    assert set(opened) == {"case_id", "loan_id", "signal"}
    advance("advance_case.enter_stage", at, load_event)
    record = at.cases.load("L-1", "L-1-C1")
    assert record.stage == "early_management"
    assert record.task_token.endswith("token-1")
    assert record.advisor_task.startswith("Call kindly")
    assert names(at) == ["StageChanged"]
    assert at.workflow.sent == []


def test_a_signal_that_came_before_the_stage_was_entered_is_taken_up_at_once(
    at, load_event
) -> None:
    route("route_changes.case_opens", at, load_event)
    later = signal_from_document(load_event("advance_case.close_case"))
    deliver_signal("L-1", later, cases=at.cases, workflow=at.workflow)
    assert at.workflow.sent == []
    advance("advance_case.open_case", at, load_event)
    advance("advance_case.enter_stage", at, load_event)
    assert [signal.signal_id for _, signal in at.workflow.sent] == ["L-1-C1#3"]
    # The same signal delivered again finds a used token and does nothing.
    deliver_signal("L-1", later, cases=at.cases, workflow=at.workflow)
    assert len(at.workflow.sent) == 1


def test_the_dossier_says_what_is_owed_and_what_was_tried(at, load_event) -> None:
    loan = a_loan()
    at.loans.add_loan(KeptLoan(loan, a_state(loan)), [])
    advance("advance_case.enter_stage", at, load_event)
    answer = advance("advance_case.prepare_dossier", at, load_event)
    assert answer["dossier"]["path"] == [
        "2026-02-02 early management: 1 days delinquent, 115.00 EUR overdue since 2026-02-01;"
        " early management starts at 1"
    ]
    assert answer["dossier"]["messages_sent"] == 0


def test_a_case_closes_once_and_takes_nothing_more(at, load_event) -> None:
    advance("advance_case.enter_stage", at, load_event)
    for _ in range(2):
        advance("advance_case.close_case", at, load_event)
    record = at.cases.load("L-1", "L-1-C1")
    assert (record.outcome, record.task_token) == ("cured", None)
    assert [step.stage for step in record.path] == ["early_management", "cured"]


def test_a_busy_case_is_tried_again_by_the_state_machine(at, load_event, monkeypatch) -> None:
    def lose(record):
        raise StaleWriteError("busy")

    monkeypatch.setattr(at.cases, "save", lose)
    with pytest.raises(RetryableError):
        advance("advance_case.open_case", at, load_event)
