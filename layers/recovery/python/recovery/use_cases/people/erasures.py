"""Erase what is held of a person, as far as no law or open loan keeps it, and the rest later."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from recovery.domain.agreements.rights import (
    Erased,
    LoanHeld,
    Right,
    RightsRequest,
    erasure,
    waits_to_be_erased,
)
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.instructions import NO_INSTRUCTIONS
from recovery.domain.loan_end import has_ended, last_entry
from recovery.domain.loan_state import standing_of
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.ports.needs import (
    HasAssessments,
    HasAudit,
    HasBorrowers,
    HasNotes,
    HasRights,
    LoansAndInstitutions,
)
from recovery.use_cases.people.person import rules_for
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.rules import rules_of

NOBODY = "erased"
LOAN_ENDED = Actor(id="loan-ended", name="the end of a loan", roles=frozenset({Role.SERVICE}))


class ErasurePorts(
    LoansAndInstitutions, HasBorrowers, HasNotes, HasAssessments, HasRights, HasAudit, Protocol
):
    """Everything that may be erased, and what keeps it."""


def finish_erasures(
    institution_id: str, person_id: str, by: Actor, now: datetime, ports: ErasurePorts
) -> int:
    """Erase now what a loan or a legal hold kept when the person asked; return of how many requests
    something went. What still has to stay goes on waiting; a repeat changes nothing."""
    finished = 0
    for request in ports.rights.requests_of(person_id):
        waiting = waits_to_be_erased(request.answer) if request.right == Right.ERASURE else ()
        people = ports.borrowers.load_many([person_id]) if waiting else []
        for person in people:
            answer = erase(institution_id, person, by, now, ports, only=waiting)
            if not answer["erased"]:
                continue
            finished += 1
            ports.rights.save_answer(_with_more(request, answer))
            entry = AuditEntry(now, Act.ERASURE_FINISHED, by, request.request_id)
            ports.audit.add(person_id, entry)
    return finished


def finish_erasures_of_loan(
    institution_id: str, loan_id: str, now: datetime, ports: ErasurePorts
) -> int:
    """Do so for everybody who owed or answered for a loan that has ended."""
    people = {each.person_id for each in ports.loans.recorded(loan_id).parties_said()}
    for stored in ports.loans.load_many([loan_id]):
        people.add(stored.loan.borrower_id)
    return sum(
        finish_erasures(institution_id, each, LOAN_ENDED, now, ports) for each in sorted(people)
    )


def _with_more(request: RightsRequest, answer: dict[str, object]) -> RightsRequest:
    """Return the request with what went later besides, and what still stays."""
    before, more = request.answer["erased"], answer["erased"]
    assert isinstance(before, list | tuple) and isinstance(more, list)
    return replace(request, answer={**answer, "erased": [*before, *more]})


def erase(
    institution_id: str,
    person: Borrower,
    by: Actor,
    now: datetime,
    ports: ErasurePorts,
    *,
    only: Collection[str] = tuple(Erased),
) -> dict[str, object]:
    """Erase what may go, of what is named by ``only``; return what went, what stays, and why."""
    person_id = person.borrower_id
    today = local_date(institution_id, now, ports.institutions)
    plan = erasure(
        tuple(_loans(institution_id, person_id, now, ports)),
        ports.rights.legal_holds_of(person_id),
        rules_for(person),
        today,
    )
    erases = [each for each in plan.erases if each in only]
    for each in erases:
        match each:
            case Erased.NOTES:
                for mark in ports.notes.marks_of(person_id):
                    ports.notes.erase(person_id, mark.note_id)
                    ports.audit.add(person_id, AuditEntry(now, Act.NOTE_ERASED, by, mark.note_id))
            case Erased.ASSESSMENTS:
                ports.assessments.erase_all(person_id)
            case Erased.FORMER_DETAILS:
                ports.rights.erase_former_details(person_id)
            case Erased.DETAILS:
                ports.borrowers.save_contact_details(_without_details(person))
            case Erased.MESSAGES:
                ports.rights.erase_messages(person_id)
    return {
        "erased": [str(each) for each in erases],
        "kept": [
            {
                "what": each.what,
                "why": each.why,
                "until": each.until.isoformat() if each.until else None,
            }
            for each in plan.keeps
        ],
        "elsewhere": "systems that send files hold the details too; erase them there as well",
    }


def _without_details(person: Borrower) -> Borrower:
    return replace(
        person,
        name=NOBODY,
        email=None,
        phone=None,
        preferred_channel=None,
        email_consent=False,
        sms_consent=False,
        contact_confirmed_on=None,
        email_privacy=None,
        phone_privacy=None,
        instructions=NO_INSTRUCTIONS,
        barred_phones=(),
    )


def _loans(
    institution_id: str, person_id: str, now: datetime, ports: ErasurePorts
) -> Iterator[LoanHeld]:
    """Yield the loans that the person owes or secures, with the day on which each ended."""
    today = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, today, ports.institutions)
    for stored in ports.loans.load_many(sorted(ports.borrowers.roles_of(person_id))):
        loan, state = stored.loan, stored.state
        charges = rules.charges(loan, state)
        standing = standing_of(loan, state, rules.policy, today, charges)
        over = has_ended(replace(state, standing=standing), today)
        ended_on = last_entry(loan, ports.loans.recorded(loan.loan_id)) if over else None
        yield LoanHeld(loan.loan_id, ended_on)
