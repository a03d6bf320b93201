"""The borrower repository contract, run against the in-memory fake and DynamoDB."""

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
def repository(request: pytest.FixtureRequest) -> BorrowerRepository:
    if request.param == "fake":
        return FakeBorrowerRepository()
    request.getfixturevalue("table")
    return DynamoDbBorrowerRepository()


def test_a_borrower_loads_as_saved(repository: BorrowerRepository) -> None:
    sparse = a_borrower(email=None, phone=None, sms_consent=False, preferred_channel="sms")
    assert repository.save_contact_details(sparse)
    assert repository.load("B-1") == replace(sparse, version=1)


def test_an_unknown_borrower_cannot_be_loaded_and_has_no_contacts(
    repository: BorrowerRepository,
) -> None:
    with pytest.raises(LookupError, match="B-2"):
        repository.load("B-2")
    assert not repository.is_contacted("B-2", "m")


def test_only_changed_contact_details_are_saved(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    assert not repository.save_contact_details(a_borrower())
    assert not repository.save_contact_details(a_borrower(version=7, recent_contacts=(MARCH,)))
    assert repository.load("B-1") == a_borrower(version=1)
    assert repository.save_contact_details(a_borrower(email=None, email_consent=False))
    assert repository.load("B-1") == a_borrower(email=None, email_consent=False, version=2)


def test_new_details_keep_recorded_contacts(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    repository.add_contact(repository.load("B-1"), "L-1/due_today-0/2026-03-09", MARCH)
    assert repository.save_contact_details(a_borrower(phone="+254711000002"))
    stored = repository.load("B-1")
    assert (stored.phone, stored.recent_contacts) == ("+254711000002", (MARCH,))


def test_contacts_of_the_last_fourteen_days_are_kept_oldest_first(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    for day in (8, 14, 9, 22):
        repository.add_contact(repository.load("B-1"), f"message of {day}", date(2026, 3, day))
    recent = (date(2026, 3, 9), date(2026, 3, 14), date(2026, 3, 22))
    assert repository.load("B-1").recent_contacts == recent


def test_a_message_counts_once_even_for_a_stale_borrower(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    first = repository.load("B-1")
    repository.add_contact(first, "m", MARCH)
    after = repository.load("B-1")
    repository.add_contact(first, "m", MARCH)
    repository.add_contact(after, "m", MARCH)
    assert repository.load("B-1") == after
    assert after.recent_contacts == (MARCH,)


def test_the_second_of_two_concurrent_messages_is_stale(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    read = repository.load("B-1")
    repository.add_contact(read, "first", MARCH)
    with pytest.raises(StaleWriteError):
        repository.add_contact(read, "second", MARCH)
    repository.add_contact(repository.load("B-1"), "second", MARCH)
    assert repository.load("B-1").recent_contacts == (MARCH, MARCH)


def test_an_unknown_borrower_cannot_be_contacted(repository: BorrowerRepository) -> None:
    with pytest.raises(StaleWriteError):
        repository.add_contact(a_borrower("B-2"), "m", MARCH)
    with pytest.raises(LookupError):
        repository.load("B-2")


def test_a_message_counts_before_sending_and_is_confirmed_after(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    repository.add_contact(repository.load("B-1"), "m", MARCH)
    counted = repository.load("B-1")
    assert not repository.is_contacted("B-1", "m")
    repository.confirm_contact("B-1", "m", "0102-ses")
    assert repository.is_contacted("B-1", "m")
    assert not repository.is_contacted("B-1", "another")
    assert repository.load("B-1") == counted
    repository.add_contact(counted, "m", MARCH)
    assert repository.is_contacted("B-1", "m")
