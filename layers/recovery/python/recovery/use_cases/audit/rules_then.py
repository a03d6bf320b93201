"""The rules of law that were in force on a day for a loan and its borrower, with their source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recovery.documents.packs.reading import (
    careful_claim_pack,
    careful_contact_pack,
    careful_lending_pack,
    careful_people_pack,
    claim_pack,
    contact_pack,
    judicial_pack,
    lending_pack,
    people_pack,
)
from recovery.documents.questions.rule_text import rule_texts
from recovery.documents.shared.places import known_countries
from recovery.domain.shared.packs import Rule, rules_of
from recovery.use_cases.audit.as_known import Then


def rules_then(then: Then) -> dict[str, list[dict[str, Any]]]:
    """Return the rules by section: the law of the contract, and of where the borrower lived."""
    law, country = then.stored.loan.profile.law, then.person.country
    place = law or (country if country in known_countries() else None)
    packs: dict[str, Any] = {
        "lending": lending_pack(law) if law else careful_lending_pack(),
        "people": people_pack(law) if law else careful_people_pack(),
        "claim": claim_pack(law) if law else careful_claim_pack(),
        "contact": contact_pack(country)
        if country in known_countries()
        else careful_contact_pack(),
    }
    if place:
        packs["judicial"] = judicial_pack(place)
    return {name: list(rule_texts(_in_force(pack, then), then.day)) for name, pack in packs.items()}


def _in_force(pack: Any, then: Then) -> Iterator[Rule]:
    """Yield the country's rules of that day; the careful ones of a subject that it is silent on."""
    own = [] if pack.own is None else [*rules_of(pack.own)]
    spoken = {path.partition(".")[0] for path, rule in own if rule.holds(then.day)}
    yield from (rule for _, rule in own if rule.holds(then.day))
    for path, rule in rules_of(pack.careful):
        if path.partition(".")[0] not in spoken and rule.holds(then.day):
            yield rule
