"""An address counts as the person's for some days after it was confirmed."""

from datetime import date, timedelta

import pytest

from recovery.domain.contact.address import is_confirmed
from recovery.domain.contact.details import with_confirmed, with_delivered
from tests.builders import a_borrower

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    "days_ago, within, confirmed",
    [(0, 60, True), (60, 60, True), (61, 60, False), (None, 60, False), (None, None, True)],
)
def test_it_is_confirmed_within_the_days(days_ago, within, confirmed) -> None:
    on = None if days_ago is None else TODAY - timedelta(days=days_ago)
    assert is_confirmed(on, within, TODAY) is confirmed


def test_a_reply_confirms_one_address_and_a_file_both() -> None:
    unknown = a_borrower(contact_confirmed_on=None)
    replied = with_confirmed(unknown, "sms", TODAY)
    assert (replied.confirmed_on("sms"), replied.confirmed_on("email")) == (TODAY, None)
    filed = with_delivered(
        replied, a_borrower(contact_confirmed_on=TODAY), {"contact_confirmed_on"}
    )
    assert (filed.confirmed_on("sms"), filed.confirmed_on("email")) == (TODAY, TODAY)


def test_an_older_file_takes_no_confirmation_back() -> None:
    known = a_borrower(contact_confirmed_on=TODAY)
    older = a_borrower(contact_confirmed_on=TODAY - timedelta(days=9))
    assert with_delivered(known, older, {"contact_confirmed_on"}) == known


def test_a_new_number_is_not_confirmed_by_what_was_known_of_the_old_one() -> None:
    known = with_confirmed(a_borrower(contact_confirmed_on=None), "sms", TODAY)
    moved = with_delivered(known, a_borrower(phone="+254711000009"), {"phone"})
    assert moved.confirmed_on("sms") is None
