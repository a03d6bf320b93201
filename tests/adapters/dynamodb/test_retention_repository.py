"""What is held of an ended loan expires, in DynamoDB alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.people_repository import DynamoDbPeopleRepository
from recovery.adapters.dynamodb.retention_repository import DynamoDbRetentionRepository
from recovery.adapters.dynamodb.rights_repository import DynamoDbRightsRepository
from recovery.adapters.dynamodb.task_repository import DynamoDbTaskRepository
from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.agreements.rights import LegalHold
from recovery.domain.cases.task_steps import lapse
from recovery.domain.outbox import TimelineEntry
from recovery.ports.accounting import StoredLoan
from recovery.ports.retention import NO_END, LastDays
from tests.builders import a_borrower, a_loan, a_payment, a_state, a_task

TODAY = date(2026, 2, 2)
LAST = LastDays(TODAY + timedelta(days=2000), TODAY + timedelta(days=1000))


def ends(*kinds: str) -> dict[str, int | None]:
    """Return how many days from today each item of these partitions stays, None: for good."""
    stored = aws.client("dynamodb").scan(TableName=table_connection(Item).table_name)["Items"]
    midnight = datetime(2026, 2, 3, tzinfo=UTC).timestamp()
    return {
        f"{item['pk']['S']} {item['sk']['S']}": (
            int((int(item["expires_at"]["N"]) - midnight) / 86_400)
            if "expires_at" in item
            else None
        )
        for item in stored
        if item["pk"]["S"].startswith(kinds)
    }


@pytest.fixture
def loans(table: str) -> DynamoDbLoanRepository:
    """Two loans of one person, with a payment and a note on the timeline each."""
    loans = DynamoDbLoanRepository("umoja", shards=1)
    DynamoDbBorrowerRepository("umoja").save_contact_details(a_borrower())
    timeline = DynamoDbTimeline("umoja", lambda: datetime(2026, 2, 2, tzinfo=UTC))
    for loan_id in ("L-1", "L-2"):
        loan, payment = a_loan(loan_id), a_payment(f"P-{loan_id}", loan_id=loan_id)
        loans.add_loan(StoredLoan(loan, a_state(loan, [payment])), [payment])
        timeline.add(loan_id, [TimelineEntry(TODAY, "note", "paid")])
    return loans


def test_everything_of_the_loan_expires_and_nothing_of_another(loans) -> None:
    retention = DynamoDbRetentionRepository("umoja")
    assert retention.keep_until("L-1", ["B-1"], LAST) is True
    found = ends("LOAN#", "TIMELINE#", "PERSON#")
    of_loan = {key: days for key, days in found.items() if "L-1" in key}
    assert len(of_loan) == 5  # contract, state, payment, the link to it, and the timeline
    for key, days in of_loan.items():
        assert days == (1000 if key.startswith("TIMELINE") else 2000), key
    assert {days for key, days in found.items() if "L-1" not in key} == {None}
    assert retention.keep_until("L-1", ["B-1"], LAST) is False


def test_it_stays_once_it_has_no_end_any_more(loans) -> None:
    retention = DynamoDbRetentionRepository("umoja")
    retention.keep_until("L-1", ["B-1"], LAST)
    assert retention.keep_until("L-1", ["B-1"], NO_END) is True
    assert set(ends("LOAN#", "TIMELINE#", "PERSON#").values()) == {None}
    assert loans.load("L-1").loan.loan_id == "L-1"


def test_what_makes_a_payments_id_unique_stays(loans) -> None:
    DynamoDbRetentionRepository("umoja").keep_until("L-1", ["B-1"], LAST)
    assert set(ends("PAYMENT#").values()) == {None}


def test_an_unknown_loan_or_person_is_no_matter(table) -> None:
    assert DynamoDbRetentionRepository("umoja").keep_until("L-9", ["B-9"], LAST) is False
    assert ends("LOAN#", "PERSON#") == {}


def test_a_review_of_the_state_leaves_its_end_alone(loans) -> None:
    DynamoDbRetentionRepository("umoja").keep_until("L-1", ["B-1"], LAST)
    stored = loans.load("L-1")
    loans.save_state(a_state(stored.loan, version=stored.state.version + 1), stored.loan)
    assert ends("LOAN#umoja#L-1")["LOAN#umoja#L-1 STATE"] == 2000


def test_an_ended_task_expires_and_one_that_began_again_does_not(table) -> None:
    tasks = DynamoDbTaskRepository("umoja")
    tasks.add(a_task("T-1"))
    opened = tasks.find("T-1")
    assert opened
    tasks.save(lapse(opened, TODAY))
    ended = tasks.find("T-1")
    assert ended
    tasks.keep_until(ended, LAST.loan)
    assert set(ends("TASK#").values()) == {2000}
    tasks.keep_until(ended, None)
    assert set(ends("TASK#").values()) == {None}
    tasks.save(a_task("T-1", version=ended.version))
    tasks.keep_until(ended, LAST.loan)
    assert set(ends("TASK#").values()) == {None}


def test_a_legal_hold_is_told_through_the_stream(table) -> None:
    DynamoDbBorrowerRepository("umoja").save_contact_details(a_borrower())
    people, rights = DynamoDbPeopleRepository("umoja"), DynamoDbRightsRepository("umoja")
    hold = LegalHold(hold_id="H-1", reason="suit to come", placed_on=TODAY, placed_by="Lena")
    rights.save_legal_hold("B-1", hold)
    [outbox] = people.outboxes("B-1")
    assert (outbox.retains, outbox.as_of) == (True, TODAY)
    person = people.find("B-1")
    assert person and person.legal_hold
    assert people.waiting_ids(TODAY + timedelta(days=1)) == ["B-1"]
