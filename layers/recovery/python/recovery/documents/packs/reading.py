"""Read the packs that ship with the package.

They are checked by ``checking.py`` in the tests of every build; what runs reads them without
pydantic, so that functions which review loans need not load it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from recovery.documents.packs.sections import (
    CAPACITY,
    CLAIM,
    CONTACT,
    JUDICIAL,
    LENDING,
    PEOPLE,
    Section,
)
from recovery.documents.shared.places import known_countries
from recovery.documents.shared.plain import from_plain
from recovery.domain.accounting.lending import LendingPack
from recovery.domain.agreements.capacity_rules import CapacityPack
from recovery.domain.agreements.people_rules import PeoplePack
from recovery.domain.contact.contact_rules import ContactPack
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.rules import JudicialPack
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.packs import Pack

CAREFUL = "careful"
EU = "eu"

S = TypeVar("S")


def lending_pack(country: str) -> LendingPack:
    """Return the rules for lending of the country whose law governs the contract.

    ``country`` is an ISO 3166-1 code in capitals, such as KE. A country without rules has the
    careful ones. Raises RefusedError for an unknown country.
    """
    return _pack(LENDING, country)


def careful_lending_pack() -> LendingPack:
    """Return the rules for a contract whose law is not known."""
    return _careful(LENDING)


def people_pack(country: str) -> PeoplePack:
    """Return the rules for people of the country whose law governs the contract.

    Country and errors are as for ``lending_pack``.
    """
    return _pack(PEOPLE, country)


def careful_people_pack() -> PeoplePack:
    """Return the rules for people whose contract's law is not known."""
    return _careful(PEOPLE)


def contact_pack(country: str) -> ContactPack:
    """Return the rules for contact with people who live in this country.

    A member state of the European Union without rules of its own has those of ``packs/eu``, any
    other country the careful ones. Country and errors are as for ``lending_pack``.
    """
    return _pack_or_eu(CONTACT, country)


def careful_contact_pack() -> ContactPack:
    """Return the rules for contact with people of whose country nothing is known."""
    return _careful(CONTACT)


@cache
def contact_packs() -> Mapping[str, ContactPack]:
    """Return the rules for contact of every place that has its own, and the careful ones."""
    careful = careful_contact_pack()
    places = {place for place, file, _ in shipped_files() if file == f"{CONTACT.name}.toml"}
    own = {place: Pack(_rules(CONTACT, place), careful.careful) for place in places - {CAREFUL}}
    return own | {CAREFUL: careful}


def claim_pack(country: str) -> ClaimPack:
    """Return the rules for claims under the law of this country.

    Country and errors are as for ``lending_pack``.
    """
    return _pack(CLAIM, country)


def careful_claim_pack() -> ClaimPack:
    """Return the rules for claims under a law that is not known."""
    return _careful(CLAIM)


def judicial_pack(country: str) -> JudicialPack:
    """Return the rules for judicial recovery before the courts of this country.

    Country and errors are as for ``lending_pack``; EU has those for claims across its borders.
    """
    if country == EU.upper():
        return Pack(_rules(JUDICIAL, EU), _careful(JUDICIAL).careful)
    return _pack(JUDICIAL, country)


def careful_judicial_pack() -> JudicialPack:
    """Return the rules for a contract whose law is not known."""
    return _careful(JUDICIAL)


def capacity_pack(country: str) -> CapacityPack:
    """Return the rules for judging what a household in this country can repay.

    A member state of the European Union without rules of its own has those of ``packs/eu``, any
    other country the careful ones. Country and errors are as for ``lending_pack``.
    """
    return _pack_or_eu(CAPACITY, country)


def careful_capacity_pack() -> CapacityPack:
    """Return the rules for a household of whose country nothing is known."""
    return _careful(CAPACITY)


@cache
def eu_members() -> frozenset[str]:
    """Return the country codes of the member states of the European Union."""
    text = _packs().joinpath("eu_members.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["members"])


def shipped_files() -> Iterator[tuple[str, str, str]]:
    """Yield place (a country in lower case, "eu" or "careful"), file name and text of each file."""
    folders = (each for each in _packs().iterdir() if each.is_dir())
    for folder in sorted(folders, key=lambda each: each.name):
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            yield folder.name, file.name, file.read_text(encoding="utf-8")


def parsed(text: str) -> dict[str, Any]:
    """Parse a file to JSON-ready values, days and decimals as strings.

    Raises tomllib.TOMLDecodeError.
    """
    values = tomllib.loads(text, parse_float=Decimal)
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return plain


def _pack_or_eu(section: Section[S], country: str) -> Pack[S]:
    pack = _pack(section, country)
    if pack.own is None and country in eu_members():
        return Pack(_rules(section, EU), pack.careful)
    return pack


@cache
def _pack(section: Section[S], country: str) -> Pack[S]:
    if country not in known_countries():
        reason = f"{country[:20]!r} is not a country code"
        remedy = "Use an ISO 3166 code in capitals, such as KE"
        raise RefusedError(Problem("country", reason, remedy, "not_found"))
    return Pack(_rules(section, country.lower()), _careful(section).careful)


def _careful(section: Section[S]) -> Pack[S]:
    careful = _rules(section, CAREFUL)
    assert careful is not None, f"{section.name} has no careful default"
    return Pack(None, careful)


@cache
def _rules(section: Section[S], place: str) -> S | None:
    file = _packs().joinpath(place, f"{section.name}.toml")
    if not file.is_file():
        return None
    return from_plain(section.kind, parsed(file.read_text(encoding="utf-8")))


def _packs() -> Traversable:
    return files("recovery").joinpath("packs")
