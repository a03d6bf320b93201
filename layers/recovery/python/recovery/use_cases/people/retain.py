"""Settle until when what is held of a loan, and of the tasks about a person, is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from recovery.documents.packs.reading import careful_people_pack
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.people_rules import PeoplePack, kept_until
from recovery.domain.cases.tasks import Task
from recovery.domain.loan_end import has_ended, last_entry
from recovery.domain.outbox import DomainEvent
from recovery.ports.accounting import LoanNotFoundError
from recovery.ports.needs import HasBorrowers, HasBus, HasLoans, HasPeople, HasRetention, HasTasks
from recovery.ports.retention import NO_END, LastDays
from recovery.use_cases.shared.rules import people_pack_of


class RetainingPorts(HasLoans, HasPeople, HasRetention, HasBus, Protocol):
    """Loans, the people they are about, and until when all of it is kept."""


class RetainingTaskPorts(HasTasks, HasPeople, HasLoans, Protocol):
    """Tasks, whom they are about, and by which law they are kept."""


class RetainingPersonPorts(HasTasks, RetainingPorts, HasBorrowers, Protocol):
    """Loans and tasks of one person."""


def retain_loan(loan_id: str, as_of: date, ports: RetainingPorts) -> None:
    """Let what is held of an ended loan expire as the pack of its law says, and stay otherwise.

    A legal hold on anybody who owes or answers for it keeps it. The careful pack keeps for the
    longest duty known where the contract names no law. Idempotent.
    """
    try:
        stored = ports.loans.load(loan_id)
    except LoanNotFoundError:
        return
    loan, recorded = stored.loan, ports.loans.recorded(loan_id)
    people = {loan.borrower_id, *(each.person_id for each in recorded.parties_said())}
    last = NO_END
    if has_ended(stored.state, as_of) and not _is_held(people, ports):
        last = _last_days(loan, last_entry(loan, recorded))
    if ports.retention.keep_until(loan_id, people, last) and last.loan:
        detail = {"loan_id": loan_id, "kept_until": last.loan.isoformat()}
        ports.bus.publish([DomainEvent("LoanEnded", detail)])


def retain_person(person_id: str, as_of: date, ports: RetainingPersonPorts) -> None:
    """Settle it for the person's loans and tasks, once a legal hold came or went."""
    for loan_id in sorted(ports.borrowers.roles_of(person_id)):
        retain_loan(loan_id, as_of, ports)
    for task in ports.tasks.of_person(person_id):
        retain_task(task, ports)


def retain_task(task: Task, ports: RetainingTaskPorts) -> None:
    """Let a task that has ended expire as the pack says, unless a legal hold keeps it."""
    if task.ended_on is None:
        return
    last = None
    if not _is_held([task.person_id], ports):
        last = kept_until(_pack_of(task, ports), "task", task.ended_on)
    ports.tasks.keep_until(task, last)


def _last_days(loan: Loan, ended_on: date) -> LastDays:
    pack = people_pack_of(loan)
    return LastDays(
        loan=kept_until(pack, "loan", ended_on),
        timeline=kept_until(pack, "timeline", ended_on),
    )


def _pack_of(task: Task, ports: HasLoans) -> PeoplePack:
    loans = ports.loans.load_many([task.loan_id]) if task.loan_id else []
    return people_pack_of(loans[0].loan) if loans else careful_people_pack()


def _is_held(person_ids: Iterable[str], ports: HasPeople) -> bool:
    found = (ports.people.find(each) for each in person_ids)
    return any(person.legal_hold for person in found if person)
