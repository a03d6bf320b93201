"""Signals from a stored review to the case's execution, driven by events."""

from copy import deepcopy

import pytest

from functions import advance_case, route_changes
from functions.advance_case import RetryableError
from recovery.documents.cases.signal import signal_from_document
from recovery.ports.accounting import StoredLoan
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.deliver_signal import deliver_signal
from tests.builders import a_loan, a_payment, a_state
from tests.conftest import Context


def route(name, wiring, load_event):
    return route_changes.handler(load_event(name), Context(), wiring)


def advance(name, wiring, load_event, **changes):
    return advance_case.handler({**load_event(name), **changes}, Context(), wiring)


def names(wiring) -> list[str]:
    return [event.name for event in wiring.bus.events]


def test_a_review_opens_a_case_queues_a_message_and_announces_it(wiring, load_event) -> None:
    assert route("route_changes.case_opens", wiring, load_event) == {"batchItemFailures": []}
    assert list(wiring.workflow.started) == ["L-1-C1"]
    assert [m.kind for m in wiring.queue.messages] == ["first_days_late"]
    assert names(wiring) == ["StandingChanged"]
    kinds = [entry.kind for entry in wiring.timeline.entries("L-1")]
    assert sorted(kinds) == ["decision", "standing"]


def test_routing_is_idempotent(wiring, load_event) -> None:
    for _ in range(2):
        route("route_changes.case_opens", wiring, load_event)
    assert len(wiring.workflow.started) == 1
    assert wiring.cases.load("L-1", "L-1-C1").pending == ()
    assert len(wiring.timeline.entries("L-1")) == 2
    assert len({m.message_id for m in wiring.queue.messages}) == 1


def test_after_a_bad_record_its_loan_waits_and_others_go_on(wiring, load_event) -> None:
    event = load_event("route_changes.one_bad_record")
    good, bad, _ = event["Records"]
    after = deepcopy(good)  # a later change to the bad record's loan
    after["dynamodb"]["Keys"]["pk"]["S"] = bad["dynamodb"]["Keys"]["pk"]["S"]
    after["dynamodb"]["SequenceNumber"] = "103"
    good["dynamodb"]["SequenceNumber"] = "104"
    answer = route_changes.handler({"Records": [bad, after, good]}, Context(), wiring)
    failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    assert failed == ["102", "103"]
    assert list(wiring.workflow.started) == ["L-1-C1"]


def test_only_the_bad_record_is_retried(wiring, load_event) -> None:
    answer = route("route_changes.one_bad_record", wiring, load_event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "102"}]}


def test_a_payment_and_its_reversal_are_announced(wiring, load_event) -> None:
    payment = a_payment("BANK-2026-0001")
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [payment])
    assert route("route_changes.payments", wiring, load_event) == {"batchItemFailures": []}
    assert names(wiring) == ["PaymentPosted", "PaymentReversed"]
    texts = [entry.text for entry in wiring.timeline.entries("L-1")]
    assert texts == [
        "payment of 115.00 EUR received",
        "payment of 115.00 EUR reversed: returned by the bank: AC04",
    ]


def test_the_execution_opens_the_case_enters_a_stage_and_waits(wiring, load_event) -> None:
    opened = advance("advance_case.open_case", wiring, load_event)
    assert set(opened) == {"case_id", "loan_id", "signal"}
    advance("advance_case.enter_stage", wiring, load_event)
    record = wiring.cases.load("L-1", "L-1-C1")
    assert record.stage == "early_management"
    assert record.task_token.endswith("token-1")
    assert record.advisor_task.startswith("Call kindly")
    assert names(wiring) == ["StageChanged"]
    assert wiring.workflow.sent == []


def test_a_signal_received_before_entering_the_stage_is_passed_on_at_once(
    wiring, load_event
) -> None:
    route("route_changes.case_opens", wiring, load_event)
    later = signal_from_document(load_event("advance_case.close_case"))
    deliver_signal("L-1", later, wiring)
    assert wiring.workflow.sent == []
    advance("advance_case.open_case", wiring, load_event)
    advance("advance_case.enter_stage", wiring, load_event)
    assert [signal.signal_id for _, signal in wiring.workflow.sent] == ["L-1-C1#3"]
    # Redelivering the signal finds a used token and does nothing.
    deliver_signal("L-1", later, wiring)
    assert len(wiring.workflow.sent) == 1


def test_the_dossier_shows_what_is_owed_and_what_was_tried(wiring, load_event) -> None:
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    advance("advance_case.enter_stage", wiring, load_event)
    answer = advance("advance_case.prepare_dossier", wiring, load_event)
    assert answer["dossier"]["path"] == [
        "2026-02-02 early management: 1 days delinquent, 115.00 EUR overdue since 2026-02-01;"
        " early management starts at 1"
    ]
    assert answer["dossier"]["messages_sent"] == 0


def test_a_case_closes_once_and_accepts_no_more_signals(wiring, load_event) -> None:
    advance("advance_case.enter_stage", wiring, load_event)
    for _ in range(2):
        advance("advance_case.close_case", wiring, load_event)
    record = wiring.cases.load("L-1", "L-1-C1")
    assert (record.outcome, record.task_token) == ("cured", None)
    assert [step.stage for step in record.path] == ["early_management", "cured"]


def test_a_busy_case_is_retried_by_the_state_machine(wiring, load_event, monkeypatch) -> None:
    def lose(record):
        raise StaleWriteError("busy")

    monkeypatch.setattr(wiring.cases, "save", lose)
    with pytest.raises(RetryableError):
        advance("advance_case.open_case", wiring, load_event)


def test_routing_a_record_without_keys_fails_alone(wiring, load_event) -> None:
    event = load_event("route_changes.case_opens")
    event["Records"].insert(0, {"eventID": "1", "dynamodb": {"SequenceNumber": "997"}})
    answer = route_changes.handler(event, Context(), wiring)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "997"}]}
    assert list(wiring.workflow.started) == ["L-1-C1"]
