"""What 0.1.0 stored is carried over to keys that begin with the institution."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb import migration
from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.case_repository import DynamoDbCaseRepository
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.payment_repository import DynamoDbPaymentRepository
from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.cases.stages import Stage

SHARDS = 4
OUTBOX = {
    "outbox_id": "2026-02-02#7",
    "as_of": "2026-02-02",
    "policy_version": 1,
    "signal": {
        "signal_id": "L-1-C1#1",
        "case_id": "L-1-C1",
        "to": "early_management",
        "reason": "1 days delinquent",
        "as_of": "2026-02-02",
        "policy_version": 1,
        "opens": True,
    },
    "messages": [{"mark": "due_today-0", "kind": "due_today", "subject": "2026-02-01"}],
    "standing_changed": True,
}
CASE = ["L-1-C1", "2026-02-02", "early_management", "2026-02-02", None, None, None, 1, 1, None, 1]


def old_items() -> list[dict[str, object]]:
    """A loan with a payment, an open case, a timeline and a borrower, as 0.1.0 stored them."""
    return [
        {
            "pk": "LOAN#L-1", "sk": "LOAN", "institution_id": "umoja", "portfolio": "2026",
            "borrower_id": "umoja/B-1", "currency": "EUR", "disbursed_on": "2026-01-02",
            "schedule": '[[1,"2026-02-01",100,0,0,0],[2,"2026-03-01",100,0,0,0]]',
            "schedule_version": 1, "advisor_name": "Peter Otieno",
        },
        {
            "pk": "LOAN#L-1", "sk": "STATE", "version": 7, "institution_id": "umoja",
            "due_shard": "umoja#3", "next_review_on": "2026-02-09", "cases": 1,
            "position": "[2,0,20260131,[[40,0,0,0,null]]]", "case": json.dumps(CASE),
            "asked": '{"due_today-0":"2026-02-01"}', "outbox": json.dumps(OUTBOX),
        },
        {
            "pk": "LOAN#L-1", "sk": "PAYMENT#P-1", "value_date": "2026-01-31", "amount_minor": 40,
            "currency": "EUR", "fingerprint": "f", "receipt": "{}",
        },
        {"pk": "PAYMENT#P-1", "sk": "PAYMENT", "loan_id": "L-1"},
        {
            "pk": "LOAN#L-1", "sk": "CASE#L-1-C1", "version": 2, "stage": "early_management",
            "execution_id": "arn:1", "task_token": "token", "last_received": 1, "pending": "[]",
            "path": '[["early_management","2026-02-02","1 days delinquent"]]',
        },
        {"pk": "TIMELINE#L-1", "sk": "2026-02-02#stage#x", "text": "early management"},
        {
            "pk": "BORROWER#umoja/B-1", "sk": "BORROWER", "version": 3, "name": "Grace",
            "language": "en", "country": "KE", "time_zone": "Africa/Nairobi",
            "email": "grace@example.org", "email_consent": True, "sms_consent": False,
            "recent_contacts": '["2026-02-01"]',
        },
        {
            "pk": "BORROWER#umoja/B-1", "sk": "CONTACT#L-1/due_today-0/2026-02-01",
            "contacted_on": "2026-02-01", "provider_id": "0102",
        },
        {"pk": "INSTITUTION#umoja", "sk": "INSTITUTION", "business_date": "2026-02-02"},
    ]  # fmt: skip


@pytest.fixture
def old(table: str) -> str:
    from boto3.dynamodb.types import TypeSerializer

    write = TypeSerializer().serialize
    for item in old_items():
        raw = {name: write(value) for name, value in item.items()}
        aws.client("dynamodb").put_item(TableName=table, Item=raw)
    return table


def test_everything_is_moved_and_counted(old: str) -> None:
    moved = migration.migrate(old, SHARDS)
    assert moved == {"LOAN": 4, "PAYMENT": 1, "TIMELINE": 1, "BORROWER": 2, "ADDRESS": 1}
    loans, people = DynamoDbLoanRepository("umoja", SHARDS), DynamoDbBorrowerRepository("umoja")
    loan, state = loans.load("L-1").loan, loans.load("L-1").state
    assert (loan.institution_id, loan.borrower_id) == ("umoja", "B-1")
    assert state.case and state.case.target_stage is Stage.EARLY_MANAGEMENT
    assert (state.version, state.asked) == (7, {"due_today-0": date(2026, 2, 1)})
    assert [each.payment.amount_minor for each in loans.recorded("L-1").payments] == [40]
    [paid] = loans.recorded("L-1").payments
    assert loans.find_payment("P-1") == paid
    assert [*DynamoDbPaymentRepository("umoja").of_day(paid.payment.value_date)] == [paid]
    assert [each for n in range(SHARDS) for each in loans.loan_ids(n)] == ["L-1"]
    assert [each for n in range(SHARDS) for each in loans.due_loan_ids(n, date(2026, 3, 1))] == [
        "L-1"
    ]
    (case,) = DynamoDbCaseRepository("umoja").cases_of("L-1")
    assert (case.stage, case.task_token) == ("early_management", "token")
    (entry,) = DynamoDbTimeline("umoja", lambda: datetime(2026, 3, 9, tzinfo=UTC)).entries("L-1")
    assert (entry.text, entry.recorded_at) == ("early management", None)
    person = people.load("B-1")
    assert (person.name, person.recent_contacts) == ("Grace", (date(2026, 2, 1),))
    assert people.loans_of("B-1") == ["L-1"]
    assert [each.borrower_id for each in people.people_at("email", person.email or "")] == ["B-1"]
    sent = people.contact("B-1", "L-1/due_today-0/2026-02-01")
    assert sent and sent.provider_id == "0102"


def test_addresses_are_listed_once(old: str) -> None:
    migration.migrate(old, SHARDS)
    assert migration.migrate(old, SHARDS) == {}


def test_what_the_last_review_decided_is_sent_again(old: str) -> None:
    migration.migrate(old, SHARDS)
    (waiting,) = DynamoDbLoanRepository("umoja", SHARDS).outboxes("L-1")
    assert waiting.signal and waiting.signal.signal_id == "L-1-C1#1"


def test_what_has_no_contract_is_left_and_counted(old: str) -> None:
    """An import that died before the loan itself was written."""
    for item in (
        {"pk": "PAYMENT#P-9", "sk": "PAYMENT", "loan_id": "L-9"},
        {"pk": "LOAN#L-9", "sk": "PAYMENT#P-9"},
    ):
        raw = {name: {"S": value} for name, value in item.items()}
        aws.client("dynamodb").put_item(TableName=old, Item=raw)
    assert migration.migrate(old, SHARDS)[migration.ORPHANS] == 2
    assert DynamoDbLoanRepository("umoja", SHARDS).load("L-1").state.version == 7


def test_repeating_it_moves_nothing_and_keeps_what_has_changed(old: str) -> None:
    migration.migrate(old, SHARDS)
    loans = DynamoDbLoanRepository("umoja", SHARDS)
    loans.acknowledge("L-1", ["00000007"])
    assert migration.migrate(old, SHARDS) == {}
    assert loans.outboxes("L-1") == []


@pytest.mark.parametrize("crash_after", range(1, 18))
def test_an_interrupted_move_is_completed(old: str, monkeypatch, crash_after: int) -> None:
    client, calls = aws.client("dynamodb"), []

    def crash(**_: object) -> None:
        calls.append(1)
        if len(calls) > crash_after:
            raise RuntimeError("interrupted")

    for event in ("PutItem", "DeleteItem"):
        client.meta.events.register(f"before-call.dynamodb.{event}", crash)
    try:
        with pytest.raises(RuntimeError):
            migration.migrate(old, SHARDS)
    finally:
        for event in ("PutItem", "DeleteItem"):
            client.meta.events.unregister(f"before-call.dynamodb.{event}", crash)
    migration.migrate(old, SHARDS)
    found = client.scan(TableName=old)["Items"]
    assert len(found) == 12  # the link to the loan, the contact and its address are items too
    assert not any(migration._is_old(item) for item in found)
    assert DynamoDbLoanRepository("umoja", SHARDS).load("L-1").state.version == 7
