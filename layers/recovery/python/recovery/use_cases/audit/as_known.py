"""What was known of a loan at the end of a day, as ports that know no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from recovery.domain.accounting.fact import Recorded
from recovery.domain.agreements.person_facts import restraints_of
from recovery.domain.cases.tasks import Task
from recovery.domain.contact.borrower import Borrower, Contact
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import (
    HasBorrowers,
    HasCases,
    HasPeople,
    HasTasks,
    HasTimeline,
    LoansAndInstitutions,
)
from recovery.use_cases.portfolio.conduct_records import details_on
from recovery.use_cases.portfolio.past import known_on
from recovery.use_cases.shared.rules import Rules, rules_of


class KnowingPorts(
    LoansAndInstitutions, HasBorrowers, HasPeople, HasTasks, HasCases, HasTimeline, Protocol
):
    """Everything on record about a loan and its borrower but what is sealed."""


def as_known_on(recorded: Recorded, day: date, *, is_replayed: bool) -> Recorded:
    """Return what was on record at the end of the day, a reversal of a later day undone."""
    known = known_on(recorded, day, is_replayed=is_replayed)
    payments = tuple(
        each
        if each.reversed_on is None or each.reversed_on <= day
        else replace(each, reversed_on=None, reversed_at=None)
        for each in known.payments
        if not is_replayed or each.payment.value_date <= day
    )
    owners = tuple(each for each in known.owners if each.known_on <= day)
    return replace(known, payments=payments, owners=owners)


@dataclass(frozen=True)
class Then:
    """The ports of one loan as they would have answered on a day; nothing is written by them."""

    loan_id: str
    day: date
    ports: KnowingPorts

    @cached_property
    def stored(self) -> StoredLoan:
        """The loan as it is now. Raises LoanNotFoundError."""
        return self.ports.loans.load(self.loan_id)

    @cached_property
    def all_recorded(self) -> Recorded:
        return self.ports.loans.recorded(self.loan_id)

    @cached_property
    def recorded(self) -> Recorded:
        """What was known at the end of the day."""
        day = self.ports.institutions.day(self.stored.loan.institution_id)
        return as_known_on(self.all_recorded, self.day, is_replayed=day.clock == "replay")

    @cached_property
    def rules(self) -> Rules:
        return rules_of(self.stored.loan.institution_id, self.day, self.ports.institutions)

    @cached_property
    def person(self) -> Borrower:
        """The borrower's details and restraints as they were."""
        now_known = self.ports.borrowers.load(self.stored.loan.borrower_id)
        changes = self.ports.borrowers.contact_changes(now_known.borrower_id)
        person = details_on(now_known, changes, self.day)[0]
        facts = [e for e in self.ports.people.facts(person.borrower_id) if e.known_on <= self.day]
        return replace(person, restraints=restraints_of(facts))

    @property
    def institutions(self) -> Any:
        return self.ports.institutions

    @property
    def loans(self) -> Any:
        return _Loans(self)

    @property
    def borrowers(self) -> Any:
        return _Borrowers(self)

    @property
    def people(self) -> Any:
        return _People(self)

    @property
    def tasks(self) -> Any:
        return _Tasks(self)


@dataclass(frozen=True)
class _Loans:
    then: Then

    def load(self, loan_id: str) -> StoredLoan:
        stored = self.then.ports.loans.load(loan_id)
        known = {each.fact_id for each in self.then.recorded.facts}
        own = tuple(
            each
            for each in stored.state.restraints
            if not each.of_person and (not each.fact_id or each.fact_id in known)
        )
        return replace(stored, state=replace(stored.state, restraints=own))

    def recorded(self, loan_id: str) -> Recorded:
        return self.then.recorded


@dataclass(frozen=True)
class _Borrowers:
    then: Then

    def load(self, person_id: str) -> Borrower:
        return self.then.person

    def contacts(self, person_id: str) -> dict[str, Contact]:
        """Return what had been said by then; news of a later day was not known."""
        return {
            key: each if each.fate_on is None or each.fate_on <= self.then.day else unheard(each)
            for key, each in self.then.ports.borrowers.contacts(person_id).items()
            if each.contacted_on <= self.then.day
        }


@dataclass(frozen=True)
class _People:
    then: Then

    def facts(self, person_id: str) -> list[Any]:
        facts = self.then.ports.people.facts(person_id)
        return [each for each in facts if each.known_on <= self.then.day]

    def capacity(self, person_id: str) -> Any:
        found = self.then.ports.people.capacity(person_id)
        return found if found and found.assessed_on <= self.then.day else None


@dataclass(frozen=True)
class _Tasks:
    then: Then

    def of_person(self, person_id: str) -> list[Task]:
        return list(tasks_then(self.then.ports.tasks.of_person(person_id), self.then.day))


def unheard(contact: Contact) -> Contact:
    """Return the message before anybody told what became of it."""
    return replace(contact, fate=None, fate_on=None)


def tasks_then(tasks: list[Task], day: date) -> Iterator[Task]:
    """Yield the tasks that there were, those that ended later as open."""
    for each in tasks:
        if each.opened_on > day:
            continue
        if each.ended_on and each.ended_on > day:
            yield replace(each, result=None, ended_on=None, ended_by=None, ended_at=None)
        else:
            yield each


def was_by(moment: datetime | None, day: date) -> bool:
    """Whether it was by the end of the day (UTC); what older versions wrote has no moment."""
    return moment is None or moment.date() <= day
