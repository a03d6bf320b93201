"""The case repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.case_repository import DynamoDbCaseRepository
from recovery.domain.cases.approval import DecisionKind, PendingDecision
from recovery.domain.cases.record import CaseRecord, Step, close, place_of
from recovery.domain.cases.signals import Signal
from recovery.ports.cases import CaseRepository
from recovery.ports.shared import StaleWriteError
from tests.builders import an_actor
from tests.fakes import FakeCaseRepository

MARCH = date(2026, 3, 9)
FULL = CaseRecord(
    case_id="L-1-C1",
    loan_id="L-1",
    stage="early_management",
    execution_id="arn:aws:states:eu-west-1:1:execution:case:L-1-C1",
    task_token="t" * 800,
    advisor_task="Call kindly",
    pending=(
        Signal("L-1-C1#2", "L-1-C1", "prevention", "paid", MARCH, 1),
        Signal("L-1-C1#3", "L-1-C1", "continue_as_new", "old", MARCH, 2, False, 2, "prevention"),
    ),
    last_received=3,
    path=(Step("early_management", MARCH, "8 days delinquent, 115.00 EUR overdue"),),
)


@pytest.fixture(params=["fake", "dynamodb"])
def repository(request: pytest.FixtureRequest) -> CaseRepository:
    if request.param == "fake":
        return FakeCaseRepository()
    request.getfixturevalue("table")
    return DynamoDbCaseRepository("umoja")


def test_a_case_not_on_record_loads_as_empty(repository: CaseRepository) -> None:
    assert repository.load("L-1", "L-1-C1") == CaseRecord("L-1-C1", "L-1")
    assert repository.cases_of("L-1") == []


@pytest.mark.parametrize("record", [FULL, CaseRecord("L-1-C1", "L-1", outcome="cured")])
def test_a_saved_record_loads_one_version_higher(
    repository: CaseRepository, record: CaseRecord
) -> None:
    repository.save(record)
    assert repository.load("L-1", "L-1-C1") == replace(record, version=1)
    repository.save(replace(record, version=1, stage="filing"))
    assert repository.load("L-1", "L-1-C1") == replace(record, version=2, stage="filing")


def test_a_stale_record_changes_nothing(repository: CaseRepository) -> None:
    repository.save(FULL)
    for version in (0, 2):
        with pytest.raises(StaleWriteError, match="L-1-C1"):
            repository.save(replace(FULL, version=version, outcome="cured"))
    assert repository.load("L-1", "L-1-C1") == replace(FULL, version=1)


def test_the_cases_of_a_loan_are_listed_in_order(repository: CaseRepository) -> None:
    for number in (10, 2, 1):
        repository.save(CaseRecord(f"L-1-C{number}", "L-1"))
    repository.save(CaseRecord("L-10-C1", "L-10"))
    assert [each.case_id for each in repository.cases_of("L-1")] == ["L-1-C1", "L-1-C2", "L-1-C10"]


def an_open_case(number: int, on: date = MARCH) -> CaseRecord:
    step = Step("early_management", on, "8 days delinquent")
    return CaseRecord(f"L-{number}-C1", f"L-{number}", stage=step.stage, path=(step,))


def ids(repository: CaseRepository, stage: str, after: str | None = None) -> list[str]:
    return [each.case_id for each in repository.open_cases(stage, after)]


def test_open_cases_are_listed_by_stage_the_longest_in_it_first(repository: CaseRepository) -> None:
    assert ids(repository, "early_management") == []
    for number in range(130):  # more than one page
        repository.save(an_open_case(number, MARCH - timedelta(days=number)))
    in_order = [f"L-{number}-C1" for number in reversed(range(130))]
    assert ids(repository, "early_management") == in_order
    place = place_of(an_open_case(2, MARCH - timedelta(days=2)))
    assert ids(repository, "early_management", place) == ["L-1-C1", "L-0-C1"]


def test_a_case_changes_its_list_with_its_stage_and_leaves_it_when_it_ends(
    repository: CaseRepository,
) -> None:
    repository.save(an_open_case(1))
    known = repository.load("L-1", "L-1-C1")
    filing = Step("filing", MARCH, "approved")
    repository.save(replace(known, stage="filing", path=(*known.path, filing)))
    assert (ids(repository, "early_management"), ids(repository, "filing")) == ([], ["L-1-C1"])
    settled = Step("settled", MARCH, "settled by a person")
    repository.save(close(repository.load("L-1", "L-1-C1"), "settled", settled))
    assert ids(repository, "filing") == []


def test_the_cases_of_another_institution_are_not_listed(table: str) -> None:
    DynamoDbCaseRepository("umoja").save(an_open_case(1))
    assert ids(DynamoDbCaseRepository("casa"), "early_management") == []


def asked(**changes: object) -> PendingDecision:
    decision = PendingDecision(
        decision_id="L-1-C1#4-judicial_approval",
        kind=DecisionKind.JUDICIAL_APPROVAL,
        loan_id="L-1",
        case_id="L-1-C1",
        asked_by=an_actor(),
        asked_at=datetime(2026, 3, 9, 12, tzinfo=UTC),
        reason="Every option was offered.",
    )
    return replace(decision, **changes)  # type: ignore[arg-type]


DECIDED = {
    "decided_by": an_actor("Grace Njeri", typed=True),
    "decided_at": datetime(2026, 3, 10, 9, 30, tzinfo=UTC),
    "outcome": "approved",
    "decided_because": "I agree.",
}


def test_a_decision_is_asked_once_and_decided_once(repository: CaseRepository) -> None:
    decision_id = asked().decision_id
    assert repository.decision("L-1", decision_id) is None
    for _ in range(2):
        repository.save_decision(asked())
    assert repository.decision("L-1", decision_id) == asked()
    with pytest.raises(StaleWriteError):
        repository.save_decision(asked(asked_by=an_actor("Luz Mendoza")))
    for _ in range(2):
        repository.save_decision(asked(**DECIDED))
    assert repository.decisions_of("L-1") == [asked(**DECIDED)]
    for other in (asked(), asked(**DECIDED | {"outcome": "declined"})):
        with pytest.raises(StaleWriteError):
            repository.save_decision(other)
    assert repository.decision("L-1", decision_id) == asked(**DECIDED)


def test_questions_that_wait_are_listed_by_kind_until_they_are_answered(
    repository: CaseRepository,
) -> None:
    assert repository.pending_decisions(DecisionKind.WRITE_OFF) == []
    asked_at = datetime(2026, 3, 9, 12, tzinfo=UTC)
    written = [
        asked(
            decision_id=f"L-{number}-W3",
            loan_id=f"L-{number}",
            case_id=f"L-{number}-C1",
            kind=DecisionKind.WRITE_OFF,
            asked_at=asked_at - timedelta(days=number),
            amount_minor=number or None,
        )
        for number in range(130)  # more than two requests
    ]
    for each in (*written, asked()):
        repository.save_decision(each)
    assert repository.pending_decisions(DecisionKind.WRITE_OFF) == written[::-1]
    assert repository.pending_decisions(DecisionKind.JUDICIAL_APPROVAL) == [asked()]
    repository.save_decision(replace(written[5], **DECIDED))  # type: ignore[arg-type]
    assert written[5] not in repository.pending_decisions(DecisionKind.WRITE_OFF)
    assert len(repository.pending_decisions(DecisionKind.WRITE_OFF)) == 129


def test_the_questions_of_another_institution_are_not_listed(table: str) -> None:
    DynamoDbCaseRepository("umoja").save_decision(asked())
    assert DynamoDbCaseRepository("casa").pending_decisions(asked().kind) == []


def test_a_case_that_does_not_wait_for_repair_has_no_repair(repository: CaseRepository) -> None:
    assert repository.repair("L-1", "L-1-C1") is None
    assert repository.waiting_repairs(0, date(2030, 1, 1)) == []


def test_a_repair_that_the_execution_recorded_is_found_until_it_ends(table: str) -> None:
    """recovery_case.asl.json writes the item."""
    signal = {
        "id": "L-1-C1#2", "institution_id": "umoja", "shard": 3, "to": "judicial_recovery",
        "reason": "91 days", "as_of": "2026-03-09", "policy_version": 3,
    }  # fmt: skip
    item = {
        "pk": "LOAN#umoja#L-1", "sk": "REPAIR#L-1-C1", "repair_token": "token",
        "repair_signal": json.dumps(signal), "repair_failure": "KeyError",
        "listed_in": "REPAIRS#umoja#3", "listed_by": "2026-03-09",
    }  # fmt: skip
    raw = {name: {"S": value} for name, value in item.items()}
    aws.client("dynamodb").put_item(TableName=table, Item=raw)
    repository = DynamoDbCaseRepository("umoja")
    repair = repository.repair("L-1", "L-1-C1")
    assert repair and (repair.signal.to, repair.failure) == ("judicial_recovery", "KeyError")
    assert repository.waiting_repairs(3, date(2026, 3, 9)) == []
    assert repository.waiting_repairs(3, date(2026, 3, 10)) == [("L-1", "L-1-C1")]
    repository.end_repair(replace(repair, task_token="an older token"))
    assert repository.repair("L-1", "L-1-C1") == repair
    repository.end_repair(repair)
    assert repository.repair("L-1", "L-1-C1") is None
    assert repository.waiting_repairs(3, date(2026, 3, 10)) == []
