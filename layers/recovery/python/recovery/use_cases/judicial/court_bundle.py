"""Gather what a court needs of a loan's record: see ``domain/judicial/court_bundle.py``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from recovery.domain.accounting.parties import PartyDebt, owed_by
from recovery.domain.accounting.party import parties_at
from recovery.domain.agreements.relief import guarantors_second
from recovery.domain.cases.tasks import SEEKS_CONTACT
from recovery.domain.contact.borrower import Contact
from recovery.domain.judicial.confidential import confidential_ids
from recovery.domain.judicial.court_bundle import (
    CourtBundle,
    CourtMessage,
    CourtPayment,
    agreements_for_court,
    asked_of,
    count_left_out,
    disputes_for_court,
    negotiations_for_court,
    steps_for_court,
)
from recovery.ports.needs import HasBorrowers, HasTasks, LoansAndInstitutions
from recovery.use_cases.accounting.party_effects import Books
from recovery.use_cases.judicial.amicable_record import SPOKE
from recovery.use_cases.judicial.loan_record import LoanRecord, read_record
from recovery.use_cases.shared.rules import rules_of


class CourtPorts(LoansAndInstitutions, HasBorrowers, HasTasks, Protocol):
    """The record of a loan and of those who owe it."""


def court_bundle_of(loan_id: str, total_minor: int, as_of: date, ports: CourtPorts) -> CourtBundle:
    """Return the bundle of a claim of this total. Raises LoanNotFoundError."""
    record = read_record(loan_id, as_of, ports)
    loan, recorded = record.loan, record.recorded
    owner = ports.loans.load(loan_id).state.ownership.owner_on(as_of, loan.institution_id)
    persons = [each.person_id for each in record.parties if each.is_debtor or each.is_surety]
    people = ports.borrowers.load_many([*persons, loan.borrower_id])
    names = {each.borrower_id: each.name for each in people}
    borrower = next((each for each in people if each.borrower_id == loan.borrower_id), None)
    debts = _debts(record, ports)
    versions = recorded.history().until(as_of).versions
    rate_pct = next(
        (
            each.annual_rate_pct
            for each in sorted(versions, key=lambda each: -each.version)
            if each.annual_rate_pct is not None
        ),
        loan.annual_rate_pct,
    )
    is_ours = owner.creditor == loan.institution_id
    return CourtBundle(
        loan_id=loan_id,
        as_of=as_of,
        currency=loan.currency,
        creditor=ports.institutions.name(loan.institution_id) if is_ours else owner.creditor,
        country=borrower.country if borrower else None,
        disbursed_on=loan.disbursed_on,
        annual_rate_pct=None if rate_pct is None else f"{rate_pct}",
        law=loan.profile.law,
        purpose=loan.profile.purpose,
        contract=record.legal.contract,
        called_in_on=record.called_in_on,
        parties=asked_of(total_minor, record.parties, debts, names),
        first_schedule=loan.schedule_agreed,
        versions=tuple(sorted(versions, key=lambda each: each.version)),
        schedule=tuple(record.ledger.schedule),
        paid=tuple(record.ledger.position.paid),
        payments=tuple(_payments(record)),
        steps=tuple(steps_for_court(recorded, as_of)),
        negotiations=tuple(negotiations_for_court(recorded, as_of)),
        messages=tuple(_contacts(loan_id, persons, as_of, ports)),
        agreements=tuple(agreements_for_court(recorded, as_of)),
        disputes=disputes_for_court(recorded, as_of),
        left_out=count_left_out(recorded, as_of),
        confidential=confidential_ids(recorded),
        names=names,
    )


def _debts(record: LoanRecord, ports: CourtPorts) -> tuple[PartyDebt, ...]:
    """Return what each party owes by the ledger, by which shares of a claim are measured."""
    stored, as_of = ports.loans.load(record.loan.loan_id), record.as_of
    rules = rules_of(record.loan.institution_id, as_of, ports.institutions)
    account = Books(stored.loan, stored.state, record.recorded).account(rules, as_of)
    rows = guarantors_second(record.recorded.parties_said(), record.recorded, as_of)
    current = {each.person_id for each in parties_at(rows, stored.loan.borrower_id, as_of)}
    return tuple(e for e in owed_by(rows, account, as_of) if e.person_id in current)


def _payments(record: LoanRecord) -> Iterator[CourtPayment]:
    """Yield each payment, those reversed too; who is no party is not named."""
    roles = {each.person_id: each.role for each in record.parties}
    found = [e for e in record.recorded.payments if e.payment.value_date <= record.as_of]
    for each in sorted(found, key=lambda e: (e.payment.value_date, e.payment.payment_id)):
        payment = each.payment
        role = roles.get(payment.payer_id or "", payment.payer_kind)
        parts = ("borrower", "co_borrower", "guarantor", "group_member", "court")
        yield CourtPayment(
            payment.payment_id,
            payment.value_date,
            payment.amount_minor,
            role if role in parts else "other",
            each.reversed_on if each.reversed_on and each.reversed_on <= record.as_of else None,
        )


def _contacts(
    loan_id: str, persons: list[str], as_of: date, ports: CourtPorts
) -> Iterator[CourtMessage]:
    """Yield each message and talk about the loan, by its day."""
    found = []
    for person_id in dict.fromkeys(persons):
        for key, contact in ports.borrowers.contacts(person_id).items():
            if contact.may_have_been_sent and key.startswith(f"{loan_id}/"):
                channel = contact.channel or "message"
                arrival = _arrival(contact)
                found.append(CourtMessage(contact.contacted_on, person_id, channel, arrival))
        for task in ports.tasks.of_person(person_id):
            about = task.loan_id == loan_id and task.kind in SEEKS_CONTACT
            if about and task.ended_on and task.result and task.result.code in SPOKE:
                found.append(CourtMessage(task.ended_on, person_id, "talk", "spoke"))
    known = (each for each in found if each.on <= as_of)
    yield from sorted(known, key=lambda each: (each.on, each.person_id, each.channel))


def _arrival(contact: Contact) -> str:
    if contact.came_back:
        return "failed"
    return "arrived" if contact.fate else "unknown"
