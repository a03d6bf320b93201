"""What follows from news of messages; the rest is shown in tests/functions/test_note_deliveries."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.contact.address import Fate
from recovery.domain.contact.delivery import DeliveryNews, find_address, with_news
from tests.builders import a_borrower, the_limits

TODAY = date(2026, 3, 4)
PERSON = a_borrower()
NEWS = DeliveryNews(
    channel="sms", address=PERSON.phone, provider_id="P", fate=Fate.BOUNCED, cause="invalid"
)
FATES = st.lists(st.sampled_from([Fate.DELIVERED, Fate.NOT_NOW]), max_size=12)


@given(FATES, st.integers(1, 4))
def test_only_so_many_in_a_row_make_an_address_dead(fates, dead_after) -> None:
    person, in_a_row, dead = PERSON, 0, False
    for fate in fates:
        person = with_news(person, replace(NEWS, fate=fate), TODAY, dead_after)
        in_a_row = 0 if fate is Fate.DELIVERED else in_a_row + 1
        dead = dead or in_a_row >= dead_after
        assert (person.dead_since("sms") is not None) is dead
        assert person.confirmed_on("sms") == PERSON.confirmed_on("sms")
        assert (person.email_returned, person.dead_since("email")) == (None, None)


@pytest.mark.parametrize("fate", list(Fate))
def test_another_address_is_not_touched(fate) -> None:
    assert with_news(PERSON, replace(NEWS, address="+254711999999", fate=fate), TODAY, 1) == PERSON


def test_a_new_address_is_alive_and_the_old_one_dead_again_if_it_comes_back() -> None:
    dead = with_news(PERSON, NEWS, TODAY, 3)
    moved = replace(dead, phone="+254711000009")
    assert (dead.dead_since("sms"), moved.dead_since("sms")) == (TODAY, None)
    assert replace(moved, phone=PERSON.phone).dead_since("sms") == TODAY


def test_a_task_is_opened_once_nothing_is_left() -> None:
    limits = the_limits()
    dead = with_news(PERSON, NEWS, TODAY, 3)
    assert find_address(dead, limits, [], TODAY, TODAY) is None  # e-mail is left
    nothing = replace(dead, email=None)
    task = find_address(nothing, limits, [], TODAY, TODAY)
    assert task is not None and find_address(nothing, limits, [task], TODAY, TODAY) is None
