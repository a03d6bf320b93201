"""Stop all pressure on somebody whose death was reported, by a bank, an insurer or a relative."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from recovery.domain.agreements.person_request import HoldReported, PersonFactRequest
from recovery.domain.agreements.restraints import Kind
from recovery.domain.shared.actor import Actor
from recovery.use_cases.people.record_person_fact import PersonFactPorts, record_person_fact

_LONGEST_ID = 64


def report_death(
    institution_id: str,
    person_id: str,
    on: date,
    source: str,
    by: Actor,
    now: datetime,
    ports: PersonFactPorts,
) -> None:
    """Record the death once, unless it is on record already or the person is not.

    ``source`` is what reported it, such as MD07 and the id of the returned payment. Nobody has seen
    a certificate yet.
    """
    person = ports.people.find(person_id)
    if person is None:
        return
    if any(each.kind == Kind.DEATH and each.holds(on) for each in person.restraints):
        return
    request = PersonFactRequest(
        fact_id=_fact_id(source),
        person_id=person_id,
        fact=HoldReported(Kind.DEATH, on, reason_code=source[:40]),
        reason=f"death reported: {source}"[:140],
        said=f"death {source}",
    )
    record_person_fact(institution_id, request, by, now, ports)


def _fact_id(source: str) -> str:
    """Return an id, the same for the same source."""
    fact_id = "death." + "".join(
        each if each.isalnum() or each in "._-" else "-" for each in source
    )
    if len(fact_id) <= _LONGEST_ID:
        return fact_id
    return f"death.{hashlib.sha256(source.encode()).hexdigest()[:32]}"
