"""The relief repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recovery.adapters.dynamodb.relief_repository import DynamoDbReliefRepository
from recovery.domain.shared.errors import IdTakenError
from recovery.ports.reliefs import ReliefRepository
from tests.domain.agreements.test_relief_rule import RULE
from tests.fakes import FakeReliefRepository


@pytest.fixture(params=["fake", "dynamodb"])
def reliefs(request: pytest.FixtureRequest) -> ReliefRepository:
    if request.param == "fake":
        return FakeReliefRepository()
    request.getfixturevalue("table")
    return DynamoDbReliefRepository("umoja")


def test_a_rule_goes_on_record_once_and_never_changes(reliefs: ReliefRepository) -> None:
    assert reliefs.find(RULE.relief_id) is None and reliefs.all() == []
    assert reliefs.save(RULE) is True
    assert reliefs.save(RULE) is False
    with pytest.raises(IdTakenError):
        reliefs.save(replace(RULE, months=4))
    assert reliefs.find(RULE.relief_id) == RULE


def test_they_are_listed_by_id(reliefs: ReliefRepository) -> None:
    other = replace(RULE, relief_id="drought", largest_turnover_minor=5, currency="EUR")
    for each in (RULE, other):
        reliefs.save(each)
    assert reliefs.all() == [other, RULE]
