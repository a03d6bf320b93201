"""Client cost of one loan's daily review, compared with bare requests and plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import boto3
import pytest

from recovery.adapters.dynamodb import items
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from recovery.ports.accounting import StoredLoan
from tests.benchmarks.measuring import cpu_seconds, print_table
from tests.benchmarks.stub_table import StubTable, item_bytes
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state, months_after
from tests.in_memory_aws import stay_in_memory

pytestmark = pytest.mark.benchmark

TABLE = "recovery"
LOANS = 50  # as many as a review reads at once
PAID = 18
AS_OF = date(2027, 8, 1)  # the nineteenth instalment is due today
WEEK = timedelta(days=7)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubTable]:
    stay_in_memory(monkeypatch)
    items.bind(TABLE)
    client = table_connection(items.Item).connection.client
    stub = StubTable(TABLE)
    stub.listen(client)
    yield stub
    stub.leave(client)


def a_kept_loan(number: int, *, paid: int = PAID) -> StoredLoan:
    """Make a loan with 24 instalments, the first ones paid on time."""
    loan = a_loan(f"L{number:06}", instalments=24)
    payments = [
        a_payment(f"{loan.loan_id}-P{n:03}", value_date=months_after(FIRST_DUE, n))
        for n in range(paid)
    ]
    state = a_state(loan, payments)
    before_due = loan.schedule[paid].due_date - WEEK
    return StoredLoan(loan, review(loan, state, DEFAULT_POLICY, before_due).state)


def test_a_review_compared_with_bare_requests(table: StubTable) -> None:
    repository = DynamoDbLoanRepository("umoja", shards=16)
    stored = {f"L{number:06}": a_kept_loan(number) for number in range(LOANS)}
    for each in stored.values():
        repository.add_loan(each, [])
    table.prepare()
    ids = list(stored)
    read = repository.load_many(ids)
    assert {each.loan.loan_id: each for each in read} == stored
    reviews = [review(each.loan, each.state, DEFAULT_POLICY, AS_OF) for each in read]

    def write() -> None:
        for each, result in zip(read, reviews, strict=True):
            repository.save_state(result.state, each.loan, result.outbox)

    table.put.clear()
    write()
    written = list(table.put)
    assert len(written) == LOANS  # one item per loan

    client = boto3.client("dynamodb")
    table.listen(client)
    by_loan = [
        {"pk": {"S": f"LOAN#umoja#{each}"}, "sk": {"S": sk}} for each in ids for sk in SORT_KEYS
    ]
    request = {TABLE: {"Keys": by_loan, "ConsistentRead": True}}

    def read_plainly() -> list[dict[str, object]]:
        answer = client.batch_get_item(RequestItems=request, ReturnConsumedCapacity="TOTAL")
        return [_parsed(item) for item in answer["Responses"][TABLE]]

    parsed = [_parsed(item) for item in written]

    def write_plainly() -> None:
        for item, values in zip(written, parsed, strict=True):
            client.put_item(
                TableName=TABLE,
                Item={name: _typed(name, item, value) for name, value in values.items()},
                ConditionExpression="#v = :v",
                ExpressionAttributeNames={"#v": "version"},
                ExpressionAttributeValues={":v": {"N": "2"}},
                ReturnConsumedCapacity="TOTAL",
            )

    table.put.clear()
    write_plainly()
    assert table.put == written  # the same items either way
    assert len(read_plainly()) == 2 * LOANS

    table.keeps = False
    taken = cpu_seconds(
        {
            "read": lambda: repository.load_many(ids),
            "rule": lambda: [review(k.loan, k.state, DEFAULT_POLICY, AS_OF) for k in read],
            "write": write,
            "read plainly": read_plainly,
            "write plainly": write_plainly,
        }
    )
    _print_costs(taken)


SORT_KEYS = ("LOAN", "STATE")
JSON_TEXTS = ("schedule", "accounting", "monitoring", "cases", "contact", "agreements")


def _parsed(item: dict[str, dict[str, str]]) -> dict[str, object]:
    return {
        name: json.loads(value) if name in JSON_TEXTS else value
        for name, typed in item.items()
        for value in typed.values()
    }


def _typed(name: str, item: dict[str, dict[str, str]], value: object) -> dict[str, object]:
    [kind] = item[name]
    if name in JSON_TEXTS:
        value = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return {kind: value}


def _print_costs(taken: dict[str, float]) -> None:
    floors = {name: taken.get(f"{name} plainly") for name in ("read", "rule", "write")}
    total = sum(taken[name] for name in floors)
    bare = taken["read plainly"] + taken["write plainly"]
    rows = [
        (name, taken[name] / LOANS * 1e6, f"{taken[name] / total:.0%}", _ratio(taken[name], floor))
        for name, floor in floors.items()
    ]
    rows.append(("total", total / LOANS * 1e6, "100%", _ratio(total, bare)))
    print_table(
        "Reviewing a healthy loan (24 instalments, 18 paid): client CPU, no network",
        ("part", "us per loan", "share", "/ bare requests"),
        rows,
    )


def _ratio(taken: float, floor: float | None) -> str:
    return f"{taken / floor:.2f}" if floor else "-"


@pytest.mark.parametrize("paid", [0, PAID, 23])
def test_a_healthy_loan_reads_two_small_items_and_writes_one(table: StubTable, paid: int) -> None:
    repository, stored = DynamoDbLoanRepository("umoja", shards=16), a_kept_loan(1, paid=paid)
    repository.add_loan(stored, [])
    assert len(table.items) == 3  # contract, state, and the link from the person
    loan_item = table.items["LOAN#umoja#L000001", "LOAN"]
    due = stored.loan.schedule[paid].due_date
    result = review(stored.loan, stored.state, DEFAULT_POLICY, due)
    table.put.clear()
    repository.save_state(result.state, stored.loan, result.outbox)
    [state_item] = table.put
    state, outbox = item_bytes(state_item, without="outbox"), item_bytes(state_item)
    assert state <= 1024
    print_table(
        f"Bytes per loan, {paid} of 24 instalments paid",
        ("item", "bytes"),
        [
            ("LOAN, read", item_bytes(loan_item)),
            ("STATE, read and written", state),
            ("outbox, written with it", outbox - state),
        ],
    )
