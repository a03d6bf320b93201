"""The shape and size of stored items, and how they are written."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pynamodb.exceptions import PutError

from recovery.adapters import aws
from recovery.adapters.dynamodb import items, writes
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.keys import shard_of
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.accounting.loan import Components, Loan
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import Review, review
from recovery.ports.accounting import StoredLoan
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state, months_after, posts

KIBIBYTE = 1024


def stored(table: str, pk: str, sk: str) -> dict[str, dict[str, Any]]:
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    item: dict[str, dict[str, Any]] = aws.client("dynamodb").get_item(TableName=table, Key=key)[
        "Item"
    ]
    return item


def size(item: dict[str, dict[str, Any]]) -> int:
    """Size as DynamoDB counts it: UTF-8 text, numbers two digits a byte plus one, BOOL one."""

    def of(value: dict[str, Any]) -> int:
        ((kind, content),) = value.items()
        if kind == "S":
            return len(content.encode())
        if kind == "M":
            return 3 + sum(1 + len(name.encode()) + of(each) for name, each in content.items())
        return len(content) // 2 + 2 if kind == "N" else 1

    return sum(len(name.encode()) + of(value) for name, value in item.items())


def half_paid(loan_id: str = "L-2025-00417") -> tuple[Loan, LoanState, list[PaymentRecord]]:
    """24 instalments, twelve of them paid up to three days late, the last one partly."""
    loan = a_loan(loan_id, instalments=24)
    due = Components(123_456, 12_345, 150, 75)
    loan = replace(loan, schedule=tuple(each._replace(due=due) for each in loan.schedule))
    history = [
        a_payment(
            f"MPESA-{number:04}",
            loan_id=loan_id,
            amount_minor=due.total - (number == 11) * 50_000,
            value_date=months_after(FIRST_DUE, number) + timedelta(days=number % 4),
        )
        for number in range(12)
    ]
    return loan, a_state(loan, history), history


def reviewed_daily(loan: Loan, state: LoanState, history: list[PaymentRecord], days: int) -> Review:
    """Review the loan daily for this many days after the last payment; return the last review."""
    first = history[-1].payment.value_date
    for day in range(1, days + 1):
        reviewed = review(loan, state, DEFAULT_POLICY, first + timedelta(days=day))
        state = reviewed.state
    return reviewed


@pytest.mark.parametrize("days", [1, 28, 80])
def test_the_state_of_a_half_paid_24_instalment_loan_fits_a_kibibyte(table: str, days: int) -> None:
    """Without the outbox, which is kept only until it is carried out."""
    loan, state, history = half_paid()
    repository = DynamoDbLoanRepository("umoja", 16)
    reviewed = reviewed_daily(loan, state, history, days)
    assert reviewed.state.case
    assert days == 1 or reviewed.state.wish or reviewed.state.asked  # quiet after the payment
    repository.add_loan(StoredLoan(loan, reviewed.state), history)
    assert 700 < size(stored(table, f"LOAN#umoja#{loan.loan_id}", "STATE")) <= KIBIBYTE
    after = replace(reviewed.state, version=reviewed.state.version + 1)
    repository.save_state(after, loan, reviewed.outbox)
    most = 2.5 if reviewed.outbox.tasks else 2  # once in arrears it holds a task too
    assert size(stored(table, f"LOAN#umoja#{loan.loan_id}", "STATE")) <= most * KIBIBYTE
    assert repository.load(loan.loan_id).state == after


def test_the_contract_and_a_payment_are_small(table: str) -> None:
    loan, state, history = half_paid()
    DynamoDbLoanRepository("umoja", 16).add_loan(StoredLoan(loan, state), history)
    assert size(stored(table, f"LOAN#umoja#{loan.loan_id}", "LOAN")) <= 1.5 * KIBIBYTE
    assert size(stored(table, f"LOAN#umoja#{loan.loan_id}", "PAYMENT#MPESA-0003")) <= KIBIBYTE / 2
    guard = stored(table, "PAYMENT#umoja#MPESA-0003", "PAYMENT")
    assert guard["loan_id"] == {"S": loan.loan_id}


def test_the_state_shows_the_stream_what_to_do(table: str) -> None:
    """The stream functions filter only on needs_review and listed_by."""
    loan, state, history = half_paid()
    repository = DynamoDbLoanRepository("umoja", 16)
    repository.add_loan(StoredLoan(loan, state), history)
    pk = f"LOAN#umoja#{loan.loan_id}"
    added = stored(table, pk, "STATE")
    assert added["needs_review"] == {"BOOL": True}
    assert not {"listed_by", "due_shard", "next_review_on", "monitoring"} & added.keys()

    reviewed = review(loan, state, DEFAULT_POLICY, date(2027, 1, 11))
    repository.save_state(reviewed.state, loan, reviewed.outbox)
    after_review = stored(table, pk, "STATE")
    assert "needs_review" not in after_review
    assert repository.outboxes(loan.loan_id) == [reviewed.outbox]
    assert after_review["listed_by"] == {"S": "2027-01-11"}
    assert after_review["version"] == {"N": str(state.version + 1)}
    assert after_review["due_shard"] == {"S": f"umoja#{shard_of(loan.loan_id, 16)}"}
    assert after_review["next_review_on"] == {"S": str(reviewed.state.next_review_on)}

    posted = Outbox("00000003", date(2027, 1, 12), wakes="B-1")
    payment = a_payment("P-13", loan_id=loan.loan_id)
    repository.commit(posts(payment, reviewed.state, posted, loan))
    after_payment = stored(table, pk, "STATE")
    assert after_payment["needs_review"] == {"BOOL": True}
    assert repository.outboxes(loan.loan_id) == [reviewed.outbox, posted]
    unchanged = ("due_shard", "next_review_on", "cases", "monitoring", "listed_by", "listed_in")
    assert all(after_payment[name] == after_review[name] for name in unchanged)


def test_shards_are_stable() -> None:
    """A change would lose existing loans from the index."""
    assert [shard_of(f"L-{n}", 16) for n in range(6)] == [5, 3, 9, 15, 12, 10]


def test_the_id_of_an_entry_sorts_by_date_and_depends_only_on_the_entry() -> None:
    entry = TimelineEntry(date(2026, 3, 9), "payment", "115.00 EUR received")
    assert entry.entry_id == "2026-03-09#payment#457d26c8b16a"
    assert replace(entry, key="P-1").entry_id == "2026-03-09#payment#P-1"


def test_all_items_and_threads_share_one_client(table: str) -> None:
    client = table_connection(items.Item).connection.client
    assert table_connection(items.CaseItem).connection.client is client
    seen: list[object] = []
    thread = threading.Thread(
        target=lambda: seen.append(table_connection(items.PersonItem).connection.client)
    )
    thread.start()
    thread.join()
    assert seen == [client]
    assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": aws.ATTEMPTS}


def test_rebinding_switches_the_table(table: str) -> None:
    timeline = DynamoDbTimeline("umoja", lambda: datetime(2026, 2, 2, tzinfo=UTC))
    timeline.add("L-1", [TimelineEntry(FIRST_DUE, "payment", "received")])
    items.bind("another")
    with pytest.raises(Exception, match="another"):
        timeline.entries("L-1")
    items.bind(table)
    assert len(timeline.entries("L-1")) == 1


class BusyTable:
    """Leaves the last item unprocessed in this many requests."""

    table_name = "recovery"

    def __init__(self, times: int) -> None:
        self.left = times
        self.requests: list[int] = []
        self.written: list[str] = []

    def batch_write_item(self, put_items: list[dict[str, Any]]) -> dict[str, Any]:
        self.requests.append(len(put_items))
        taken, rest = put_items[: -1 if self.left else None], []
        if self.left:
            self.left -= 1
            rest = [{"PutRequest": {"Item": put_items[-1]}}]
        self.written += [item["sk"]["S"] for item in taken]
        return {"UnprocessedItems": {"recovery": rest} if rest else {}}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(writes.time, "sleep", waited.append)
    return waited


def contacts(count: int) -> list[items.Item]:
    return [items.MessageItem("B", f"{n}", contacted_on="2026-03-09") for n in range(count)]


def test_unprocessed_items_are_retried_later(
    monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    busy = BusyTable(times=2)
    monkeypatch.setattr(writes, "table_connection", lambda _: busy)
    monkeypatch.setattr(items.Item.Meta, "table_name", busy.table_name)
    writes.put_all(contacts(30))
    assert busy.requests == [25, 1, 1, 5]
    assert sorted(busy.written, key=int) == [f"{n}" for n in range(30)]
    assert len(waits) == 2 and 0 < waits[0] < 0.2


def test_a_table_that_stays_busy_raises(
    monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    busy = BusyTable(times=99)
    monkeypatch.setattr(writes, "table_connection", lambda _: busy)
    monkeypatch.setattr(items.Item.Meta, "table_name", busy.table_name)
    with pytest.raises(PutError, match="1 items"):
        writes.put_all(contacts(3))
    assert len(busy.requests) == 7 and sum(waits) < 5
