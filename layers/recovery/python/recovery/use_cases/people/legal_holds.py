"""Place and end legal holds: while one lasts, nothing held about the person expires."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from recovery.domain.agreements.people_rules import days_kept
from recovery.domain.agreements.rights import LegalHold
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import IdTakenError, NotOnRecordError
from recovery.ports.needs import HasEvidence, HasRights
from recovery.use_cases.people.erasures import ErasurePorts, finish_erasures
from recovery.use_cases.people.person import allow, find_person, rules_for
from recovery.use_cases.shared.business_date import local_date
from recovery.use_cases.shared.retrying import retry_when_stale

_MAY_HOLD = (Role.LEGAL, Role.SUPERVISOR)


class LegalHoldPorts(ErasurePorts, HasEvidence, Protocol):
    """What legal holds need."""


@retry_when_stale
def place_legal_hold(
    institution_id: str,
    person_id: str,
    hold_id: str,
    reason: str,
    by: Actor,
    now: datetime,
    ports: LegalHoldPorts,
) -> LegalHold:
    """Keep everything held about the person until the hold ends; a repeat changes nothing.

    Raises NotAllowedError, NotOnRecordError, IdTakenError.
    """
    allow(by, *_MAY_HOLD, to="place a legal hold")
    find_person(person_id, ports)
    known = _find(person_id, hold_id, ports)
    if known and known.reason != reason:
        raise IdTakenError("hold_id", f"legal hold {hold_id}")
    if known is None:
        known = LegalHold(
            hold_id=hold_id,
            reason=reason,
            placed_on=local_date(institution_id, now, ports.institutions),
            placed_by=by.in_words(),
        )
        ports.rights.save_legal_hold(person_id, known)
        ports.audit.add(person_id, AuditEntry(now, Act.LEGAL_HOLD_PLACED, by, hold_id))
    if known.ended_on is None:
        ports.rights.keep_all(person_id)
        _let_evidence_expire(person_id, False, ports)
    return known


@retry_when_stale
def end_legal_hold(
    institution_id: str,
    person_id: str,
    hold_id: str,
    by: Actor,
    now: datetime,
    ports: LegalHoldPorts,
) -> LegalHold:
    """End the hold: unless another lasts, everything expires again as the pack says, and what the
    person had asked to erase is erased.

    Raises NotAllowedError, NotOnRecordError.
    """
    allow(by, *_MAY_HOLD, to="end a legal hold")
    person = find_person(person_id, ports)
    hold = _find(person_id, hold_id, ports)
    if hold is None:
        raise NotOnRecordError("hold_id", f"legal hold {hold_id}")
    today = local_date(institution_id, now, ports.institutions)
    if hold.ended_on is None:
        hold = replace(hold, ended_on=today, ended_by=by.in_words())
        ports.rights.save_legal_hold(person_id, hold)
        ports.audit.add(person_id, AuditEntry(now, Act.LEGAL_HOLD_ENDED, by, hold_id))
    if all(each.ended_on for each in ports.rights.legal_holds_of(person_id)):
        ports.rights.let_expire(person_id, days_kept(rules_for(person), today))
        _let_evidence_expire(person_id, True, ports)
        finish_erasures(institution_id, person_id, by, now, ports)
    return hold


def legal_hold_document(hold: LegalHold) -> dict[str, object]:
    """Return the hold for the API."""
    return {
        "hold_id": hold.hold_id,
        "reason": hold.reason,
        "placed_on": hold.placed_on.isoformat(),
        "placed_by": hold.placed_by,
        "ended_on": hold.ended_on.isoformat() if hold.ended_on else None,
        "ended_by": hold.ended_by,
    }


def _let_evidence_expire(person_id: str, expires: bool, ports: LegalHoldPorts) -> None:
    for loan_id in ports.borrowers.loans_of(person_id):
        ports.evidence.let_expire(loan_id, expires)


def _find(person_id: str, hold_id: str, ports: HasRights) -> LegalHold | None:
    holds = ports.rights.legal_holds_of(person_id)
    return next((each for each in holds if each.hold_id == hold_id), None)
