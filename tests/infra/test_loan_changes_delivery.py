"""The stream's two handlers, delivered to with the settings of the synthesized stack."""

import json
from datetime import timedelta

import pytest

from functions import review_changed_loans, route_changes
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review as review_at
from recovery.ports.accounting import StoredLoan
from tests.builders import FIRST_DUE, a_loan, a_state
from tests.conftest import Context
from tests.stream_driver import Delivered, StreamMapping, deliver

CREATED = 1_770_000_000
LOANS = 250  # two and a half batches
POISON = 120


@pytest.fixture
def mapping_of(either_stack):
    def mapping_of(reader) -> StreamMapping:
        return StreamMapping.from_template(
            either_stack.the("AWS::Lambda::EventSourceMapping", reader)
        )

    return mapping_of


@pytest.fixture
def drive(mapping_of, wiring):
    """Deliver records to a handler one second after the last of them was written."""

    def drive(module, reader, records, *, now=None) -> Delivered:
        now = now or max(each["dynamodb"]["ApproximateCreationDateTime"] for each in records) + 1
        return deliver(
            lambda event: module.handler(event, Context(), wiring),
            mapping_of(reader),
            records,
            now=lambda: now,
        )

    return drive


@pytest.fixture
def review(drive):
    return lambda records, **more: drive(
        review_changed_loans, "ReviewChangedLoans", records, **more
    )


@pytest.fixture
def route(drive):
    return lambda records, **more: drive(route_changes, "RouteChanges", records, **more)


@pytest.fixture
def changed(load_event):
    """Make a record like the sample's first one, of this loan and number."""

    def changed(event, number, loan_id=None, at=CREATED):
        sample = json.dumps(load_event(event)["Records"][0])
        record = json.loads(sample.replace("L-1", loan_id or f"N-{number}"))
        record["dynamodb"] |= {
            "SequenceNumber": str(number),
            "ApproximateCreationDateTime": at,
        }
        return record

    return changed


def keep(wiring, loan_id, **changes) -> None:
    loan = a_loan(loan_id)
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan, **changes)), [])


def reviewed(wiring, numbers) -> list[int]:
    loans = {number: wiring.loans.load(f"N-{number}").state for number in numbers}
    return [number for number, state in loans.items() if state.standing]


def test_a_poisoned_loan_is_given_up_alone_and_every_other_is_reviewed(
    review, changed, wiring
) -> None:
    for number in range(1, LOANS + 1):
        keep(wiring, f"N-{number}", **({"position": None} if number == POISON else {}))
    delivered = review([changed("review_changed_loans", n) for n in range(1, LOANS + 1)])
    assert delivered.given_up() == [(str(POISON), str(POISON), 1, "RetryAttemptsExhausted")]
    others = [number for number in range(1, LOANS + 1) if number != POISON]
    assert reviewed(wiring, others) == others


def test_a_record_without_keys_is_given_up_alone(review, changed, wiring) -> None:
    records = [changed("review_changed_loans", number) for number in range(1, 10)]
    for number in range(1, 10):
        keep(wiring, f"N-{number}")
    del records[4]["dynamodb"]["Keys"]
    assert review(records).given_up() == [("5", "5", 1, "RetryAttemptsExhausted")]
    assert len(reviewed(wiring, range(1, 10))) == 8


def test_a_database_that_is_down_for_a_moment_loses_no_review(
    review, changed, wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, LOANS + 1):
        keep(wiring, f"N-{number}")
    load_many, calls = wiring.loans.load_many, []

    def load_many_or_fail(loan_ids):
        calls.append(loan_ids)
        if len(calls) in (1, 2, 5):
            raise RuntimeError("throttled")
        return load_many(loan_ids)

    monkeypatch.setattr(wiring.loans, "load_many", load_many_or_fail)
    delivered = review([changed("review_changed_loans", n) for n in range(1, LOANS + 1)])
    assert delivered.failures == []
    assert len(reviewed(wiring, range(1, LOANS + 1))) == LOANS


def test_changes_that_need_no_review_are_not_delivered(review, changed, wiring) -> None:
    keep(wiring, "N-2")
    other, wanted = (changed("review_changed_loans", number) for number in (1, 2))
    del other["dynamodb"]["NewImage"]["needs_review"]
    delivered = review([other, wanted])
    assert [numbers for _, numbers in delivered.batches] == [("2",)]


def test_a_change_older_than_the_mapping_allows_is_reported_and_newer_ones_go_on(
    review, changed, wiring, mapping_of
) -> None:
    greatest = mapping_of("ReviewChangedLoans").max_record_age_seconds
    for number in (1, 2):
        keep(wiring, f"N-{number}")
    records = [
        changed("review_changed_loans", 1),
        changed("review_changed_loans", 2, at=CREATED + 2),
    ]
    delivered = review(records, now=CREATED + greatest + 1)
    assert delivered.given_up() == [("1", "1", 1, "RecordAgeExceeded")]
    assert reviewed(wiring, (1, 2)) == [2]


@pytest.fixture
def decided(wiring):
    """A loan is late, and its review is stored; the ids in ``poisoned`` cannot be read."""
    readable, wiring.poisoned = wiring.loans.outboxes, set()

    def outboxes(loan_id):
        if loan_id in wiring.poisoned:
            raise ValueError("broken")
        return readable(loan_id)

    wiring.loans.outboxes = outboxes

    def decided(loan_id) -> None:
        loan = a_loan(loan_id)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        result = review_at(loan, a_state(loan), DEFAULT_POLICY, FIRST_DUE + timedelta(days=1))
        wiring.loans.save_state(result.state, loan, result.outbox)

    return decided


def test_a_poisoned_outbox_is_given_up_alone_and_every_other_is_routed(
    route, changed, decided, wiring
) -> None:
    for number in range(1, LOANS + 1):
        decided(f"N-{number}")
    wiring.poisoned.add(f"N-{POISON}")
    delivered = route([changed("route_changes.case_opens", n) for n in range(1, LOANS + 1)])
    assert delivered.given_up() == [(str(POISON), str(POISON), 1, "RetryAttemptsExhausted")]
    expected = {f"N-{number}-C1" for number in range(1, LOANS + 1) if number != POISON}
    assert set(wiring.workflow.started) == expected
    assert len(wiring.queue.wakes) == LOANS - 1


def test_what_waits_for_a_loan_is_carried_out_once_however_often_it_changed(
    route, changed, decided, wiring
) -> None:
    decided("N-7")
    records = [changed("route_changes.case_opens", number, "N-7") for number in range(1, 301)]
    assert route(records).failures == []
    assert len(wiring.queue.wakes) == 1
    assert [each.name for each in wiring.bus.events] == [
        *("StandingChanged", "SegmentChanged", "TaskOpened"),
    ]


def test_what_fails_at_first_is_carried_out_later_and_nothing_twice(
    route, changed, decided, wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, LOANS + 1):
        decided(f"N-{number}")
    start, calls = wiring.workflow.start, []

    def start_or_fail(loan_id, signal) -> None:
        calls.append(loan_id)
        if loan_id == "N-20" and calls.count("N-20") < 3:
            raise RuntimeError("throttled")
        start(loan_id, signal)

    monkeypatch.setattr(wiring.workflow, "start", start_or_fail)
    delivered = route([changed("route_changes.case_opens", n) for n in range(1, LOANS + 1)])
    assert delivered.failures == []
    assert len(wiring.queue.wakes) == len(wiring.workflow.started) == LOANS


def test_only_states_with_something_to_carry_out_are_delivered(route, changed) -> None:
    records = [changed("route_changes.case_opens", number) for number in range(1, 5)]
    del records[0]["dynamodb"]["NewImage"]
    del records[1]["dynamodb"]["NewImage"]["listed_by"]
    records[2]["dynamodb"]["Keys"]["sk"]["S"] = "LOAN"  # on the list of contracts
    delivered = route(records)
    assert [numbers for _, numbers in delivered.batches] == [("4",)]


def test_the_place_of_what_was_given_up_is_enough_to_find_it(
    route, changed, decided, wiring
) -> None:
    decided("N-9")
    wiring.poisoned.add("N-9")
    record = changed("route_changes.case_opens", 9)
    (failure,) = route([record]).failures
    place = failure["DDBStreamBatchInfo"]
    assert place["streamArn"] == record["eventSourceARN"]
    assert place["startSequenceNumber"] == place["endSequenceNumber"] == "9"
    assert place["approximateArrivalOfFirstRecord"] == "2026-02-02T02:40:00Z"
