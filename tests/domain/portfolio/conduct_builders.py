"""Build records of conduct by hand: one person, a loan and what was said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import contact_pack
from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.agreements.person_facts import PersonFact, PersonFactRecord
from recovery.domain.contact.borrower import Borrower, Contact
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.portfolio.conduct import Details, Law, LoanThen, Period, PersonConduct, Said
from recovery.domain.portfolio.conduct_report import conduct_of
from tests.builders import a_borrower, a_loan, a_state

NAIROBI = ZoneInfo("Africa/Nairobi")
MONDAY = date(2026, 3, 9)  # eight days after the second instalment of a loan was due
DUE = date(2026, 3, 1)
PERIOD = Period(date(2026, 1, 1), date(2026, 12, 31))
DAY = timedelta(days=1)


def law(country: str = "KE", zone: str = "Africa/Nairobi") -> Law:
    pack = contact_pack(country)
    return Law(pack.own, pack.careful, (ZoneInfo(zone),), public_holidays(country))


def details(person: Borrower | None = None, *places: Law, readable: bool = True) -> Details:
    return Details(person or a_borrower(), places or (law(),), readable)


def moment(on: date, at: time = time(10), zone: ZoneInfo = NAIROBI) -> datetime:
    return datetime.combine(on, at, zone)


def then(*payments: PaymentRecord, facts: tuple[FactRecord, ...] = (), **changes: Any) -> LoanThen:
    """The loan of twelve instalments of 11,500, with these payments."""
    loan = a_loan()
    position = a_state(loan, payments).position
    return LoanThen(loan.schedule, position, Recorded(payments, facts), **changes)


def said(
    kind: str = "first_days_late",
    on: date = MONDAY,
    *,
    about: date = DUE,
    loan: LoanThen | None = None,
    versions: tuple[Details, ...] = (),
    meant: str | None = None,
    policy: Any = DEFAULT_POLICY.contact,
    **contact: Any,
) -> Said:
    """A message at ten in Nairobi, by e-mail, with words of its own."""
    contact.setdefault("at", moment(on))
    contact.setdefault("taken_at", contact["at"] or moment(on))
    contact.setdefault("channel", "email")
    contact.setdefault("words", f"words of {kind} on {on}")
    contact.setdefault("provider_id", "0102")
    return Said(
        f"L-1/{meant or kind}/{about}",
        "L-1",
        kind,
        meant or kind,
        about,
        Contact(on, **contact),
        versions or (details(),),
        policy,
        loan or then(),
    )


def a_fact(fact: RecordedFact, fact_id: str = "F-1", recorded_at: datetime | None = None):
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=fact.on,
        fingerprint="f",
        reason="as told",
        recorded_by="typed:Ana",
        recorded_at=recorded_at or datetime.combine(fact.on, time(5), UTC),
    )


def a_person_fact(fact: PersonFact, fact_id: str = "F-1") -> PersonFactRecord:
    return PersonFactRecord(
        fact_id=fact_id,
        person_id="B-1",
        fact=fact,
        known_on=fact.on,
        fingerprint="f",
        reason="as told",
        recorded_by="typed:Ana",
        recorded_at=datetime.combine(fact.on, time(5), UTC),
    )


def found(*messages: Said, **record: Any) -> list[str]:
    """Return the rules that a record breaks, each as often as it is broken."""
    now = record.pop("now", None) or details()
    judged = PersonConduct("B-1", messages, now, **record)
    return [each.rule for each in conduct_of(judged, PERIOD).findings]
