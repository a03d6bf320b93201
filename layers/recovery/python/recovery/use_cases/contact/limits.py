"""What limits contact with a person: the institution's policy, and the law wherever they may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import contact_pack
from recovery.documents.shared.places import country_of_phone, known_countries, zones_of
from recovery.domain.contact.advice import law_to_respect
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.gate import what_to_respect
from recovery.domain.contact.places import Limits, Place
from recovery.domain.contact.policy import ContactPolicy


def limits_for(person: Borrower, policy: ContactPolicy) -> Limits:
    """Return what holds for this person; without a known country and zone, no place at all.

    Whoever has a phone number of another country may be there: then every zone of it counts too.
    """
    zone = zone_of(person)
    if zone is None or person.country not in known_countries():
        return Limits(policy, ())
    return Limits(policy, (_place(person.country, zone), *_other_places(person)))


def zone_of(person: Borrower) -> ZoneInfo | None:
    """Return the zone on record, None if it is not known."""
    try:
        return ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def to_respect(person: Borrower, on: date) -> Iterator[str]:
    """Yield what whoever contacts the person has to respect: their own words, then the law."""
    yield from what_to_respect(person)
    if person.country in known_countries():
        yield from law_to_respect(contact_pack(person.country), on)


def _other_places(person: Borrower) -> Iterator[Place]:
    number = person.phone and country_of_phone(person.phone)
    if number and number != person.country:
        yield _place(number, *map(ZoneInfo, zones_of(number)))


def _place(country: str, *zones: ZoneInfo) -> Place:
    return Place(contact_pack(country), zones, public_holidays(country))
