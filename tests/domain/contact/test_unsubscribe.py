"""Tokens survive the way; whatever else arrives is refused, and never an error."""

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.contact.unsubscribe import UnsubscribeClaim, read_token, stopped, token_of
from tests.builders import a_borrower

IDS = st.text(min_size=1, max_size=40)


@given(IDS, IDS, st.sampled_from(["email", "sms"]), st.binary(max_size=32))
def test_a_token_says_what_it_was_made_of(institution_id, person_id, channel, mac) -> None:
    claim = UnsubscribeClaim(institution_id, person_id, channel)
    token = token_of(claim, mac)
    assert read_token(token) in (None, (claim, mac))
    if len(token) <= 400:
        assert read_token(token) == (claim, mac)


@given(st.text(max_size=500))
def test_no_text_is_an_error(token) -> None:
    found = read_token(token)
    assert found is None or token_of(*found) == token


def test_it_stops_one_channel() -> None:
    assert stopped(a_borrower(), "email") == a_borrower(email_consent=False)
    assert stopped(a_borrower(), "sms") == a_borrower(sms_consent=False)
