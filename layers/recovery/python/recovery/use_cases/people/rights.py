"""Answer what a person asks about what is held: access, correction, objection, restriction,
erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from recovery.documents.people.rights_request import AskedRight
from recovery.domain.agreements.people_rules import answer_by, retention_days
from recovery.domain.agreements.person_facts import Hold
from recovery.domain.agreements.person_request import HoldReported, PersonFactRequest
from recovery.domain.agreements.rights import Right, RightsRequest
from recovery.domain.contact.borrower import Borrower, ContactChange
from recovery.domain.contact.details import replaced, standing_instructions
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import IdTakenError
from recovery.use_cases.people.access import AccessPorts, everything_held
from recovery.use_cases.people.erasures import erase
from recovery.use_cases.people.person import STAFF, allow, find_person, rules_for
from recovery.use_cases.people.record_person_fact import record_person_fact
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_when_stale

_MAY: Mapping[Right, tuple[Role, ...]] = {
    Right.ACCESS: (Role.TRAINED, Role.SUPERVISOR, Role.LEGAL),
    Right.ERASURE: (Role.TRAINED, Role.SUPERVISOR, Role.LEGAL),
    Right.CORRECTION: STAFF,
    Right.OBJECTION: STAFF,
    Right.RESTRICTION: STAFF,
}


@dataclass(frozen=True, slots=True)
class RightTaken:
    """The request with its answer, whether this call answered it, and, for an access, what is held
    now: that is never kept."""

    request: RightsRequest
    recorded: bool
    held: Mapping[str, object] | None = None


@retry_when_stale
def answer_request(
    institution_id: str,
    person_id: str,
    asked: AskedRight,
    by: Actor,
    now: datetime,
    ports: AccessPorts,
) -> RightTaken:
    """Answer the request at once and put it on record; a repeat changes nothing.

    What a failure left undone is done by the repeat. Raises NotAllowedError, NotOnRecordError,
    RefusedError, IdTakenError.
    """
    allow(by, *_MAY[asked.right], to=f"answer a request for {asked.right}")
    person = find_person(person_id, ports)
    known = ports.rights.request(person_id, asked.request_id)
    if known and known.fingerprint != asked.fingerprint:
        raise IdTakenError("request_id", f"request {asked.request_id}")
    if known is None:
        today = local_date(institution_id, now, ports.institutions)
        answer = _carried_out(institution_id, person, asked, by, now, ports)
        request = _answered(person, asked, by, today, answer, ports)
        ports.audit.add(person_id, AuditEntry(now, Act.REQUEST_ANSWERED, by, asked.request_id))
    held = everything_held(person, by, now, ports) if asked.right is Right.ACCESS else None
    return RightTaken(known or request, recorded=known is None, held=held)


def _answered(
    person: Borrower,
    asked: AskedRight,
    by: Actor,
    today: date,
    answer: Mapping[str, object],
    ports: AccessPorts,
) -> RightsRequest:
    pack = rules_for(person)
    request = RightsRequest(
        request_id=asked.request_id,
        person_id=person.borrower_id,
        right=asked.right,
        received_on=today,
        answer_by=answer_by(pack, asked.right, today),
        answered_on=today,
        answered_by=by.in_words(),
        fingerprint=asked.fingerprint,
        answer=answer,
    )
    days = None if person.legal_hold else retention_days(pack, "request", today)
    ports.rights.add_request(request, days)
    return request


def _carried_out(
    institution_id: str,
    person: Borrower,
    asked: AskedRight,
    by: Actor,
    now: datetime,
    ports: AccessPorts,
) -> dict[str, object]:
    """Do what is asked, so that doing it again changes nothing; return the answer."""
    match asked.right:
        case Right.ACCESS:
            return {"given": "everything held"}
        case Right.CORRECTION:
            today = local_date(institution_id, now, ports.institutions)
            _correct(person, asked, today, ports)
            return {"corrected": sorted(asked.details)}
        case Right.ERASURE:
            return erase(institution_id, person, by, now, ports)
        case Right.OBJECTION | Right.RESTRICTION:
            today = business_date(institution_id, now, ports.institutions)
            fact = HoldReported(asked.right, today)
            request = PersonFactRequest(
                fact_id=asked.request_id,
                person_id=person.borrower_id,
                fact=fact,
                reason=f"the person asked for {asked.right}",
                said=asked.right,
            )
            recorded = record_person_fact(institution_id, request, by, now, ports).record.fact
            assert isinstance(recorded, Hold)
            return {"stopped": sorted(recorded.blocks), "fact_id": asked.request_id}


def _correct(person: Borrower, asked: AskedRight, on: date, ports: AccessPorts) -> None:
    """Put the details right, and keep what they were."""
    right: Borrower = replace(person, **asked.details)  # type: ignore[arg-type]
    right = replace(right, instructions=standing_instructions(person, right))
    change = ContactChange(on, asked.request_id, replaced(person, right))
    ports.borrowers.save_contact_details(right, change)


def request_document(request: RightsRequest) -> dict[str, object]:
    """Return the request and its answer for the API."""
    return {
        "request_id": request.request_id,
        "kind": request.right,
        "received_on": request.received_on.isoformat(),
        "answer_by": request.answer_by.isoformat(),
        "answered_on": request.answered_on.isoformat(),
        "answered_by": request.answered_by,
        "answer": dict(request.answer),
    }
