"""Everything held about a person, readable."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from recovery.documents.agreements.letter_document import held_letter_document
from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.said import Dispute
from recovery.domain.contact.borrower import Borrower
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.ports.needs import (
    HasAssessments,
    HasAudit,
    HasBorrowers,
    HasCases,
    HasEvidence,
    HasLetters,
    HasNotes,
    HasPeople,
    HasReplies,
    HasRights,
    HasTasks,
    HasTimeline,
    LoansAndInstitutions,
)
from recovery.use_cases.accounting.read_loan import read_loan
from recovery.use_cases.agreements.assess import assessment_record_document
from recovery.use_cases.people.legal_holds import legal_hold_document
from recovery.use_cases.people.notes import mark_document, note_document
from recovery.use_cases.people.record_person_fact import person_fact_document

_OWN = "borrower"
_DETAILS = (
    *(
        "name",
        "language",
        "second_language",
        "country",
        "time_zone",
        "email",
        "phone",
        "preferred_channel",
    ),
    *("email_consent", "sms_consent", "contact_confirmed_on", "barred_phones"),
    *("email_privacy", "phone_privacy", "instructions", "recent_contacts"),
)


class AccessPorts(
    LoansAndInstitutions,
    HasBorrowers,
    HasPeople,
    HasReplies,
    HasTimeline,
    HasCases,
    HasTasks,
    HasNotes,
    HasAssessments,
    HasRights,
    HasAudit,
    HasEvidence,
    HasLetters,
    Protocol,
):
    """Everything that is held about a person."""


def everything_held(
    person: Borrower, by: Actor, now: datetime, ports: AccessPorts
) -> dict[str, object]:
    """Return all of it as JSON, which goes on record; what notes say only for a trained reader.

    Of a loan that the person only secures, no more than that: the rest is another's.
    """
    person_id = person.borrower_id
    ports.audit.add(person_id, AuditEntry(now, Act.EVERYTHING_READ, by))
    roles = ports.borrowers.roles_of(person_id)
    return {
        "person_id": person_id,
        "details": {name: to_plain(getattr(person, name)) for name in _DETAILS},
        "former_details": to_plain(ports.borrowers.contact_changes(person_id)),
        "restraints": [to_plain(each) for each in person.restraints],
        "facts": [person_fact_document(each) for each in ports.people.facts(person_id)],
        "loans": [
            _loan(loan_id, person_id, now, ports)
            if role == _OWN
            else {"loan_id": loan_id, "role": role}
            for loan_id, role in sorted(roles.items())
        ],
        "letters": [
            {"loan_id": loan_id, "agreement_id": each.agreement_id, **held_letter_document(each)}
            for loan_id in sorted(roles)
            for each in ports.letters.of_loan(loan_id)
            if each.person_id == person_id
        ],
        "tasks": to_plain(ports.tasks.of_person(person_id)),
        "assessments": [
            assessment_record_document(each) for each in ports.assessments.of_person(person_id)
        ],
        "replies": to_plain(ports.replies.of_person(person_id)),
        "notes": _notes(person_id, by, now, ports),
        "legal_holds": [
            legal_hold_document(each) for each in ports.rights.legal_holds_of(person_id)
        ],
        "requests": [
            {"request_id": each.request_id, "kind": each.right, "on": each.received_on.isoformat()}
            for each in ports.rights.requests_of(person_id)
        ],
        "seen_or_done": [
            {"at": each.at.isoformat(), "act": each.act, "by": each.by.in_words()}
            for each in ports.audit.of_person(person_id)
        ],
    }


def _loan(loan_id: str, person_id: str, now: datetime, ports: AccessPorts) -> dict[str, object]:
    disputes = (
        each.fact_id
        for each in ports.loans.recorded(loan_id).facts
        if isinstance(each.fact, Dispute)
    )
    return {
        "loan_id": loan_id,
        "role": _OWN,
        "loan": read_loan(loan_id, now, ports),
        "timeline": [
            {"on": each.on.isoformat(), "kind": each.kind, "text": each.text}
            for each in ports.timeline.entries(loan_id)
        ],
        "decisions": [
            {
                "kind": each.kind,
                "asked_at": each.asked_at.isoformat(),
                "reason": each.reason,
                "outcome": each.outcome,
            }
            for each in ports.cases.decisions_of(loan_id)
        ],
        "messages": to_plain(ports.borrowers.told_about(person_id, loan_id)),
        "evidence": [
            {"dispute_id": dispute_id, "document_id": document.document_id}
            for dispute_id in disputes
            for document in ports.evidence.documents_of(loan_id, dispute_id)
        ],
    }


def _notes(person_id: str, by: Actor, now: datetime, ports: AccessPorts) -> list[dict[str, object]]:
    if not by.is_person or not by.may(Role.TRAINED):
        return [mark_document(each) for each in ports.notes.marks_of(person_id)]
    ports.audit.add(person_id, AuditEntry(now, Act.NOTES_READ, by))
    return [note_document(each) for each in ports.notes.of_person(person_id)]
