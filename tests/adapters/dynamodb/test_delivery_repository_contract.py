"""The delivery repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recovery.adapters.dynamodb.delivery_repository import DynamoDbDeliveryRepository
from recovery.domain.intake.held_contacts import Answered, Delivered, HeldContacts
from recovery.ports.intake import DeliveryNotFoundError, DeliveryRepository
from recovery.ports.shared import StaleWriteError
from tests.builders import an_actor
from tests.fakes import FakeDeliveryRepository

MARCH = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
HELD = HeldContacts(
    delivery_id="D-1",
    source="core",
    as_of=MARCH,
    people=40,
    reasons=("changes too many",),
    sample=("B-1", "B-2"),
    asked_at=NOW,
)


@pytest.fixture(params=["fake", "dynamodb"])
def repository(request: pytest.FixtureRequest) -> DeliveryRepository:
    if request.param == "fake":
        return FakeDeliveryRepository()
    request.getfixturevalue("table")
    return DynamoDbDeliveryRepository("umoja")


def delivered(delivery_id: str, day: int, source: str = "core") -> Delivered:
    return Delivered(source=source, as_of=date(2026, 3, day), delivery_id=delivery_id)


def test_the_newest_delivery_of_each_source_is_known(repository: DeliveryRepository) -> None:
    assert repository.last("core") is None
    repository.save_last(delivered("D-1", 9))
    repository.save_last(delivered("D-0", 8))  # late
    assert repository.last("core") == delivered("D-1", 9)
    repository.save_last(delivered("D-2", 9))
    repository.save_last(delivered("D-3", 1, "branch"))
    assert repository.last("core") == delivered("D-2", 9)
    assert repository.last("branch") == delivered("D-3", 1, "branch")


def test_a_question_is_kept_with_its_answer(repository: DeliveryRepository) -> None:
    with pytest.raises(DeliveryNotFoundError, match="D-1"):
        repository.held("D-1")
    repository.save_held(HELD)
    assert repository.held("D-1") == HELD
    answered = replace(HELD, accepted=Answered(an_actor(), NOW, "A merger."))
    repository.save_held(answered, HELD)
    repository.save_held(replace(HELD, delivery_id="D-0"))
    assert repository.held("D-1") == answered
    assert repository.all_held() == [replace(HELD, delivery_id="D-0"), answered]


def test_a_question_is_asked_and_answered_once(repository: DeliveryRepository) -> None:
    repository.save_held(HELD)
    with pytest.raises(StaleWriteError):
        repository.save_held(replace(HELD, people=41))
    answered = replace(HELD, accepted=Answered(an_actor(), NOW, "A merger."))
    repository.save_held(answered, HELD)
    with pytest.raises(StaleWriteError):
        repository.save_held(replace(HELD, rolled_back=answered.accepted), HELD)
    assert repository.held("D-1") == answered
