"""Write units of what a review sets in motion: the outbox until acknowledged, and one message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.outbox import Outbox, sent_entry
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from recovery.domain.wish_answers import answer_wish
from recovery.ports.accounting import StoredLoan
from tests.adapters.conftest import in_memory_aws, table  # noqa: F401  fixtures
from tests.benchmarks.measuring import print_table
from tests.benchmarks.stub_table import item_bytes
from tests.builders import FIRST_DUE, a_borrower, a_loan, a_payment, a_state, posts, reverses

pytestmark = pytest.mark.benchmark

LATE = FIRST_DUE + timedelta(days=1)
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
INDEXES = (("due_shard", "next_review_on"), ("listed_in", "listed_by"))


def items(name: str) -> dict[tuple[str, str], dict[str, Any]]:
    found = aws.client("dynamodb").scan(TableName=name)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in found}


def write_units(name: str, write: Callable[[], object], *, transaction: bool = False) -> int:
    """Return the write units of what ``write`` changed, as DynamoDB bills them."""
    before = items(name)
    write()
    after = items(name)
    units = 0
    for key, item in after.items():
        old = before.get(key)
        if item == old:
            continue
        size = max(item_bytes(item), item_bytes(old) if old else 0)
        units += -(-size // 1024) * (2 if transaction else 1)
        for index in INDEXES:
            was, now = ([each.get(name) for name in index] for each in (old or {}, item))
            units += (was != now) * (bool(was[0]) + bool(now[0]))
    return units


def test_write_units_of_an_effectful_review_and_a_message(table: str) -> None:  # noqa: F811
    loans = DynamoDbLoanRepository("umoja", 16)
    people = DynamoDbBorrowerRepository("umoja")
    timeline = DynamoDbTimeline("umoja", lambda: NOON)
    loan = a_loan(instalments=24)
    people.save_contact_details(a_borrower())
    loans.add_loan(StoredLoan(loan, a_state(loan, next_review_on=LATE)), [])
    stored = loans.load("L-1")
    quiet = review(loan, stored.state, DEFAULT_POLICY, date(2026, 1, 5))
    healthy = write_units(table, lambda: loans.save_state(quiet.state, loan))
    result = review(loan, quiet.state, DEFAULT_POLICY, LATE)
    wish = result.state.wish
    assert wish
    rows = [
        ("a healthy review", healthy),
        (
            "a review with effects",
            write_units(table, lambda: loans.save_state(result.state, loan, result.outbox)),
        ),
        (
            "acknowledging them",
            write_units(table, lambda: loans.acknowledge("L-1", [result.outbox.outbox_id])),
        ),
        (
            "leasing a message",
            write_units(
                table,
                lambda: people.lease_contact(people.load("B-1"), "m", LATE, NOON),
                transaction=True,
            ),
        ),
        ("confirming it", write_units(table, lambda: people.confirm_contact("B-1", "m", "0102"))),
        (
            "its timeline entry",
            write_units(
                table, lambda: timeline.add("L-1", [sent_entry(wish, "email", LATE, 1, wish.kind)])
            ),
        ),
        (
            "its wish, answered",
            write_units(
                table,
                lambda: loans.save_state(
                    answer_wish(loan, result.state, DEFAULT_POLICY, wish, said_on=LATE), loan
                ),
            ),
        ),
    ]
    print_table("Write units, indexes included", ("write", "units"), rows)
    units = dict(rows)
    added = units["a review with effects"] - units["a healthy review"] + units["acknowledging them"]
    message = sum(count for _, count in rows[3:])
    print_table("Added", ("by", "units"), [("the outbox", added), ("a message", message)])
    assert added <= 5  # three, and two where the outbox makes the state larger than 1 KB
    # One for the chain of audit entries, and one where it is the loan's first entry of the day.
    assert message <= 11


def test_being_listed_by_day_adds_one_unit_to_a_payment(table: str) -> None:  # noqa: F811
    loans = DynamoDbLoanRepository("umoja", 16)
    loan = a_loan(instalments=24)
    loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    paid = a_payment(posted_at=NOON, posted_by="arn:aws:iam::111122223333:user/core-banking")
    state = a_state(loan, [paid], next_review_on=FIRST_DUE)
    outbox = Outbox("00000002", FIRST_DUE)
    units = write_units(
        table, lambda: loans.commit(posts(paid, state, outbox, loan)), transaction=True
    )
    print_table("Write units, indexes included", ("write", "units"), [("a payment", units)])
    # Guard, payment and state twice each, as a transaction costs; the lists of due loans, days, and
    # outboxes, which tells the loan's chain of the payment.
    assert units == 6 + 1 + 1 + 1
    gone = replace(paid, reversed_on=FIRST_DUE, reversal_reason="bounced")
    state = replace(a_state(loan), version=2, next_review_on=FIRST_DUE)
    outbox = Outbox("00000003", FIRST_DUE)
    again = write_units(
        table, lambda: loans.commit(reverses(gone, state, outbox, loan)), transaction=True
    )
    assert again == 4  # its place on the list stays


def test_a_healthy_review_adds_nothing_to_the_lists(table: str) -> None:  # noqa: F811
    loans = DynamoDbLoanRepository("umoja", 16)
    loan = a_loan(instalments=24)
    state = replace(a_state(loan), next_review_on=FIRST_DUE)
    loans.add_loan(StoredLoan(loan, state), [])
    before = date(2026, 1, 5)
    first = review(loan, state, DEFAULT_POLICY, before)
    loans.save_state(first.state, loan, first.outbox)
    loans.acknowledge("L-1", [first.outbox.outbox_id])
    again = review(loan, first.state, DEFAULT_POLICY, before + timedelta(days=1))
    assert again.outbox.is_empty
    loans.save_state(again.state, loan, again.outbox)
    assert "listed_in" not in items(table)["LOAN#umoja#L-1", "STATE"]
