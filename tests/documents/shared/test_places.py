"""Countries, their zones, and the country of a phone number."""

import pytest

from recovery.documents.shared.places import (
    country_of_phone,
    known_countries,
    zone_for,
    zones_of,
)


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+34600000001", "ES"),
        ("+31610000001", "NL"),
        ("+51900000001", "PE"),
        ("+254711000001", "KE"),
        ("+12125550100", "US"),
        ("+14165550100", "CA"),
        ("+10000000000", "US"),  # of all that share the code, the main one
        ("+80012345678", None),  # free of charge, of no country
        ("+383440000001", "XK"),
        ("+", None),
        ("+9991", None),
    ],
)
def test_a_phone_number_has_a_country(phone, country) -> None:
    assert country_of_phone(phone) == country


def test_every_zone_is_of_a_known_country() -> None:
    assert {"ES", "KE", "XK"} <= known_countries()
    assert zones_of("KE") == ("Africa/Nairobi",)
    assert len(zones_of("US")) > 4
    assert zones_of("XX") == ()


@pytest.mark.parametrize(
    ("country", "usual", "zone"),
    [
        ("ES", "Europe/Madrid", "Europe/Madrid"),
        ("ES", "UTC", ""),  # the mainland or the islands: nobody said
        ("KE", "UTC", "Africa/Nairobi"),
        ("NL", "Europe/Madrid", "Europe/Amsterdam"),
        ("MX", "America/Tijuana", "America/Tijuana"),
        ("MX", "Europe/Madrid", ""),
        ("XX", "UTC", ""),
    ],
)
def test_who_gave_no_zone_is_in_one_that_their_country_has(country, usual, zone) -> None:
    assert zone_for(country, usual) == zone
