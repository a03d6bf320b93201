"""Write the letters about an agreement, keep them under lock, and send each person theirs.

Each step can be repeated: the letter of the same facts has the same bytes, what is kept is not kept
twice, and a message is sent at most once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.agreements.agreeing import BY_CODE
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.agreements.yes_code import YesCode, newest_of
from recovery.domain.contact.borrower import Borrower
from recovery.messages import language_with_text
from recovery.messages.agreement_letter import (
    TEMPLATE,
    VERSION,
    AgreementFacts,
    SaidYes,
    Sender,
    agreement_letter,
)
from recovery.messages.writing import language_of
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import Institution
from recovery.ports.needs import HasLetters, HasPdf, HasYesCodes
from recovery.use_cases.agreements.send_letter import LetterPorts as SendingPorts
from recovery.use_cases.agreements.send_letter import ToSend, send_letter
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import Rules, rules_of

_NO_LANGUAGE = "en"  # kept for the record, and never sent: a person explains it


class WritingPorts(SendingPorts, HasLetters, HasPdf, HasYesCodes, Protocol):
    """What writing, keeping and sending letters needs."""


@dataclass(frozen=True, slots=True)
class Written:
    """The letters of an agreement, and when to come back if it is too early to send one."""

    letters: tuple[KeptLetter, ...] = ()
    again_in_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class _Matter:
    """The agreement that letters are about, with what was shown."""

    stored: StoredLoan
    record: FactRecord
    agreed: Agreement
    offer: Offer
    institution: Institution
    rules: Rules
    codes: Sequence[YesCode]
    people: dict[str, Borrower]

    def name(self, person_id: str) -> str:
        known = self.people.get(person_id)
        return known.name if known else person_id


def write_letters(
    institution_id: str, loan_id: str, agreement_id: str, now: datetime, ports: WritingPorts
) -> Written:
    """Write, keep and send a letter to each who said yes; nothing if the agreement was undone."""
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    found = _agreement(agreement_id, recorded)
    if found is None:
        return Written()
    matter = _matter(institution_id, stored, found, recorded, now, ports)
    known = {each.person_id: each for each in ports.letters.of_agreement(loan_id, agreement_id)}
    letters, waits = list[KeptLetter](), list[int]()
    for person_id in dict.fromkeys((*matter.agreed.signed_by, *matter.agreed.consented)):
        if (person := matter.people.get(person_id)) is None:
            continue
        facts = _facts(matter, person, ports)
        letter = known.get(person_id) or _keep(facts, matter, person, ports)
        if not letter.is_done:
            to_send = ToSend(letter, facts, person, stored.loan, matter.institution, matter.rules)
            letter, wait_seconds = send_letter(to_send, now, ports)
            if wait_seconds is not None:
                waits.append(wait_seconds)
        letters.append(letter)
    return Written(tuple(letters), min(waits, default=None))


def _keep(
    facts: AgreementFacts, matter: _Matter, person: Borrower, ports: WritingPorts
) -> KeptLetter:
    """Write the letter, dated as the agreement was recorded, and keep it: first the file."""
    record = matter.record
    written = ports.pdf.write(TEMPLATE, agreement_letter(facts), at=record.recorded_at)
    letter = KeptLetter(
        loan_id=record.loan_id,
        agreement_id=record.fact_id,
        person_id=person.borrower_id,
        language=language_of(facts.language),
        template=VERSION,
        sha256=written.sha256,
        written_at=record.recorded_at,
        unshown=len(written.unshown),
    )
    ports.letter_files.put(letter, written.content)
    ports.letters.add(letter)
    return letter


def _agreement(agreement_id: str, recorded: Recorded) -> FactRecord | None:
    for each in recorded.counting():
        if each.fact_id == agreement_id and isinstance(each.fact, Agreement):
            return each
    return None


def _matter(
    institution_id: str,
    stored: StoredLoan,
    record: FactRecord,
    recorded: Recorded,
    now: datetime,
    ports: WritingPorts,
) -> _Matter:
    agreed = record.fact
    assert isinstance(agreed, Agreement)
    [offer] = [e.fact for e in recorded.facts if e.fact_id == agreed.offer_id]
    assert isinstance(offer, Offer)
    today = business_date(institution_id, now, ports.institutions)
    ids = dict.fromkeys((*agreed.signed_by, *agreed.consented, *agreed.lost))
    codes = ports.yes_codes.of_offer(record.loan_id, agreed.offer_id)
    return _Matter(
        stored=stored,
        record=record,
        agreed=agreed,
        offer=offer,
        institution=ports.institutions.find(institution_id),
        rules=rules_of(institution_id, today, ports.institutions),
        codes=codes if agreed.yes == BY_CODE else (),
        people={each.borrower_id: each for each in ports.borrowers.load_many(list(ids))},
    )


def _facts(matter: _Matter, person: Borrower, ports: WritingPorts) -> AgreementFacts:
    agreed, loan = matter.agreed, matter.stored.loan
    option = matter.offer.find(agreed.option)
    assert option
    actors = ports.institutions.actors(loan.institution_id)
    by = next((each.name for each in actors if each.id == agreed.approved_by), "")
    language = language_with_text((person.language, person.second_language))
    return AgreementFacts(
        sender=_sender(matter),
        to_name=person.name,
        language=language or _NO_LANGUAGE,
        country=person.country,
        loan_id=loan.loan_id,
        agreement_id=matter.record.fact_id,
        currency=loan.currency,
        overdue_minor=matter.offer.overdue_minor,
        agreed=agreed,
        option=option,
        said_yes=tuple(_said_yes(each, matter) for each in agreed.signed_by),
        consented=tuple(map(matter.name, agreed.consented)),
        lost=tuple(map(matter.name, agreed.lost)),
        approved_by=by,
    )


def _sender(matter: _Matter) -> Sender:
    institution, loan = matter.institution, matter.stored.loan
    return Sender(
        name=institution.name,
        advisor_name=loan.advisor_name,
        advisor_phone=loan.advisor_phone or "",
        phone=institution.phone,
        debt_advice=institution.debt_advice,
        registration_mark=institution.registration_mark,
        grievance_officer=institution.grievance_officer,
        complaints_to=matter.rules.policy.agreements.complaints_to,
    )


def _said_yes(person_id: str, matter: _Matter) -> SaidYes:
    """Return how and when the person said yes, in the institution's days."""
    answered = [
        e for e in matter.codes if e.answered_at and e.answered_at <= matter.record.recorded_at
    ]
    code = newest_of(answered, person_id)
    if code is None or code.answered_at is None:
        return SaidYes(matter.name(person_id), matter.agreed.on)
    zone = ZoneInfo(matter.institution.time_zone)
    on = code.answered_at.astimezone(zone).date()
    return SaidYes(matter.name(person_id), on, code.channel)
