"""Whom we can reach, and how."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from recovery.domain.contact.address import Returned
from recovery.domain.portfolio.reachability import reachability
from tests.builders import a_borrower, the_limits

TODAY = date(2026, 3, 4)
DEAD = Returned(address="grace@example.org", dead_on=TODAY)


def test_each_person_counts_once_and_a_dead_address_is_no_way() -> None:
    limits = the_limits()
    people = [
        a_borrower(),
        a_borrower(contact_confirmed_on=TODAY - timedelta(days=61)),  # only a neutral word
        a_borrower(phone=None, email_returned=DEAD),
        a_borrower(email_returned=DEAD, sms_consent=False),
        a_borrower(email=None),
    ]
    found = reachability([(each, limits) for each in people], TODAY)
    assert (found.people, found.by_some, found.openly) == (5, 3, 2)
    assert found.by_channel == {"email": 2, "sms": 3}
    assert found.dead == {"email": 2, "sms": 0}
    assert found.share(found.by_some) == Fraction(3, 5)


def test_of_nobody_nothing_is_reached_and_nowhere_nobody() -> None:
    assert reachability([], TODAY).share(0) == 0
    nowhere = replace(the_limits(), places=())
    assert reachability([(a_borrower(), nowhere)], TODAY).by_some == 0
