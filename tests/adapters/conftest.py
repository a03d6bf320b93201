"""In-memory AWS (moto), with the table as deployed and dummy credentials."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from recovery.adapters import aws
from recovery.adapters.dynamodb import items
from tests.in_memory_aws import stay_in_memory

TABLE = "recovery"


@pytest.fixture
def in_memory_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    stay_in_memory(monkeypatch)
    with mock_aws():
        yield


@pytest.fixture
def table(in_memory_aws: None) -> str:
    """An empty table like infra/shared/loan_table.py, with every item class bound to it."""
    indexes = {
        "due": ("due_shard", "next_review_on"),
        "lists": ("listed_in", "listed_by"),
    }
    attributes = {"pk", "sk", *(name for index in indexes.values() for name in index)}
    aws.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in sorted(attributes)
        ],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": name,
                "KeySchema": _keys(*keys),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for name, keys in indexes.items()
        ],
    )
    items.bind(TABLE)
    return TABLE


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
