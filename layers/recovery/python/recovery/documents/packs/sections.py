"""The sections that a pack may have. A new one is a dataclass of rules, registered here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from recovery.domain.accounting.lending import LendingRules, lending_problems
from recovery.domain.agreements.capacity_rules import CapacityRules, capacity_rule_problems
from recovery.domain.agreements.people_rules import PeopleRules, people_problems
from recovery.domain.contact.contact_rules import ContactRules, contact_rule_problems
from recovery.domain.judicial.claim_rules import ClaimRules, claim_rule_problems
from recovery.domain.judicial.rule_checks import judicial_problems
from recovery.domain.judicial.rules import JudicialRules
from recovery.domain.shared.errors import Problem

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Section(Generic[S]):
    """One kind of file: ``<name>.toml`` holds a ``kind``, whose own rules ``problems`` checks."""

    name: str
    kind: type[S]
    problems: Callable[[S], Iterator[Problem]]


LENDING = Section("lending", LendingRules, lending_problems)
PEOPLE = Section("people", PeopleRules, people_problems)
CONTACT = Section("contact", ContactRules, contact_rule_problems)
CAPACITY = Section("capacity", CapacityRules, capacity_rule_problems)
CLAIM = Section("claim", ClaimRules, claim_rule_problems)
JUDICIAL = Section("judicial", JudicialRules, judicial_problems)

SECTIONS: Mapping[str, Section[Any]] = {
    each.name: each for each in (LENDING, PEOPLE, CONTACT, CAPACITY, CLAIM, JUDICIAL)
}
