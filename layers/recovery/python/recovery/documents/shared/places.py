"""Countries, the time zones they have, and the country that a phone number is from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def known_countries() -> frozenset[str]:
    """Return the codes of ISO 3166-1, as the time zone database lists them, and XK.

    XK is Kosovo's by common use; ISO 3166 leaves it to its users.
    """
    return frozenset(row[0] for row in _rows("iso3166.tab")) | {"XK"}


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """Return the names of a country's time zones, such as Africa/Nairobi; () if none are known."""
    return tuple(row[2] for row in _rows("zone.tab") if row[0] == country)


def zone_for(country: str, usual: str) -> str:
    """Return the zone of who lives in a country: ``usual`` if it has it, else its only one.

    "" if neither says which.
    """
    zones = zones_of(country)
    if usual in zones:
        return usual
    return zones[0] if len(zones) == 1 else ""


def country_of_phone(phone: str) -> str | None:
    """Return the country of a number such as +51900000123, None if no country has it."""
    import phonenumbers  # deferred: not every function has it

    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return None
    code = number.country_code or 0
    found = phonenumbers.region_code_for_number(number)
    found = found or phonenumbers.region_code_for_country_code(code)
    return found if found in known_countries() else None


@cache
def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    text = files("tzdata").joinpath("zoneinfo", table).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(tuple(line.split("\t")) for line in lines)
