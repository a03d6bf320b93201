"""The institution repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.codec import policy_to_json
from recovery.adapters.dynamodb.institution_repository import DynamoDbInstitutionRepository
from recovery.adapters.dynamodb.items import PolicyItem
from recovery.domain.monitoring.buckets import Bucket
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.shared.actor import Role
from recovery.ports.institutions import InstitutionDay, InstitutionNotFoundError
from recovery.ports.shared import StaleWriteError
from tests.builders import a_policy, an_actor, an_institution
from tests.fakes import FakeInstitutionRepository

INSTITUTIONS = (
    an_institution(),
    an_institution("andes", name="Caja Los Andes", time_zone="America/Lima"),
)
Repository = FakeInstitutionRepository | DynamoDbInstitutionRepository


@pytest.fixture(params=["fake", "dynamodb"])
def repository(request: pytest.FixtureRequest) -> Repository:
    if request.param == "fake":
        return FakeInstitutionRepository(*INSTITUTIONS)
    request.getfixturevalue("table")
    stored = DynamoDbInstitutionRepository()
    for each in INSTITUTIONS:
        stored.save(each)
    return stored


def test_institutions_are_listed_and_found(repository: Repository) -> None:
    assert repository.list_ids() == ["andes", "umoja"]
    assert repository.find("andes") == INSTITUTIONS[1]
    assert repository.name("andes") == "Caja Los Andes"
    assert repository.time_zone("andes") == "America/Lima"


def test_what_messages_say_of_an_institution_is_kept(repository: Repository) -> None:
    said = {"phone": "+34900000000", "pay_account": "ES91 2100", "pay_link": "https://p.example"}
    umoja = an_institution(**said, debt_advice="Nibud")
    repository.save(umoja)
    assert repository.find("umoja") == umoja
    repository.save(an_institution())
    assert repository.find("umoja") == an_institution()


def test_an_institution_not_on_record_is_not_found(repository: Repository) -> None:
    for read in (repository.find, repository.name, repository.time_zone):
        with pytest.raises(InstitutionNotFoundError, match="unknown"):
            read("unknown")


def test_a_seed_keeps_what_is_on_record_and_a_change_replaces_it(repository: Repository) -> None:
    renamed = an_institution("andes", name="Los Andes", time_zone="America/Lima")
    assert not repository.save(renamed, only_if_new=True)
    assert repository.name("andes") == "Caja Los Andes"
    assert repository.save(renamed)
    assert repository.find("andes") == renamed
    assert repository.save(an_institution("new"), only_if_new=True)
    assert repository.list_ids() == ["andes", "new", "umoja"]


def test_a_new_institution_has_no_day_and_the_default_policy(
    repository: Repository,
) -> None:
    assert repository.day("umoja") == InstitutionDay()
    assert repository.policy("umoja", date(2026, 3, 9)) == DEFAULT_POLICY


def test_the_policy_in_force_is_the_latest_effective_one(repository: Repository) -> None:
    buckets = (
        Bucket(name="current", min_days=0, max_days=6),
        Bucket(name="7+", min_days=7, max_days=None),
    )
    january = a_policy(version=2, effective_from=date(2026, 1, 1), grace_days=5)
    march = a_policy(version=3, effective_from=date(2026, 3, 1), buckets=buckets)
    corrected = a_policy(version=10, effective_from=date(2026, 3, 1), write_off_from_days=365)
    for policy in (corrected, january, march):
        repository.save_policy("umoja", policy)
    assert repository.policy("umoja", date(2025, 12, 31)) == DEFAULT_POLICY
    assert repository.policy("umoja", date(2026, 1, 1)) == january
    assert repository.policy("umoja", date(2026, 2, 28)) == january
    assert repository.policy("umoja", date(2026, 3, 1)) == corrected
    assert repository.policy("andes", date(2026, 3, 1)) == DEFAULT_POLICY
    assert repository.policies("umoja") == [january, march, corrected]
    assert repository.policies("andes") == []


def test_a_policy_version_is_never_overwritten(repository: Repository) -> None:
    policy = a_policy(version=2, grace_days=5)
    repository.save_policy("umoja", policy)
    repository.save_policy("umoja", policy)
    with pytest.raises(StaleWriteError):
        repository.save_policy("umoja", a_policy(version=2, grace_days=6))
    assert repository.policy("umoja", date(2026, 3, 1)) == policy


def test_a_policy_stored_before_a_field_existed_can_be_saved_again(table: str) -> None:
    repository, policy = DynamoDbInstitutionRepository(), a_policy(version=2)
    stored = json.loads(policy_to_json(policy))
    del stored["cases"]["judicial_approvals"]
    key = keys.policy_key(policy.effective_from, 2)
    PolicyItem(keys.institution_key("umoja"), key, document=json.dumps(stored)).save()
    repository.save_policy("umoja", policy)
    assert repository.policies("umoja") == [policy]
    with pytest.raises(StaleWriteError):
        repository.save_policy("umoja", a_policy(version=2, judicial_approvals=1))


def test_the_day_reads_what_the_daily_review_writes(table: str) -> None:
    """Uses the update expressions of the actual state machine."""
    repository = DynamoDbInstitutionRepository()
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
        assert repository.day("umoja") == day


def test_people_are_kept_by_institution(repository: Repository) -> None:
    assert repository.actors("umoja") == []
    repository.save_actor("umoja", an_actor("Ana Torres"))
    promoted = an_actor("Ana Torres", Role.SUPERVISOR, Role.TRAINED)
    repository.save_actor("umoja", promoted)
    repository.save_actor("umoja", an_actor("Grace Njeri", Role.ADVISOR))
    assert repository.actors("umoja") == [promoted, an_actor("Grace Njeri", Role.ADVISOR)]
    assert repository.actors("andes") == []
