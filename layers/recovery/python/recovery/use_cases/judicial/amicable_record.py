"""What is on record of friendly ways: contact and what became of it, hardship, disputes.

The checklist is the domain's; here is only what a loan's and its borrower's records hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol, TypeVar

from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan_facts import FROM_CORE
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.agreements.dispute import disputes_of
from recovery.domain.agreements.person_facts import Complaint, ComplaintEnd, Hardship
from recovery.domain.cases.tasks import SEEKS_CONTACT, Task, TaskOutcome
from recovery.domain.contact.address import Fate
from recovery.domain.contact.borrower import Contact
from recovery.domain.judicial.amicable import Arrival, Evidence
from recovery.ports.needs import HasBorrowers, HasPeople, HasTasks, LoansAndInstitutions
from recovery.use_cases.contact.kind_said import kind_said

F = TypeVar("F", Agreement, NoticeGiven, Offer, ScheduleVersion)
_ARRIVED = (Fate.DELIVERED, Fate.COMPLAINED)  # who calls it spam has got it
_NOTICES: dict[str, Arrival] = {
    TaskOutcome.RECEIVED: "arrived",
    TaskOutcome.REFUSED: "refused",
    TaskOutcome.UNCOLLECTED: "uncollected",
    TaskOutcome.NOT_DELIVERED: "failed",
}
SPOKE = (  # with the person; what nobody answered is no contact
    *(TaskOutcome.REACHED, TaskOutcome.PROMISE, TaskOutcome.PLAN_WANTED, TaskOutcome.DISPUTE),
    *(TaskOutcome.COMPLAINT, TaskOutcome.CANNOT_NOW, TaskOutcome.REFUSED),
)


class AmicablePorts(LoansAndInstitutions, HasBorrowers, HasPeople, HasTasks, Protocol):
    """The ports of what is on record of friendly ways."""


def amicable_evidence(
    loan_id: str, person_id: str, as_of: date, ports: AmicablePorts
) -> tuple[Evidence, ...]:
    """Return what is on record of this day, oldest first. Raises LoanNotFoundError."""
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    institution = ports.institutions.find(stored.loan.institution_id)
    contacts = ports.borrowers.contacts(person_id)
    found = [
        *_messages(loan_id, contacts, names_advice=bool(institution.debt_advice)),
        *_notices(recorded, person_id),
        *_talks(loan_id, ports.tasks.of_person(person_id)),
        *_disputes(recorded, as_of),
        *_concessions(recorded),
        *_of_person(loan_id, person_id, as_of, ports),
    ]
    known = (each for each in found if each.on <= as_of)
    return tuple(sorted(known, key=lambda each: (each.on, each.item, each.reference)))


def _messages(
    loan_id: str, contacts: dict[str, Contact], *, names_advice: bool
) -> Iterator[Evidence]:
    """Yield each message about the loan; without news of it nobody knows whether it arrived."""
    from recovery.messages.rendering import NAMES_DEBT_ADVICE  # late: few callers come here

    for message_id, contact in contacts.items():
        if not contact.may_have_been_sent or not message_id.startswith(f"{loan_id}/"):
            continue
        arrival: Arrival = (
            "arrived" if contact.fate in _ARRIVED else "failed" if contact.fate else "unknown"
        )
        on, reference = contact.contacted_on, f"message {message_id}"
        yield Evidence(item="contact", on=on, reference=reference, arrival=arrival)
        named = names_advice and contact.channel == "email"
        if named and kind_said(message_id, contact) in NAMES_DEBT_ADVICE:
            yield Evidence(item="debt_advice_named", on=on, reference=reference, arrival=arrival)


def _notices(recorded: Recorded, person_id: str) -> Iterator[Evidence]:
    """Yield each notice given to the person by a medium that proves it."""
    for each, fact in _facts(recorded, NoticeGiven):
        if fact.persons and person_id not in fact.persons:
            continue
        arrival = _NOTICES.get(fact.ended, "unknown")
        reference = f"notice {each.fact_id}, {fact.medium.replace('_', ' ')}, proof {fact.proof}"
        yield Evidence(item="contact", on=fact.on, reference=reference, arrival=arrival)


def _talks(loan_id: str, tasks: list[Task]) -> Iterator[Evidence]:
    """Yield each talk with the person about the loan."""
    for each in tasks:
        about = each.loan_id in (None, loan_id) and each.kind in SEEKS_CONTACT
        if about and each.ended_on and each.result and each.result.code in SPOKE:
            yield Evidence(item="contact", on=each.ended_on, reference=f"task {each.task_id}")


def _disputes(recorded: Recorded, as_of: date) -> Iterator[Evidence]:
    for each in disputes_of(recorded):
        closed = each.end.on if each.end and each.end.on <= as_of else None
        reference = f"dispute {each.dispute_id}"
        yield Evidence(item="dispute", on=each.dispute.on, reference=reference, closed_on=closed)


def _concessions(recorded: Recorded) -> Iterator[Evidence]:
    """Yield each offer, agreement and restructuring: what was made had been offered.

    An offer is forbearance if one of its options lets go of something or gives more time. One that
    found no way shows that every way was considered: hardship was, and nothing was offered.
    """
    for each, offer in _facts(recorded, Offer):
        reference = f"offer {each.fact_id}"
        yield Evidence(item="hardship_considered", on=offer.on, reference=reference)
        if offer.options:
            yield Evidence(item="options_offered", on=offer.on, reference=reference)
            yield Evidence(item="forbearance_offered", on=offer.on, reference=reference)
    for each, agreement in _facts(recorded, Agreement):
        reference = f"agreement {each.fact_id}"
        yield Evidence(item="options_offered", on=agreement.on, reference=reference)
        yield Evidence(item="forbearance_offered", on=agreement.on, reference=reference)
    for each, fact in _facts(recorded, ScheduleVersion):
        if fact.kind == FROM_CORE:
            continue  # nobody knows whether it was a help
        reference = f"{fact.kind.replace('_', ' ')} {each.fact_id}"
        yield Evidence(item="options_offered", on=fact.on, reference=reference)
        yield Evidence(item="forbearance_offered", on=fact.on, reference=reference)


def _of_person(
    loan_id: str, person_id: str, as_of: date, ports: AmicablePorts
) -> Iterator[Evidence]:
    facts = ports.people.facts(person_id)
    ends = {e.fact.complaint_id: e.fact.on for e in facts if isinstance(e.fact, ComplaintEnd)}
    for each in facts:
        if isinstance(each.fact, Hardship):
            reference = f"hardship {each.fact_id}"
            yield Evidence(item="hardship_considered", on=each.fact.on, reference=reference)
        if isinstance(each.fact, Complaint) and each.fact.loan_id in (None, loan_id):
            closed = ends.get(each.fact_id)
            yield Evidence(
                item="complaint",
                on=each.fact.on,
                reference=f"complaint {each.fact_id}",
                closed_on=closed if closed and closed <= as_of else None,
            )
    capacity = ports.people.capacity(person_id)
    if capacity is not None:
        reference = f"assessment {capacity.assessment_id}"
        yield Evidence(item="hardship_considered", on=capacity.assessed_on, reference=reference)


def _facts(recorded: Recorded, kind: type[F]) -> Iterator[tuple[FactRecord, F]]:
    """Yield the facts of a kind that still count."""
    for each in recorded.counting():
        if isinstance(each.fact, kind):
            yield each, each.fact
