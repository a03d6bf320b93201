"""Who else may see an address decides what is sent there and what is taken from there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.contact.privacy import PRIVACIES, may_answer, more_careful, others_may_see

ANY = st.sampled_from([None, *PRIVACIES])


@pytest.mark.parametrize(
    ("privacy", "seen"), [(None, False), ("private", False), ("shared", True), ("unsafe", True)]
)
def test_others_may_see_what_goes_to_a_shared_or_unsafe_address(privacy, seen) -> None:
    assert others_may_see(privacy) is seen


@given(ANY, ANY)
def test_the_more_careful_word_counts_in_any_order(one, other) -> None:
    both = more_careful(one, other)
    assert both == more_careful(other, one)
    assert both in (one, other)
    assert others_may_see(both) == (others_may_see(one) or others_may_see(other))


def test_unsafe_is_more_careful_than_shared() -> None:
    assert more_careful("shared", "unsafe") == "unsafe"
    assert more_careful("private", None) == "private"


@pytest.mark.parametrize("what", ["promise", "hardship", "dispute", "plan_wanted", "unheard_of"])
@pytest.mark.parametrize("privacy", [None, *PRIVACIES])
def test_what_binds_or_tells_of_the_person_is_taken_from_a_private_address_only(
    privacy, what
) -> None:
    assert may_answer(privacy, what) is (privacy in (None, "private"))


@pytest.mark.parametrize("what", ["stop", "wrong_number"])
@pytest.mark.parametrize("privacy", [None, *PRIVACIES])
def test_anybody_may_stop_us(privacy, what) -> None:
    assert may_answer(privacy, what)
