"""The case repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.adapters.dynamodb.case_repository import DynamoDbCaseRepository
from recovery.domain.cases.record import CaseRecord, Step
from recovery.domain.cases.signals import Signal
from recovery.ports.cases import CaseRepository
from recovery.ports.shared import StaleWriteError
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
