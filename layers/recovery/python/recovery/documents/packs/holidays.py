"""Read the public holidays that ship with the packs.

`infra.contact.public_holidays` writes them, so that what runs needs no library for them. They are
national ones: in which part of a country a person lives, no record says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

FILE_NAME = "holidays.json"


@cache
def public_holidays(country: str) -> frozenset[date]:
    """Return a country's public holidays of the years that the file holds; none if unknown."""
    by_year = _file().get(country, {})
    return frozenset(
        date(int(year), int(day[:2]), int(day[2:]))
        for year, days in by_year.items()
        for day in days
    )


@cache
def _file() -> Mapping[str, Mapping[str, list[str]]]:
    text = files("recovery").joinpath("packs", FILE_NAME).read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, list[str]]] = json.loads(text)
    return found
