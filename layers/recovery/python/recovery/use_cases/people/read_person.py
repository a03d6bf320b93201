"""Read what people told, and what holds back for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from recovery.documents.agreements.restraint_document import held_document
from recovery.domain.agreements.restraints import Restraint, in_force
from recovery.domain.shared.errors import NotOnRecordError
from recovery.domain.shared.iso_dates import iso
from recovery.ports.needs import HasLoans, HasPeople, LoansAndInstitutions
from recovery.use_cases.people.learning import learning_document
from recovery.use_cases.people.record_person_fact import person_fact_document
from recovery.use_cases.shared.business_date import business_date


class HeldPorts(LoansAndInstitutions, HasPeople, Protocol):
    """People and loans, and the business date."""


def read_person(
    institution_id: str, person_id: str, now: datetime, ports: HeldPorts
) -> dict[str, Any]:
    """Return every fact of the person, and what holds back today. Raises NotOnRecordError."""
    person = ports.people.find(person_id)
    if person is None:
        raise NotOnRecordError("person_id", f"person {person_id}")
    today = business_date(institution_id, now, ports.institutions)
    return {
        "person_id": person_id,
        "held_by": [held_document(each) for each in in_force(person.restraints, today)],
        "learning": learning_document(person.learning),
        "facts": [person_fact_document(each) for each in ports.people.facts(person_id)],
    }


def read_held(institution_id: str, now: datetime, ports: HeldPorts) -> list[dict[str, object]]:
    """List who and what is held back today, since when and until when, the longest first.

    One query finds them; each is read to say why.
    """
    today = business_date(institution_id, now, ports.institutions)
    found = list[dict[str, object]]()
    for each in ports.people.held():
        restraints = _of_person(each.id, ports) if each.of == "person" else _of_loan(each.id, ports)
        holding = in_force(restraints, today)
        if holding:
            found.append(
                {
                    each.of: each.id,
                    "since": each.since.isoformat(),
                    "until": _until(holding),
                    "held_by": [held_document(restraint) for restraint in holding],
                }
            )
    return found


def _of_person(person_id: str, ports: HasPeople) -> Sequence[Restraint]:
    person = ports.people.find(person_id)
    return person.restraints if person else ()


def _of_loan(loan_id: str, ports: HasLoans) -> Sequence[Restraint]:
    found = ports.loans.load_many([loan_id])
    return [each for stored in found for each in stored.state.restraints if not each.of_person]


def _until(holding: Iterable[Restraint]) -> str | None:
    """Return the last day of what holds longest; None if that is open."""
    ends = [each.until for each in holding]
    known = [each for each in ends if each is not None]
    return iso(max(known)) if len(known) == len(ends) else None
