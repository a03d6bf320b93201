"""Gather what is on record of how one person was treated, each thing as it was known then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import contact_pack
from recovery.documents.shared.places import country_of_phone, known_countries, zones_of
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.ledger import accrue
from recovery.domain.accounting.notices import NoticeGiven as Delivered
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import Step
from recovery.domain.contact.borrower import Borrower, Contact, ContactChange
from recovery.domain.outbox import TimelineEntry
from recovery.domain.policy import Policy, policy_in_force
from recovery.domain.portfolio.conduct import (
    Decided,
    Details,
    Law,
    LoanRecord,
    LoanThen,
    NoticeGiven,
    PersonConduct,
    Said,
)
from recovery.domain.portfolio.conduct_kinds import NOTICE, purpose_of
from recovery.domain.shared.packs import in_force
from recovery.messages import LANGUAGES
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import (
    HasBorrowers,
    HasCases,
    HasPeople,
    HasTasks,
    HasTimeline,
    LoansAndInstitutions,
)
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.portfolio.past import loan_on
from recovery.use_cases.shared.rules import Rules


class ConductPorts(
    LoansAndInstitutions, HasBorrowers, HasPeople, HasTasks, HasCases, HasTimeline, Protocol
):
    """Everything on record about contact with people."""


def person_conduct(
    person: Borrower, policies: Sequence[Policy], last: date, ports: ConductPorts
) -> PersonConduct:
    """Read all that is on record about the person: about six reads, and three for each loan."""
    person_id = person.borrower_id
    changes = sorted(ports.borrowers.contact_changes(person_id), key=_when_recorded)
    found, _ = readable_loans(ports.borrowers.loans_of(person_id), ports.loans)
    loans = {each.loan.loan_id: each for each in found}
    recorded = {each: ports.loans.recorded(each) for each in loans}
    contacts = ports.borrowers.contacts(person_id)
    said = [
        _said(message_id, contact, person, changes, policies, loans, recorded)
        for message_id, contact in contacts.items()
        if contact.may_have_been_sent and not contact.came_back and message_id.count("/") == 2
    ]
    said.sort(key=_order)
    return PersonConduct(
        person_id,
        tuple(said),
        _details(details_on(person, changes, last)[0]),
        tuple(ports.people.facts(person_id)),
        tuple(ports.tasks.of_person(person_id)),
        tuple(
            _loan_record(loans[each], recorded[each], said, policies, ports)
            for each in sorted(loans)
        ),
        any(_owes(each) for each in loans.values()),
    )


def known_before(recorded: Recorded, contact: Contact) -> Recorded:
    """Return what was on record before the message went; of older ones only the day is known."""
    moment, on = contact.taken_at, contact.contacted_on
    if moment is None:
        paid = (each for each in recorded.payments if each.payment.value_date <= on)
        facts = tuple(each for each in recorded.facts if each.known_on < on)
        return replace(recorded, payments=tuple(paid), facts=facts)

    def then(record: PaymentRecord) -> PaymentRecord:
        is_later = record.reversed_at is not None and record.reversed_at >= moment
        return replace(record, reversed_on=None, reversed_at=None) if is_later else record

    payments = (e for e in recorded.payments if e.posted_at is None or e.posted_at < moment)
    facts = tuple(each for each in recorded.facts if each.recorded_at < moment)
    return replace(recorded, payments=tuple(map(then, payments)), facts=facts)


def loan_then(
    stored: StoredLoan, recorded: Recorded, on: date, policies: Sequence[Policy]
) -> LoanThen:
    """Return the loan as it was on this day by what is ``recorded``."""
    rules = Rules(tuple(policies), on)
    then = loan_on(stored, recorded, rules)
    loan, state = then.loan, then.state
    charges = rules.charges(loan, state)
    schedule, _ = accrue(
        loan.schedule, state.position, state.facts.accrued, charges, state.facts.pauses, on
    )
    rescheduled = loan.schedule != loan.schedule_agreed
    return LoanThen(schedule, state.position, recorded, rescheduled)


def _order(said: Said) -> tuple[date, float, str]:
    moment = said.contact.taken_at
    return said.on, moment.timestamp() if moment else 0, said.message_id


def _said(
    message_id: str,
    contact: Contact,
    person: Borrower,
    changes: Sequence[ContactChange],
    policies: Sequence[Policy],
    loans: dict[str, StoredLoan],
    recorded: dict[str, Recorded],
) -> Said:
    loan_id, rule_key, about = message_id.split("/")
    meant = rule_key.partition("@")[0].partition("+")[0].partition("-")[0]
    on = contact.contacted_on
    then = None
    if loan_id in loans:
        then = loan_then(loans[loan_id], known_before(recorded[loan_id], contact), on, policies)
    return Said(
        message_id,
        loan_id,
        contact.said or meant,
        meant,
        date.fromisoformat(about),
        contact,
        tuple(_details(each) for each in details_on(person, changes, on, contact.taken_at)),
        policy_in_force(policies, on).contact,
        then,
    )


def _when_recorded(change: ContactChange) -> tuple[bool, float]:
    """Sort the oldest first; those without a moment were made by older versions."""
    moment = change.recorded_at
    return moment is not None, moment.timestamp() if moment else 0


def details_on(
    person: Borrower, changes: Sequence[ContactChange], day: date, moment: datetime | None = None
) -> tuple[Borrower, ...]:
    """Return the person's details on this day or at this moment, the last first.

    Of changes whose moment is not on record, several may have been in force that day.
    """
    version, found = person, []
    for change in reversed(changes):
        if moment and change.recorded_at:
            if change.recorded_at < moment:
                break
        elif change.changed_on < day:
            break
        elif change.changed_on == day:
            found.append(version)
        version = replace(version, **change.former)  # type: ignore[arg-type]
    return (*found, version)


def _details(person: Borrower) -> Details:
    named = (person.language, person.second_language or "")
    readable = any(each.lower().replace("_", "-").split("-")[0] in LANGUAGES for each in named)
    return Details(person, tuple(_places(person)), readable)


def _places(person: Borrower) -> Iterable[Law]:
    """Yield the place on record, then that of the phone number if it is in another country."""
    try:
        zone = ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return
    if person.country not in known_countries():
        return
    yield _law(person.country, zone)
    number = country_of_phone(person.phone) if person.phone else None
    if number and number != person.country:
        yield _law(number, *map(ZoneInfo, zones_of(number)))


@cache
def _law(country: str, *zones: ZoneInfo) -> Law:
    pack = contact_pack(country)
    return Law(pack.own, pack.careful, zones, public_holidays(country))


def _owes(stored: StoredLoan) -> bool:
    standing = stored.state.standing
    return stored.state.closed is None and standing is not None and standing.outstanding.total > 0


def _loan_record(
    stored: StoredLoan,
    recorded: Recorded,
    said: Iterable[Said],
    policies: Sequence[Policy],
    ports: ConductPorts,
) -> LoanRecord:
    loan_id = stored.loan.loan_id
    steps = tuple(step for each in ports.cases.cases_of(loan_id) for step in each.path)
    decisions = [each for each in ports.cases.decisions_of(loan_id) if each.decided_at]
    entries = ports.timeline.entries(loan_id) if decisions else ()
    decided = [(each, _decided_on(each, steps, entries)) for each in decisions]
    return LoanRecord(
        loan_id,
        recorded,
        _notices(stored, recorded, said, policies),
        steps,
        tuple(
            Decided(each, on, policy_in_force(policies, on).cases.judicial_approvals)
            for each, on in decided
        ),
    )


def _notices(
    stored: StoredLoan, recorded: Recorded, said: Iterable[Said], policies: Sequence[Policy]
) -> tuple[NoticeGiven, ...]:
    """Return the notices that were given, by message or by people, the oldest first."""

    def given(on: date, since: datetime | None, then: LoanThen, *, proved: bool) -> NoticeGiven:
        overdue_minor = sum(
            instalment.due.total - paid.total
            for instalment, paid in zip(then.schedule, then.position.paid, strict=False)
            if instalment.due_date < on
        )
        percent = policy_in_force(policies, on).cases.notice_answered_percent
        return NoticeGiven(on, since, -(-overdue_minor * percent // 100), proved)

    found = [
        given(each.on, each.contact.taken_at, each.loan, proved=_is_proved(each))
        for each in said
        if each.loan_id == stored.loan.loan_id and purpose_of(each.kind) == NOTICE and each.loan
    ]
    for record in recorded.counting():
        fact = record.fact
        if isinstance(fact, Delivered) and fact.counts:
            known = known_before(recorded, Contact(fact.on, taken_at=record.recorded_at))
            then = loan_then(stored, known, fact.on, policies)
            found.append(given(fact.on, record.recorded_at, then, proved=bool(fact.proof)))
    return tuple(sorted(found, key=lambda each: each.on))


def _is_proved(said: Said) -> bool:
    """Whether a pack of each place takes the channel as proof; that it was sent is none."""
    places = said.details[0].places if said.details else ()
    return bool(places) and all(
        any(
            said.contact.channel in rule.media
            for rules in (place.own, place.careful)
            if rules
            for rule in in_force(rules.provable, said.on)
        )
        for place in places
    )


def _decided_on(
    decision: PendingDecision, steps: Iterable[Step], entries: Iterable[TimelineEntry]
) -> date:
    """Return the business date of a decision, as step or timeline say; else its own day."""
    its_id = decision.decision_id
    named = [each.on for each in steps if its_id in each.reason]
    named += [each.on for each in entries if its_id in each.key or its_id in each.text]
    moment = decision.decided_at or decision.asked_at
    return max(named, default=moment.date())
