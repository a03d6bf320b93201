"""Details from outside are taken up; what a person forbade stays forbidden."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.contact.details import (
    DETAILS,
    replaced,
    with_addresses_of,
    with_delivered,
)
from recovery.domain.contact.gate import is_neutral
from recovery.domain.contact.instructions import NO_INSTRUCTIONS, Instructions
from recovery.domain.contact.privacy import PRIVACIES
from tests.builders import a_borrower

KNOWN = a_borrower(version=3)
OTHER = a_borrower(name="Grace Otieno", phone="+254711000002", email=None, phone_privacy="shared")


def test_only_what_was_given_is_taken_up() -> None:
    taken = with_delivered(KNOWN, OTHER, {"name", "phone"})
    assert taken == a_borrower(
        name="Grace Otieno",
        phone="+254711000002",
        phone_privacy="shared",
        version=3,
        contact_confirmed_on=None,
        email_confirmed_on=KNOWN.contact_confirmed_on,
    )
    former = {
        "name": KNOWN.name,
        "phone": KNOWN.phone,
        "phone_privacy": None,
        "contact_confirmed_on": KNOWN.contact_confirmed_on,
        "email_confirmed_on": None,
    }
    assert replaced(KNOWN, taken) == former
    assert replaced(KNOWN, with_delivered(KNOWN, a_borrower(name="Joy"), ())) == {}


@pytest.mark.parametrize("field", ["email_consent", "sms_consent"])
def test_an_opt_out_is_never_undone(field: str) -> None:
    out = a_borrower(**{field: False})
    assert with_delivered(out, a_borrower(), DETAILS) == out
    assert with_delivered(a_borrower(), out, DETAILS) == out


def test_a_number_stays_barred_when_the_person_gets_another() -> None:
    barred = a_borrower(barred_phones=(KNOWN.phone,))
    moved = with_delivered(barred, OTHER, DETAILS)
    assert (moved.phone, moved.barred_phones) == ("+254711000002", (KNOWN.phone,))
    back = with_delivered(moved, a_borrower(), DETAILS)
    assert (back.phone, back.barred_phones) == (KNOWN.phone, (KNOWN.phone,))


def test_the_addresses_of_another_version_leave_the_rest() -> None:
    kept = with_addresses_of(OTHER, KNOWN)
    assert replaced(OTHER, kept) == {"phone": OTHER.phone, "email": None}


def test_what_a_person_said_stands_and_of_the_address_it_was_said_of() -> None:
    said = Instructions(phone_privacy="private", email_privacy="private", only_by="phone")
    known = a_borrower(phone_privacy="unsafe", instructions=said)
    assert with_delivered(known, replace(known, instructions=NO_INSTRUCTIONS), DETAILS) == known
    moved = with_delivered(known, OTHER, {"phone"})
    assert moved.instructions == replace(said, phone_privacy=None)
    assert with_addresses_of(moved, known) == known  # as the change of addresses has to wait


CONSENTS = st.sampled_from([None, True, False])
PEOPLE = st.builds(
    a_borrower,
    email_privacy=st.sampled_from([None, *PRIVACIES]),
    phone_privacy=st.sampled_from([None, *PRIVACIES]),
    instructions=st.sampled_from(
        [
            NO_INSTRUCTIONS,
            Instructions(only_by="letter", no_visits=True, text="Ask for Grace."),
            Instructions(phone_privacy="unsafe", email_privacy="shared"),
        ]
    ),
    phone=st.sampled_from([None, "+254711000001", "+254711000002"]),
    email_consent=CONSENTS,
    sms_consent=CONSENTS,
    barred_phones=st.sampled_from([(), ("+254711000001",), ("+254711000002",)]),
)


@given(PEOPLE, st.lists(st.tuples(PEOPLE, st.sets(st.sampled_from(DETAILS)))))
def test_no_sequence_of_files_lifts_what_is_forbidden(person, files) -> None:
    for delivered, given_details in files:
        new = with_delivered(person, delivered, given_details)
        for name in ("email_consent", "sms_consent"):
            told = getattr(delivered if name in given_details else person, name)
            known = getattr(person, name)
            assert getattr(new, name) is (False if known is False else told)
        assert set(person.barred_phones) <= set(new.barred_phones)
        assert new.instructions == person.instructions
        for channel in ("email", "sms"):
            assert is_neutral(person, channel) <= is_neutral(new, channel)
        person = new
