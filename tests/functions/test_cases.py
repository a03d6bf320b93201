"""Signals from a stored review to the case's execution, driven by events."""

from copy import deepcopy
from datetime import date

import pytest

from functions import advance_case, payments_api, prepare_dossier, route_changes
from functions.advance_case import RetryableError
from recovery.adapters.dynamodb.stream import BatchFailedError
from recovery.documents.cases.signal import signal_from_document
from recovery.domain.cases.approval import DAILY_REVIEW
from recovery.domain.outbox import Outbox
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import Wake
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.deliver_signal import deliver_signal
from recovery.use_cases.monitoring.review_loans import review_shard
from tests.builders import a_loan, a_payment, a_policy, a_state, posts
from tests.conftest import Context

LOAN = a_loan()


@pytest.fixture
def late(wiring) -> None:
    """The loan is a day late, and its review is stored."""
    wiring.loans.add_loan(StoredLoan(LOAN, a_state(LOAN)), [])
    reviewed = review(LOAN, a_state(LOAN), DEFAULT_POLICY, date(2026, 2, 2))
    wiring.loans.save_state(reviewed.state, LOAN, reviewed.outbox)


@pytest.fixture
def unreadable(wiring, monkeypatch) -> None:
    """What waits for the loan L-9 cannot be read."""
    readable = wiring.loans.outboxes

    def outboxes(loan_id):
        if loan_id == "L-9":
            raise ValueError("broken")
        return readable(loan_id)

    monkeypatch.setattr(wiring.loans, "outboxes", outboxes)


def route(name, wiring, load_event):
    return route_changes.handler(load_event(name), Context(), wiring)


def advance(name, wiring, load_event, **changes):
    return advance_case.handler({**load_event(name), **changes}, Context(), wiring)


def names(wiring) -> list[str]:
    return [event.name for event in wiring.bus.events]


@pytest.mark.usefixtures("late")
def test_a_review_opens_a_case_wakes_the_borrower_and_announces_it(wiring, load_event) -> None:
    assert route("route_changes.case_opens", wiring, load_event) == {"batchItemFailures": []}
    assert list(wiring.workflow.started) == ["L-1-C1"]
    assert wiring.queue.wakes == [Wake("umoja", "B-1", date(2026, 2, 2))]
    assert sorted(names(wiring)) == ["SegmentChanged", "StandingChanged", "TaskOpened"]
    kinds = [entry.kind for entry in wiring.timeline.entries("L-1")]
    assert sorted(kinds) == ["decision", "segment", "standing", "task"]
    assert [each.task_id for each in wiring.tasks.open_tasks()] == ["L-1.call.2026-02-01"]


def review_on(wiring, day, policy) -> None:
    stored = wiring.loans.load("L-1")
    reviewed = review(stored.loan, stored.state, policy, day)
    wiring.loans.save_state(reviewed.state, stored.loan, reviewed.outbox)


@pytest.mark.usefixtures("late")
def test_a_proposed_write_off_goes_on_the_list_once_and_comes_off_when_withdrawn(
    wiring, load_event, monkeypatch
) -> None:
    policy = a_policy(write_off_from_days=365)
    review_on(wiring, date(2027, 2, 1), policy)
    monkeypatch.setattr(wiring.loans, "acknowledge", lambda *_: None)
    for _ in range(2):
        route("route_changes.write_off_proposed", wiring, load_event)
        (asked,) = wiring.cases.pending_decisions("write_off")
    assert (asked.decision_id, asked.asked_by.id) == ("L-1-W3", "daily-review")
    assert [e.text for e in wiring.timeline.entries("L-1") if e.key == "L-1-W3"] == [
        "write-off L-1-W3 proposed: 365 days past due, proposed from 365; people decide"
    ]
    stored = wiring.loans.load("L-1")
    paid = a_payment(amount_minor=23_000, value_date=date(2027, 2, 1))
    state = a_state(LOAN, [paid], version=3, case=stored.state.case, proposal=stored.state.proposal)
    wiring.loans.commit(posts(paid, state, Outbox("00000004", date(2027, 2, 1)), LOAN))
    review_on(wiring, date(2027, 2, 2), policy)
    for _ in range(2):
        route("route_changes.write_off_proposed", wiring, load_event)
    assert wiring.cases.pending_decisions("write_off") == []
    gone = wiring.cases.decision("L-1", "L-1-W3")
    assert (gone.outcome, gone.decided_by) == ("withdrawn", DAILY_REVIEW)
    assert gone.decided_because == "307 days past due, no longer 365"


@pytest.mark.usefixtures("late")
def test_what_was_carried_out_is_acknowledged_and_not_repeated(wiring, load_event) -> None:
    for _ in range(2):
        route("route_changes.case_opens", wiring, load_event)
    assert wiring.loans.outboxes("L-1") == []
    assert (len(wiring.queue.wakes), len(wiring.bus.events)) == (1, 3)


@pytest.mark.usefixtures("late")
def test_carrying_out_again_what_was_not_acknowledged_changes_nothing(
    wiring, load_event, monkeypatch
) -> None:
    monkeypatch.setattr(wiring.loans, "acknowledge", lambda *_: None)
    for _ in range(2):
        route("route_changes.case_opens", wiring, load_event)
    assert len(wiring.workflow.started) == 1
    assert wiring.cases.load("L-1", "L-1-C1").pending == ()
    assert len(wiring.timeline.entries("L-1")) == 4
    assert len(set(wiring.queue.wakes)) == 1


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize("refused", ["timeline.add", "workflow.start", "queue.put", "bus.publish"])
def test_what_could_not_be_carried_out_waits_and_is_sent_again_the_next_day(
    wiring, load_event, monkeypatch, refused
) -> None:
    """Refused for longer than the stream's retries: nothing is lost."""

    def denied(*_, **__):
        raise RuntimeError("AccessDenied")

    port, method = refused.split(".")
    monkeypatch.setattr(getattr(wiring, port), method, denied)
    with pytest.raises(BatchFailedError):
        route("route_changes.case_opens", wiring, load_event)
    monkeypatch.undo()
    assert wiring.cases.load("L-1", "L-1-C1").stage is None
    review_shard("umoja", 0, date(2026, 2, 2), wiring)
    assert wiring.loans.sent_again == []  # today's are still on their way
    assert review_shard("umoja", 0, date(2026, 2, 2), wiring, at_once=True).sent_again == 1
    wiring.loans.sent_again.clear()
    assert review_shard("umoja", 0, date(2026, 2, 3), wiring).sent_again == 1
    assert wiring.loans.sent_again == ["L-1"]
    route("route_changes.case_opens", wiring, load_event)
    assert wiring.loans.outboxes("L-1") == []
    assert list(wiring.workflow.started) == ["L-1-C1"]
    assert set(wiring.queue.wakes) >= {Wake("umoja", "B-1", date(2026, 2, 2))}
    assert len(wiring.timeline.entries("L-1")) == 4
    assert "StandingChanged" in names(wiring)


@pytest.mark.usefixtures("late", "unreadable")
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


@pytest.mark.usefixtures("late", "unreadable")
def test_only_the_bad_record_is_retried(wiring, load_event) -> None:
    answer = route("route_changes.one_bad_record", wiring, load_event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "102"}]}


def test_a_payment_and_its_reversal_are_announced(wiring, load_event) -> None:
    wiring.loans.add_loan(StoredLoan(LOAN, a_state(LOAN)), [])
    for name in ("post_payment", "reverse_payment"):
        payments_api.handler(load_event(f"payments_api.{name}"), Context(), wiring)
    assert route("route_changes.case_opens", wiring, load_event) == {"batchItemFailures": []}
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


@pytest.mark.usefixtures("late")
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


def test_the_dossier_is_made_and_tells_the_execution_what_is_owed(wiring, load_event) -> None:
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    advance("advance_case.enter_stage", wiring, load_event)
    event = load_event("prepare_dossier")
    answer = prepare_dossier.handler(event, Context(), wiring)
    assert {name: answer[name] for name in ("case_id", "loan_id", "signal")} == {
        name: event[name] for name in ("case_id", "loan_id", "signal")
    }
    assert answer["dossier"]["path"] == [
        "2026-02-02 early management: 1 day delinquent, 115.00 EUR overdue since 2026-02-01;"
        " early management starts at 1"
    ]
    dossier = wiring.dossiers.find("L-1", answer["dossier"]["id"])
    assert answer["dossier"]["hash"] == dossier.hash


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


@pytest.mark.usefixtures("late")
def test_routing_a_record_without_keys_fails_alone(wiring, load_event) -> None:
    event = load_event("route_changes.case_opens")
    event["Records"].insert(0, {"eventID": "1", "dynamodb": {"SequenceNumber": "997"}})
    answer = route_changes.handler(event, Context(), wiring)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "997"}]}
    assert list(wiring.workflow.started) == ["L-1-C1"]
