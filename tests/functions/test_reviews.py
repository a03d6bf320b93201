"""The daily review and the stream review, driven by their events."""

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from functions import plan_review, review_changed_loans, review_shard
from recovery.adapters.dynamodb.stream import BatchFailedError, loan_of
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan, UnreadableLoanError
from recovery.ports.institutions import InstitutionDay
from tests.builders import a_loan, a_state
from tests.conftest import Context


def keep(wiring, loan_id: str, next_review_on=date(2026, 2, 2), **changes) -> None:
    loan = a_loan(loan_id)
    state = a_state(loan, next_review_on=next_review_on, **changes)
    wiring.loans.add_loan(StoredLoan(loan, state), [])


def days(plan) -> list[str]:
    return [day["as_of"] for day in plan["days"]]


def test_the_first_review_plans_today_in_the_institutions_time_zone(wiring, load_event) -> None:
    wiring.clock.at = wiring.clock.at.replace(hour=22)  # 1:00 the next day in Nairobi
    plan = plan_review.handler(load_event("plan_review"), Context(), wiring)
    assert days(plan) == ["2026-02-03"]
    assert plan["days"][0]["clock"] == "wall"
    assert [shard["shard"] for shard in plan["days"][0]["shards"]] == [0]


def test_missed_days_are_planned_in_order(wiring, load_event) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 7), date(2026, 2, 7), "replay")
    plan = plan_review.handler(load_event("plan_review.replay"), Context(), wiring)
    assert days(plan) == ["2026-02-08", "2026-02-09", "2026-02-10"]
    assert {day["clock"] for day in plan["days"]} == {"replay"}


def test_a_reviewed_day_can_be_replanned_alone(wiring, load_event) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 10), date(2026, 2, 10))
    plan = plan_review.handler(load_event("plan_review.replay"), Context(), wiring)
    assert days(plan) == ["2026-02-10"]


@pytest.mark.parametrize(("shards", "planned"), [(1, 60), (16, 60), (256, 4)])
def test_a_plan_stays_within_the_state_payload_limit(wiring, load_event, shards, planned) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(date(2020, 1, 1), date(2020, 1, 1))
    wiring.settings = replace(wiring.settings, shards=shards)
    plan = plan_review.handler(load_event("plan_review.replay"), Context(), wiring)
    assert days(plan)[0] == "2020-01-02"
    assert len(days(plan)) == planned
    assert len(str(plan).replace("umoja", "i" * 63)) < 220_000


def test_a_replay_is_refused_where_the_deployment_does_not_allow_it(wiring, load_event) -> None:
    wiring.settings = replace(wiring.settings, replay_allowed=False)
    with pytest.raises(RefusedError, match="clock"):
        plan_review.handler(load_event("plan_review.replay"), Context(), wiring)


def test_only_a_replay_accepts_a_future_date(wiring, load_event) -> None:
    event = load_event("plan_review.replay")
    assert days(plan_review.handler(event, Context(), wiring)) == ["2026-02-10"]
    with pytest.raises(RefusedError, match="in the future"):
        plan_review.handler({**event, "clock": "wall"}, Context(), wiring)


def test_the_first_shard_measures_what_waits_for_people(wiring, load_event, capsys) -> None:
    review_shard.handler(load_event("review_shard"), Context(), wiring)
    measured = json.loads(capsys.readouterr().out.splitlines()[-1])
    waiting = ("PromisesDueToday", "AnswersDue", "OldestApprovalDays", "OldestUnownedTaskDays")
    assert [measured[name] for name in waiting] == [[0.0]] * 4


def test_a_shard_reviews_only_due_loans(wiring, load_event) -> None:
    keep(wiring, "L-1")
    keep(wiring, "L-2", date(2026, 2, 3))
    answer = review_shard.handler(load_event("review_shard"), Context(), wiring)
    assert (answer["reviewed"], answer["failed"], answer["more"]) == (1, 0, False)
    assert wiring.loans.load("L-1").state.standing.days_past_due == 1
    again = review_shard.handler(load_event("review_shard"), Context(), wiring)
    assert again["reviewed"] == 0


def test_a_loan_that_cannot_be_evaluated_does_not_stop_the_others(wiring, load_event) -> None:
    keep(wiring, "L-1")
    keep(wiring, "L-2", position=None)
    failures = []
    wiring.failed_reviews = SimpleNamespace(put=lambda **failure: failures.append(failure))
    answer = review_shard.handler(load_event("review_shard"), Context(), wiring)
    assert (answer["reviewed"], answer["failed"]) == (1, 1)
    assert (failures[0]["loan_id"], failures[0]["as_of"]) == ("L-2", "2026-02-02")


def test_a_loan_that_cannot_be_read_does_not_stop_the_others(
    wiring, load_event, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(wiring, "L-1")
    keep(wiring, "L-2")
    load_many = wiring.loans.load_many

    def load_or_break(loan_ids):
        if "L-2" in loan_ids:
            raise ValueError("not JSON")
        return load_many(loan_ids)

    monkeypatch.setattr(wiring.loans, "load_many", load_or_break)
    failures = []
    wiring.failed_reviews = SimpleNamespace(put=lambda **failure: failures.append(failure))
    answer = review_shard.handler(load_event("review_shard"), Context(), wiring)
    assert (answer["reviewed"], answer["failed"]) == (1, 1)
    assert failures == [
        {
            "institution_id": "umoja",
            "loan_id": "L-2",
            "as_of": "2026-02-02",
            "error": "ValueError('not JSON')",
        }
    ]


def test_a_shard_out_of_time_reports_more(wiring, load_event) -> None:
    keep(wiring, "L-1")
    answer = review_shard.handler(load_event("review_shard"), Context(5_000), wiring)
    assert (answer["reviewed"], answer["more"]) == (0, True)


def test_each_changed_loan_is_reviewed_once_at_the_business_date(wiring, load_event) -> None:
    keep(wiring, "L-1")
    keep(wiring, "L-2")
    wiring.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 9))
    answer = review_changed_loans.handler(load_event("review_changed_loans"), Context(), wiring)
    assert answer == {"batchItemFailures": []}
    assert wiring.loans.load("L-1").state.standing.days_past_due == 8
    assert wiring.loans.load("L-1").state.version == a_state().version + 1


def test_only_the_records_of_a_failed_loan_are_retried(wiring, load_event) -> None:
    keep(wiring, "L-1")
    keep(wiring, "L-2", position=None)
    answer = review_changed_loans.handler(load_event("review_changed_loans"), Context(), wiring)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "102"}]}


def test_a_loan_changed_during_its_review_is_reviewed_again(
    wiring, load_event, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(wiring, "L-1")
    load_many = wiring.loans.load_many

    def load_and_lose_the_race(loan_ids):
        stored = load_many(loan_ids)
        monkeypatch.setattr(wiring.loans, "load_many", load_many)
        review_changed_loans.handler(load_event("review_changed_loans"), Context(), wiring)
        return stored

    monkeypatch.setattr(wiring.loans, "load_many", load_and_lose_the_race)
    answer = review_changed_loans.handler(load_event("review_changed_loans"), Context(), wiring)
    assert answer == {"batchItemFailures": []}
    assert wiring.loans.load("L-1").state.version == a_state().version + 2


def test_on_the_stream_a_record_without_keys_fails_alone(wiring, load_event) -> None:
    keep(wiring, "L-1")
    event = load_event("review_changed_loans")
    broken = {**event["Records"][0], "dynamodb": {"SequenceNumber": "999"}}
    event["Records"] = [broken, *event["Records"]]
    answer = review_changed_loans.handler(event, Context(), wiring)
    assert {"itemIdentifier": "999"} in answer["batchItemFailures"]
    assert wiring.loans.load("L-1").state.standing is not None


def test_on_the_stream_an_unreadable_loan_fails_alone(wiring, load_event, monkeypatch) -> None:
    keep(wiring, "L-1")
    readable = wiring.loans.load_many

    def load_many(loan_ids):
        if "L-2" in loan_ids:
            raise UnreadableLoanError("L-2")
        return readable(loan_ids)

    monkeypatch.setattr(wiring.loans, "load_many", load_many)
    event = load_event("review_changed_loans")
    record = json.dumps(event["Records"][0])
    event["Records"] = [
        json.loads(record.replace(loan_of(json.loads(record)).loan_id, loan_id))
        for loan_id in ("L-2", "L-1")
    ]
    event["Records"][0]["dynamodb"]["SequenceNumber"] = "998"
    answer = review_changed_loans.handler(event, Context(), wiring)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "998"}]}
    assert wiring.loans.load("L-1").state.standing is not None


def test_a_batch_in_which_nothing_worked_fails_as_a_whole(wiring, load_event, monkeypatch) -> None:
    def unreadable(_):
        raise UnreadableLoanError("L-1")

    monkeypatch.setattr(wiring.loans, "load_many", unreadable)
    with pytest.raises(BatchFailedError):
        review_changed_loans.handler(load_event("review_changed_loans"), Context(), wiring)
