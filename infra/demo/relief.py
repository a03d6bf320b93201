"""What the demo's supervisor does about a flood: look what a relief would do, then give it."""

from __future__ import annotations

from datetime import date
from typing import Any

from recovery.documents.portfolio.relief_rule import drafted
from recovery.domain.portfolio.shock import Group
from recovery.domain.shared.actor import Actor, Role
from recovery.use_cases.portfolio.relief import Asked, Relieved, relieve_loans

_SUPERVISOR = Actor(
    id="typed:Ana Torres", name="Ana Torres", roles=frozenset({Role.SUPERVISOR}), typed=True
)
_MONTHS = 1
_SOURCE = "The institution's own help after the flood"


def give_relief(group: Group, day: date, institution_id: str, ports: Any) -> str:
    """Give the people of a place or portfolio a month without payments; say what came of it."""
    rule = drafted({f"{group.kind}s": [group.name]}, day, _MONTHS, day, _SOURCE)
    asked = Asked(rule=rule)
    would = _relieve(asked, institution_id, ports, dry_run=True)
    ports.reliefs.save(rule)
    given = _relieve(asked, institution_id, ports, dry_run=False)
    by_person = sum(each.by_person for each in given.refused)
    return (
        f"relief {rule.relief_id}: the dry run shows {len(would.granted)} loans;"
        f" {len(given.granted)} get a month, {len(given.refused)} do not, {by_person} of them are"
        " for a person to decide"
    )


def _relieve(asked: Asked, institution_id: str, ports: Any, *, dry_run: bool) -> Relieved:
    return relieve_loans(asked, institution_id, _SUPERVISOR, ports.now(), ports, dry_run=dry_run)
