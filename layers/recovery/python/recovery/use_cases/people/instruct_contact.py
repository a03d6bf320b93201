"""Record how a person wants to be contacted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from recovery.domain.contact.borrower import Borrower, ContactChange
from recovery.domain.contact.details import replaced
from recovery.domain.contact.instructions import instruction_problems
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import RefusedError
from recovery.ports.needs import HasAudit, HasBorrowers, HasInstitutions
from recovery.use_cases.people.person import STAFF, allow, find_person
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale


class InstructingPorts(HasBorrowers, HasInstitutions, HasAudit, Protocol):
    """What instructions need."""


@dataclass(frozen=True, slots=True)
class Instructed:
    """The person with their instructions, and whether this call changed any."""

    person: Borrower
    changed: bool


def _any(person: Borrower) -> None:
    """Let every person pass."""


@retry_when_stale
def instruct_contact(
    institution_id: str,
    person_id: str,
    changes: Mapping[str, Any],
    by: Actor,
    now: datetime,
    ports: InstructingPorts,
    check: Callable[[Borrower], None] = _any,
) -> Instructed:
    """Change what the person asked for; ``changes`` are fields of their instructions.

    ``check`` may refuse it by the person as they are found. What was so far stays on record, with
    the day and who changed it. A message that is about to leave reads the person again.
    Raises NotAllowedError, NotOnRecordError, RefusedError.
    """
    allow(by, *STAFF, to="record how a person wants to be contacted")
    person = find_person(person_id, ports)
    check(person)
    instructed = replace(person, instructions=replace(person.instructions, **changes))
    if problems := list(instruction_problems(instructed.instructions)):
        raise RefusedError(*problems)
    on = business_date(institution_id, now, ports.institutions)
    change = ContactChange(on, "", replaced(person, instructed), by=by.id)
    changed = ports.borrowers.save_contact_details(instructed, change)
    if changed:
        ports.audit.add(person_id, AuditEntry(now, Act.CONTACT_INSTRUCTED, by))
    return Instructed(instructed, changed)


def contact_of(person_id: str, by: Actor, ports: HasBorrowers) -> Borrower:
    """Return the person with their instructions. Raises NotAllowedError, NotOnRecordError."""
    allow(by, *STAFF, to="read how a person wants to be contacted")
    return find_person(person_id, ports)
