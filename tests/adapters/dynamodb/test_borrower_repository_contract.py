"""The borrower repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.domain.contact.borrower import Contact, ContactChange, Disclosed, Told
from recovery.domain.contact.instructions import NO_INSTRUCTIONS, Instructions
from recovery.ports.contact import BorrowerRepository
from recovery.ports.shared import StaleWriteError
from tests.builders import a_borrower
from tests.fakes import FakeBorrowerRepository

MARCH = date(2026, 3, 9)
UNTIL = datetime(2026, 3, 9, 10, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


EVENING = Instructions(
    only_by="phone", from_time=time(18), until_time=time(20, 30), text="Ask for Grace."
)


@pytest.fixture(params=["fake", "dynamodb"])
def repository(request: pytest.FixtureRequest) -> BorrowerRepository:
    if request.param == "fake":
        return FakeBorrowerRepository()
    request.getfixturevalue("table")
    return DynamoDbBorrowerRepository("umoja")


def test_a_borrower_loads_as_saved(repository: BorrowerRepository) -> None:
    sparse = a_borrower(email=None, phone=None, sms_consent=False, preferred_channel="sms")
    assert repository.save_contact_details(sparse)
    assert repository.load("B-1") == replace(sparse, version=1)


def test_an_unknown_borrower_cannot_be_loaded_and_has_no_contacts(
    repository: BorrowerRepository,
) -> None:
    with pytest.raises(LookupError, match="B-2"):
        repository.load("B-2")
    assert repository.contact("B-2", "m") is None


def test_only_changed_contact_details_are_saved(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    assert not repository.save_contact_details(a_borrower())
    assert not repository.save_contact_details(a_borrower(version=7, recent_contacts=(MARCH,)))
    assert repository.load("B-1") == a_borrower(version=1)
    assert repository.save_contact_details(a_borrower(email=None, email_consent=False))
    assert repository.load("B-1") == a_borrower(email=None, email_consent=False, version=2)


def test_new_details_keep_recorded_contacts(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    repository.lease_contact(repository.load("B-1"), "L-1/due_today-0/2026-03-09", MARCH, UNTIL)
    assert repository.save_contact_details(a_borrower(phone="+254711000002"))
    stored = repository.load("B-1")
    assert (stored.phone, stored.recent_contacts) == ("+254711000002", (MARCH,))


def test_all_details_load_as_saved_and_several_people_at_once(
    repository: BorrowerRepository,
) -> None:
    told = a_borrower(
        contact_confirmed_on=MARCH,
        email_privacy="private",
        phone_privacy="unsafe",
        barred_phones=("+254711000009",),
        instructions=EVENING,
    )
    repository.save_contact_details(told)
    repository.save_contact_details(a_borrower("B-2"))
    found = {each.borrower_id: each for each in repository.load_many(["B-2", "B-3", "B-1"])}
    assert found == {"B-1": replace(told, version=1), "B-2": a_borrower("B-2", version=1)}


def test_what_a_delivery_replaces_is_kept_oldest_first(repository: BorrowerRepository) -> None:
    first = ContactChange(MARCH, "D-1", {})
    assert repository.save_contact_details(a_borrower(), first)
    assert repository.contact_changes("B-1") == []  # nothing was replaced
    second = ContactChange(MARCH, "D-2", {"phone": "+254711000001", "contact_confirmed_on": None})
    changed = a_borrower(phone="+254711000002", contact_confirmed_on=MARCH, version=1)
    assert repository.save_contact_details(changed, second)
    assert not repository.save_contact_details(replace(changed, version=2), second)
    third = ContactChange(MARCH, "D-3", {"barred_phones": (), "contact_confirmed_on": MARCH})
    barred = a_borrower(phone="+254711000002", barred_phones=("+254711000002",), version=2)
    assert repository.save_contact_details(barred, third)
    said = ContactChange(MARCH, "", {"instructions": NO_INSTRUCTIONS}, by="typed:Ana Torres")
    instructed = replace(barred, instructions=EVENING, version=3)
    assert repository.save_contact_details(instructed, said)
    fifth = ContactChange(MARCH, "", {"instructions": EVENING}, by="typed:Ana Torres")
    assert repository.save_contact_details(replace(barred, version=4), fifth)
    assert repository.contact_changes("B-1") == [second, third, said, fifth]
    assert repository.load("B-1") == replace(barred, version=5)


@pytest.mark.parametrize("version", [0, 2])
def test_a_change_of_another_version_is_stale(repository: BorrowerRepository, version) -> None:
    repository.save_contact_details(a_borrower())
    change = ContactChange(MARCH, "D-1", {"email": "grace@example.org"})
    with pytest.raises(StaleWriteError):
        repository.save_contact_details(a_borrower(email=None, version=version), change)
    assert repository.load("B-1") == a_borrower(version=1)
    assert repository.contact_changes("B-1") == []


def test_contacts_of_the_last_fourteen_days_are_kept_oldest_first(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    for day in (8, 14, 9, 22):
        repository.lease_contact(
            repository.load("B-1"), f"message of {day}", date(2026, 3, day), UNTIL
        )
    recent = (date(2026, 3, 9), date(2026, 3, 14), date(2026, 3, 22))
    assert repository.load("B-1").recent_contacts == recent


def test_a_message_has_one_sender_at_a_time(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    first = repository.load("B-1")
    repository.lease_contact(first, "m", MARCH, UNTIL)
    after = repository.load("B-1")
    for borrower in (first, after):
        with pytest.raises(StaleWriteError):
            repository.lease_contact(borrower, "m", MARCH, UNTIL + MINUTE)
    assert repository.contact("B-1", "m") == Contact(MARCH, UNTIL)
    assert repository.load("B-1") == after
    assert after.recent_contacts == (MARCH,)


def test_a_released_message_can_be_leased_again_and_counts_once(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    repository.lease_contact(repository.load("B-1"), "m", MARCH, UNTIL)
    repository.release_contact("B-1", "m")
    assert repository.contact("B-1", "m") == Contact(MARCH)
    repository.lease_contact(repository.load("B-1"), "m", MARCH, UNTIL + MINUTE)
    assert repository.contact("B-1", "m") == Contact(MARCH, UNTIL + MINUTE)
    assert repository.load("B-1").recent_contacts == (MARCH,)


def test_a_released_message_counts_on_the_day_on_which_it_goes(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    repository.lease_contact(repository.load("B-1"), "other", MARCH, UNTIL)
    repository.lease_contact(repository.load("B-1"), "m", MARCH, UNTIL)
    repository.release_contact("B-1", "m")
    later, read = MARCH + timedelta(days=3), repository.load("B-1")
    repository.lease_contact(read, "m", later, UNTIL)
    assert repository.contact("B-1", "m") == Contact(later, UNTIL)
    assert repository.load("B-1").recent_contacts == (MARCH, later)
    repository.release_contact("B-1", "m")
    with pytest.raises(StaleWriteError):  # another message to the person came first
        repository.lease_contact(read, "m", later, UNTIL)


def test_what_a_report_on_conduct_asks_of_each_message_is_kept(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    at = datetime(2026, 3, 9, 10, tzinfo=ZoneInfo("Africa/Nairobi"))
    repository.lease_contact(
        *(repository.load("B-1"), "m", MARCH, UNTIL),
        **{"at": at, "taken_at": UNTIL, "channel": "sms", "said": "please_call"},
    )
    leased = Contact(MARCH, UNTIL, said="please_call", at=at, taken_at=UNTIL, channel="sms")
    assert repository.contacts("B-1") == {"m": leased}
    repository.confirm_contact("B-1", "m", "0102", words="5f2a")
    repository.lease_contact(repository.load("B-1"), "n", MARCH, UNTIL)
    found = repository.contacts("B-1")
    sent = replace(leased, leased_until=None, provider_id="0102", words="5f2a")
    assert found == {"m": sent, "n": Contact(MARCH, UNTIL)}
    assert found["m"].at is not None and found["m"].at.utcoffset() == timedelta(hours=3)
    assert repository.contacts("B-2") == {}


def test_the_second_of_two_concurrent_messages_is_stale(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    read = repository.load("B-1")
    repository.lease_contact(read, "first", MARCH, UNTIL)
    with pytest.raises(StaleWriteError):
        repository.lease_contact(read, "second", MARCH, UNTIL)
    repository.lease_contact(repository.load("B-1"), "second", MARCH, UNTIL)
    assert repository.load("B-1").recent_contacts == (MARCH, MARCH)


def test_an_unknown_borrower_cannot_be_contacted(repository: BorrowerRepository) -> None:
    with pytest.raises(StaleWriteError):
        repository.lease_contact(a_borrower("B-2"), "m", MARCH, UNTIL)
    with pytest.raises(LookupError):
        repository.load("B-2")


def test_a_message_counts_before_sending_and_is_confirmed_after(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    assert repository.contact("B-1", "m") is None
    repository.lease_contact(repository.load("B-1"), "m", MARCH, UNTIL)
    counted = repository.load("B-1")
    repository.confirm_contact("B-1", "m", "0102-ses")
    assert repository.contact("B-1", "m") == Contact(MARCH, provider_id="0102-ses")
    assert repository.contact("B-1", "another") is None
    assert repository.load("B-1") == counted
    with pytest.raises(StaleWriteError):
        repository.lease_contact(counted, "m", MARCH, UNTIL)


def test_only_messages_about_the_loan_that_were_really_sent_are_told_of(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower())
    for message_id, is_sent in (
        ("L-1/first_days_late+8/2026-02-01", True),
        ("L-1/due_today-0/2026-02-01", False),
        ("L-11/first_days_late+8/2026-02-01", True),
        ("L-2/thank_you/2026-02-01", True),
    ):
        repository.lease_contact(repository.load("B-1"), message_id, MARCH, UNTIL)
        if is_sent:
            repository.confirm_contact("B-1", message_id, "0102")
    told = Told("first_days_late", date(2026, 2, 1), MARCH)
    assert repository.told_about("B-1", "L-1") == [told]
    assert repository.told_about("B-2", "L-1") == []


def test_what_was_said_instead_is_told_of_as_it_was_said(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower())
    message_id = "L-1/first_days_late+8/2026-02-01"
    repository.lease_contact(repository.load("B-1"), message_id, MARCH, UNTIL)
    repository.confirm_contact("B-1", message_id, "0103", "please_call")
    sent = Contact(MARCH, provider_id="0103", said="please_call")
    assert repository.contact("B-1", message_id) == sent
    told = Told("please_call", date(2026, 2, 1), MARCH)
    assert repository.told_about("B-1", "L-1") == [told]


def ids_at(repository: BorrowerRepository, channel: str, address: str) -> list[str]:
    return [each.borrower_id for each in repository.people_at(channel, address)]


def test_people_are_found_by_an_address_however_it_is_written(
    repository: BorrowerRepository,
) -> None:
    repository.save_contact_details(a_borrower(email="Grace@Example.org", phone="+254711000001"))
    repository.save_contact_details(a_borrower("B-2", email=None, phone="+254711000001"))
    assert ids_at(repository, "sms", "+254 711-000-001") == ["B-1", "B-2"]
    assert ids_at(repository, "email", "grace@example.ORG ") == ["B-1"]
    assert ids_at(repository, "sms", "+254711000009") == []
    assert ids_at(repository, "email", "+254711000001") == []


def test_an_address_that_was_given_up_finds_nobody(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower(phone="+254711000001"))
    repository.save_contact_details(a_borrower("B-2", phone="+254711000001"))
    repository.save_contact_details(a_borrower(phone="+254711000002", email=None))
    assert ids_at(repository, "sms", "+254711000001") == ["B-2"]
    assert ids_at(repository, "sms", "+254711000002") == ["B-1"]
    repository.save_contact_details(a_borrower(phone="+254711000001", email=None))
    assert ids_at(repository, "sms", "+254711000001") == ["B-1", "B-2"]


def test_what_reached_an_address_is_told_of_it_alone(repository: BorrowerRepository) -> None:
    repository.save_contact_details(a_borrower(phone="+254711000001", email="g@example.org"))
    for loan_id, channel in (("L-1", "sms"), ("L-2", "email"), ("L-3", "")):
        person, message_id = repository.load("B-1"), f"{loan_id}/first_days_late+1/2026-03-01"
        repository.lease_contact(person, message_id, MARCH, UNTIL, channel=channel)
        repository.confirm_contact("B-1", message_id, "p-1")
    person, in_doubt = repository.load("B-1"), "L-4/x+1/2026-03-01"
    repository.lease_contact(person, in_doubt, MARCH, UNTIL, channel="sms")
    repository.save_contact_details(a_borrower(phone="+254711000002", email="g@example.org"))
    assert repository.disclosed_at("B-1", "sms", "+254711000001") == [
        Disclosed("first_days_late", "L-1", MARCH),
        Disclosed("first_days_late", "L-3", MARCH),  # nobody kept where to
    ]
