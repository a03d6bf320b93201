"""Addresses, as they are compared."""

import pytest

from recovery.domain.contact.addresses import addresses_of, has_address, normalised
from tests.builders import a_borrower


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("+254 711-000-001", "+254711000001"),
        ("254711000001", "254711000001"),
        (" Grace@Example.ORG ", "grace@example.org"),
    ],
)
def test_an_address_has_one_form(written, compared) -> None:
    assert normalised(written) == compared


def test_a_person_has_the_addresses_on_record() -> None:
    person = a_borrower(email="G@example.org", phone=None)
    assert [*addresses_of(person)] == ["g@example.org"]
    assert has_address(person, "email", "g@EXAMPLE.org")
    assert not has_address(person, "sms", "+254711000001")
