"""The same promises of the borrower book in memory and of the one in DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.ports.contact import BorrowerRepository
from recovery.ports.shared import StaleWriteError
from tests.builders import a_borrower
from tests.fakes import FakeBorrowerRepository

MARCH = date(2026, 3, 9)


@pytest.fixture(params=["fake", "dynamodb"])
def book(request: pytest.FixtureRequest) -> BorrowerRepository:
    if request.param == "fake":
        return FakeBorrowerRepository()
    request.getfixturevalue("table")
    return DynamoDbBorrowerRepository()


def test_a_borrower_comes_back_as_added(book: BorrowerRepository) -> None:
    sparse = a_borrower(email=None, phone=None, sms_consent=False, preferred_channel="sms")
    assert book.save_contact_details(sparse)
    assert book.load("B-1") == replace(sparse, version=1)


def test_an_unknown_borrower_is_an_error_and_was_never_contacted(book: BorrowerRepository) -> None:
    with pytest.raises(LookupError, match="B-2"):
        book.load("B-2")
    assert not book.is_contacted("B-2", "m")


def test_contact_details_change_only_when_they_differ(book: BorrowerRepository) -> None:
    book.save_contact_details(a_borrower())
    assert not book.save_contact_details(a_borrower())
    assert not book.save_contact_details(a_borrower(version=7, recent_contacts=(MARCH,)))
    assert book.load("B-1") == a_borrower(version=1)
    assert book.save_contact_details(a_borrower(email=None, email_consent=False))
    assert book.load("B-1") == a_borrower(email=None, email_consent=False, version=2)


def test_new_details_keep_the_contacts_on_record(book: BorrowerRepository) -> None:
    book.save_contact_details(a_borrower())
    book.add_contact(book.load("B-1"), "L-1/due_today-0/2026-03-09", MARCH)
    assert book.save_contact_details(a_borrower(phone="+254711000002"))
    kept = book.load("B-1")
    assert (kept.phone, kept.recent_contacts) == ("+254711000002", (MARCH,))


def test_contacts_of_the_last_fourteen_days_are_kept_oldest_first(book: BorrowerRepository) -> None:
    book.save_contact_details(a_borrower())
    for day in (8, 14, 9, 22):
        book.add_contact(book.load("B-1"), f"message of {day}", date(2026, 3, day))
    recent = (date(2026, 3, 9), date(2026, 3, 14), date(2026, 3, 22))
    assert book.load("B-1").recent_contacts == recent


def test_the_same_message_counts_once_however_old_the_borrower_read(
    book: BorrowerRepository,
) -> None:
    book.save_contact_details(a_borrower())
    first = book.load("B-1")
    book.add_contact(first, "m", MARCH)
    after = book.load("B-1")
    book.add_contact(first, "m", MARCH)
    book.add_contact(after, "m", MARCH)
    assert book.load("B-1") == after
    assert after.recent_contacts == (MARCH,)


def test_of_two_messages_at_once_the_second_is_stale(book: BorrowerRepository) -> None:
    book.save_contact_details(a_borrower())
    read = book.load("B-1")
    book.add_contact(read, "first", MARCH)
    with pytest.raises(StaleWriteError):
        book.add_contact(read, "second", MARCH)
    book.add_contact(book.load("B-1"), "second", MARCH)
    assert book.load("B-1").recent_contacts == (MARCH, MARCH)


def test_nobody_unknown_is_contacted(book: BorrowerRepository) -> None:
    with pytest.raises(StaleWriteError):
        book.add_contact(a_borrower("B-2"), "m", MARCH)
    with pytest.raises(LookupError):
        book.load("B-2")


def test_a_message_is_counted_before_it_is_sent_and_confirmed_after(
    book: BorrowerRepository,
) -> None:
    book.save_contact_details(a_borrower())
    book.add_contact(book.load("B-1"), "m", MARCH)
    counted = book.load("B-1")
    assert not book.is_contacted("B-1", "m")
    book.confirm_contact("B-1", "m", "0102-ses")
    assert book.is_contacted("B-1", "m")
    assert not book.is_contacted("B-1", "another")
    assert book.load("B-1") == counted
    book.add_contact(counted, "m", MARCH)
    assert book.is_contacted("B-1", "m")
