"""The same promises of the institution book in memory and of the one in DynamoDB."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.institution_repository import DynamoDbInstitutionRepository
from recovery.domain.monitoring.buckets import Bucket
from recovery.domain.policy import DEFAULT_POLICY
from recovery.ports.institutions import InstitutionDay
from recovery.ports.shared import StaleWriteError
from tests.builders import a_policy
from tests.fakes import FakeInstitutionRepository

INSTITUTIONS = {
    "umoja": {"name": "Umoja Microfinance", "time_zone": "Africa/Nairobi"},
    "andes": {"name": "Caja Los Andes", "time_zone": "America/Lima"},
}
Book = FakeInstitutionRepository | DynamoDbInstitutionRepository


@pytest.fixture(params=["fake", "dynamodb"])
def book(request: pytest.FixtureRequest) -> Book:
    if request.param == "fake":
        return FakeInstitutionRepository(INSTITUTIONS)
    request.getfixturevalue("table")
    return DynamoDbInstitutionRepository(INSTITUTIONS)


def test_an_institution_has_the_name_and_time_zone_it_was_deployed_with(book: Book) -> None:
    assert book.name("andes") == "Caja Los Andes"
    assert book.time_zone("andes") == "America/Lima"


def test_an_institution_that_is_not_deployed_is_an_error(book: Book) -> None:
    for ask in (book.name, book.time_zone):
        with pytest.raises(LookupError, match="unknown"):
            ask("unknown")


def test_before_the_first_review_there_is_no_day_and_the_default_policy(book: Book) -> None:
    assert book.day("umoja") == InstitutionDay()
    assert book.policy("umoja", date(2026, 3, 9)) == DEFAULT_POLICY


def test_the_policy_in_force_is_the_last_effective_one(book: Book) -> None:
    buckets = (
        Bucket(name="current", min_days=0, max_days=6),
        Bucket(name="7+", min_days=7, max_days=None),
    )
    january = a_policy(version=2, effective_from=date(2026, 1, 1), grace_days=5)
    march = a_policy(version=3, effective_from=date(2026, 3, 1), buckets=buckets)
    corrected = a_policy(version=10, effective_from=date(2026, 3, 1), write_off_from_days=365)
    for policy in (corrected, january, march):
        book.save_policy("umoja", policy)
    assert book.policy("umoja", date(2025, 12, 31)) == DEFAULT_POLICY
    assert book.policy("umoja", date(2026, 1, 1)) == january
    assert book.policy("umoja", date(2026, 2, 28)) == january
    assert book.policy("umoja", date(2026, 3, 1)) == corrected
    assert book.policy("andes", date(2026, 3, 1)) == DEFAULT_POLICY
    assert book.policies("umoja") == [january, march, corrected]
    assert book.policies("andes") == []


def test_a_version_of_a_policy_is_never_overwritten(book: Book) -> None:
    policy = a_policy(version=2, grace_days=5)
    book.save_policy("umoja", policy)
    book.save_policy("umoja", policy)
    with pytest.raises(StaleWriteError):
        book.save_policy("umoja", a_policy(version=2, grace_days=6))
    assert book.policy("umoja", date(2026, 3, 1)) == policy


def test_the_day_is_what_the_daily_review_wrote(table: str) -> None:
    """With the very update expressions of its state machine."""
    book = DynamoDbInstitutionRepository(INSTITUTIONS)
    definition = Path("infra/monitoring/daily_review.asl.json").read_text(encoding="utf-8")
    days = json.loads(definition)["States"]["EachDay"]["ItemProcessor"]["States"]
    expected = {
        "OpenDay": InstitutionDay(date(2026, 3, 9), None, "replay"),
        "CloseDay": InstitutionDay(date(2026, 3, 9), date(2026, 3, 9), "replay"),
    }
    for state, day in expected.items():
        parameters = days[state]["Parameters"]
        values = {":as_of": {"S": "2026-03-09"}, ":clock": {"S": "replay"}}
        aws.client("dynamodb").update_item(
            TableName=table,
            Key={"pk": {"S": "INSTITUTION#umoja"}, "sk": parameters["Key"]["sk"]},
            UpdateExpression=parameters["UpdateExpression"],
            ExpressionAttributeValues={
                name: values[name.removesuffix(".$")]
                for name in parameters["ExpressionAttributeValues"]
            },
        )
        assert book.day("umoja") == day
