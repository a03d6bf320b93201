"""In-memory ports; shared contract tests hold them to the adapters' behaviour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from recovery.adapters.dynamodb.keys import shard_of
from recovery.domain.accounting.collateral import CollateralRecord
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.groups import CollectionSheet, Group
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.owner_facts import OwnerRecord
from recovery.domain.accounting.party import PartyRecord
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal
from recovery.domain.contact.borrower import Borrower, Contact, ContactChange, Told
from recovery.domain.contact.plan import told_by
from recovery.domain.intake.held_contacts import Delivered, HeldContacts
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.intake.suspense import Suspended
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry
from recovery.domain.policy import Policy, policy_in_force
from recovery.domain.shared.actor import Actor
from recovery.ports.accounting import (
    FactExistsError,
    LoanChange,
    LoanNotFoundError,
    PaymentExistsError,
    SheetExistsError,
    StoredLoan,
)
from recovery.ports.cases import Repair
from recovery.ports.contact import UndeliverableError, Wake
from recovery.ports.institutions import (
    Institution,
    InstitutionDay,
    InstitutionNotFoundError,
)
from recovery.ports.intake import DeliveryNotFoundError
from recovery.ports.payments import KnownPayment, SuspenseChange
from recovery.ports.shared import StaleWriteError
from tests.builders import an_institution
from tests.bus_events import check_event


class FakeLoanRepository:
    """``needs_review`` and ``waiting`` show what the table's stream would deliver.

    ``cases`` holds the decisions that are stored with a loan's change.
    """

    def __init__(self, shards: int = 1, cases: FakeCaseRepository | None = None) -> None:
        self._shards = shards
        self.cases = cases or FakeCaseRepository()
        self._loans: dict[str, StoredLoan] = {}
        self._payments: dict[str, PaymentRecord] = {}
        self._facts: dict[tuple[str, str], FactRecord] = {}
        self._parties: dict[tuple[str, str], tuple[PartyRecord, ...]] = {}
        self.collateral: dict[tuple[str, str], CollateralRecord] = {}
        self._owners: dict[tuple[str, date, str], OwnerRecord] = {}
        self.needs_review: set[str] = set()
        self.waiting: dict[str, dict[str, Outbox]] = {}
        self.sent_again: list[str] = []
        self.splits: dict[str, SplitPayment] = {}
        self.suspended: dict[str, Suspended] = {}
        self.waiting_money: dict[str, dict[str, Outbox]] = {}

    def load(self, loan_id: str) -> StoredLoan:
        if loan_id not in self._loans:
            raise LoanNotFoundError(loan_id)
        return self._loans[loan_id]

    def load_many(self, loan_ids: Sequence[str]) -> list[StoredLoan]:
        return [self._loans[each] for each in dict.fromkeys(loan_ids) if each in self._loans]

    def due_loan_ids(self, shard: int, as_of: date) -> Iterator[str]:
        due = sorted(
            (stored.state.next_review_on, loan_id)
            for loan_id, stored in self._loans.items()
            if shard_of(loan_id, self._shards) == shard
            and stored.state.next_review_on is not None
            and stored.state.next_review_on <= as_of
        )
        yield from (loan_id for _, loan_id in due)

    def recorded(self, loan_id: str) -> Recorded:
        payments = [each for each in self._payments.values() if each.loan_id == loan_id]
        payments.sort(key=lambda each: each.payment.payment_id)
        facts = [each for each in self._facts.values() if each.loan_id == loan_id]
        owners = [each for each in self._owners.values() if each.loan_id == loan_id]
        owners.sort(key=lambda each: (each.on, each.record_id))
        facts.sort(key=lambda each: each.fact_id)
        parties = [
            row for key in sorted(self._parties) if key[0] == loan_id for row in self._parties[key]
        ]
        return Recorded(tuple(payments), tuple(facts), tuple(owners), tuple(parties))

    def find_payment(self, payment_id: str) -> PaymentRecord | None:
        return self._payments.get(payment_id)

    def add_loan(self, stored: StoredLoan, payments: Sequence[PaymentRecord]) -> None:
        loan_id = stored.loan.loan_id
        for each in payments:
            known = self._payments.get(each.payment.payment_id)
            if known and known.loan_id != loan_id:
                raise PaymentExistsError(
                    f"payment {each.payment.payment_id} belongs to another loan"
                )
        if loan_id in self._loans:
            raise StaleWriteError(f"loan {loan_id} is already on record")
        self._payments |= {each.payment.payment_id: each for each in payments}
        self._loans[loan_id] = stored
        self.needs_review.add(loan_id)

    def commit(
        self,
        *changes: LoanChange,
        split: SplitPayment | None = None,
        suspense: Sequence[SuspenseChange] = (),
    ) -> None:
        new_ids = [split.payment.payment_id] if split else []
        new_ids += [each.suspended.payment_id for each in suspense if not each.suspended.version]
        for payment_id in new_ids:
            if self._is_taken(payment_id):
                raise PaymentExistsError(f"payment {payment_id} is on record")
        for each in suspense:
            known_money = self.suspended.get(each.suspended.payment_id)
            if each.suspended.version != (known_money.version if known_money else 0):
                raise StaleWriteError(f"{each.suspended.payment_id} was changed")
        for change in changes:
            for record in change.payments:
                if self._is_taken(record.payment.payment_id):
                    raise PaymentExistsError(f"payment {record.payment.payment_id} is on record")
            for record in change.reversed_payments:
                known = self._payments.get(record.payment.payment_id)
                if known is None or known.loan_id != record.loan_id or known.reversed_on:
                    raise StaleWriteError(f"payment {record.payment.payment_id} was changed")
            for fact in change.facts:
                if (fact.loan_id, fact.fact_id) in self._facts:
                    raise FactExistsError(f"fact {fact.fact_id} is on record")
            if any(_owner_key(each) in self._owners for each in change.owners):
                raise StaleWriteError(f"loan {change.loan.loan_id} was changed")
            for decision in change.decisions:
                self.cases.check(decision)
            self._expect(change.loan.loan_id, change.state.version)
        for change in changes:
            self._change(change)
        if split:
            self.splits[split.payment.payment_id] = split
        for each in suspense:
            changed = replace(each.suspended, version=each.suspended.version + 1)
            self.suspended[changed.payment_id] = changed
            for event in each.outbox.events:
                check_event(event)
            waiting = self.waiting_money.setdefault(changed.payment_id, {})
            waiting[each.outbox.outbox_id] = each.outbox

    def _is_taken(self, payment_id: str) -> bool:
        return any(payment_id in known for known in (self._payments, self.splits, self.suspended))

    def save_state(self, state: LoanState, loan: Loan, outbox: Outbox | None = None) -> None:
        stored = self._expect(loan.loan_id, state.version - 1)
        self._loans[loan.loan_id] = replace(stored, state=state)
        self.needs_review.discard(loan.loan_id)
        self._add(loan.loan_id, outbox)

    def outboxes(self, loan_id: str) -> list[Outbox]:
        return [outbox for _, outbox in sorted(self.waiting.get(loan_id, {}).items())]

    def acknowledge(self, loan_id: str, outbox_ids: Sequence[str]) -> None:
        for each in outbox_ids:
            self.waiting.get(loan_id, {}).pop(each, None)

    def waiting_loan_ids(self, shard: int, before: date) -> Iterator[str]:
        oldest = (
            (min(each.as_of for each in of_loan.values()), loan_id)
            for loan_id, of_loan in self.waiting.items()
            if of_loan and shard_of(loan_id, self._shards) == shard
        )
        yield from (loan_id for on, loan_id in sorted(oldest) if on < before)

    def send_again(self, loan_id: str) -> None:
        self.sent_again.append(loan_id)

    def all_loan_ids(self) -> Iterator[str]:
        yield from sorted(self._loans)

    def loan_ids(self, shard: int, after: str | None = None) -> Iterator[str]:
        listed = (each for each in sorted(self._loans) if each > (after or ""))
        yield from (each for each in listed if shard_of(each, self._shards) == shard)

    def _change(self, change: LoanChange) -> None:
        loan_id = change.loan.loan_id
        changed = replace(change.state, version=change.state.version + 1)
        self._loans[loan_id] = StoredLoan(change.loan, changed)
        for record in (*change.payments, *change.reversed_payments):
            self._payments[record.payment.payment_id] = record
        self._facts |= {(each.loan_id, each.fact_id): each for each in change.facts}
        for person_id in {each.party.person_id for each in change.parties}:
            rows = (each for each in change.parties if each.party.person_id == person_id)
            self._parties[loan_id, person_id] = tuple(rows)
        for each in change.collateral:
            self.collateral[loan_id, each.collateral.collateral_id] = each
        self._owners |= {_owner_key(each): each for each in change.owners}
        for decision in change.decisions:
            self.cases.save_decision(decision)
        self.needs_review.add(loan_id)
        self._add(loan_id, change.outbox)

    def _add(self, loan_id: str, outbox: Outbox | None) -> None:
        if outbox and not outbox.is_empty:
            for each in outbox.events:
                check_event(each)
            self.waiting.setdefault(loan_id, {})[outbox.outbox_id] = outbox

    def _expect(self, loan_id: str, version: int) -> StoredLoan:
        stored = self._loans.get(loan_id)
        if stored is None or stored.state.version != version:
            raise StaleWriteError(f"loan {loan_id} was changed")
        return stored


def _owner_key(record: OwnerRecord) -> tuple[str, date, str]:
    return record.loan_id, record.on, record.record_id


class FakeCollateralRepository:
    """What the loans' changes stored."""

    def __init__(self, loans: FakeLoanRepository) -> None:
        self._loans = loans

    def of_loan(self, loan_id: str) -> tuple[CollateralRecord, ...]:
        stored = self._loans.collateral
        return tuple(stored[key] for key in sorted(stored) if key[0] == loan_id)


class FakeGroupRepository:
    """Versions and sheets by group."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, date], Group] = {}
        self._sheets: dict[tuple[str, str], CollectionSheet] = {}

    def versions(self, group_id: str) -> tuple[Group, ...]:
        return tuple(self._versions[key] for key in sorted(self._versions) if key[0] == group_id)

    def add_version(self, group: Group) -> None:
        if (group.group_id, group.from_on) in self._versions:
            raise StaleWriteError(f"group {group.group_id} was changed")
        self._versions[group.group_id, group.from_on] = group

    def sheet(self, group_id: str, sheet_id: str) -> CollectionSheet | None:
        return self._sheets.get((group_id, sheet_id))

    def add_sheet(self, sheet: CollectionSheet) -> None:
        if (sheet.group_id, sheet.sheet_id) in self._sheets:
            raise SheetExistsError(f"sheet {sheet.sheet_id} is on record")
        self._sheets[sheet.group_id, sheet.sheet_id] = sheet

    def save_sheet(self, sheet: CollectionSheet, before: CollectionSheet) -> None:
        key = (sheet.group_id, sheet.sheet_id)
        if self._sheets[key].status != before.status:
            raise StaleWriteError(f"sheet {sheet.sheet_id} was changed")
        self._sheets[key] = sheet


class FakePaymentRepository:
    """Finds what a FakeLoanRepository has."""

    def __init__(self, loans: FakeLoanRepository) -> None:
        self._loans = loans

    def find(self, payment_id: str) -> KnownPayment | None:
        loans = self._loans
        known = loans.find_payment(payment_id) or loans.splits.get(payment_id)
        return known or loans.suspended.get(payment_id)

    def of_day(
        self, value_date: date, after: str | None = None
    ) -> Iterator[PaymentRecord | Suspended]:
        loans = self._loans
        found: dict[str, PaymentRecord | Suspended] = {
            each.payment.payment_id: each
            for each in loans._payments.values()
            if each.payment.value_date == value_date
        }
        found |= {
            each.payment_id: each
            for each in loans.suspended.values()
            if each.value_date == value_date
        }
        yield from (found[each] for each in sorted(found) if each > (after or ""))


class FakeSuspenseRepository:
    """The money in suspense of a FakeLoanRepository."""

    def __init__(self, loans: FakeLoanRepository) -> None:
        self._loans = loans
        self.sent_again: list[str] = []

    def find(self, payment_id: str) -> Suspended | None:
        return self._loans.suspended.get(payment_id)

    def open_items(self) -> list[Suspended]:
        found = (each for each in self._loans.suspended.values() if each.open_minor)
        return sorted(found, key=lambda each: (each.value_date, each.payment_id))

    def outboxes(self, payment_id: str) -> list[Outbox]:
        waiting = self._loans.waiting_money.get(payment_id, {})
        return [waiting[each] for each in sorted(waiting)]

    def acknowledge(self, payment_id: str, outbox_ids: Sequence[str]) -> None:
        for each in outbox_ids:
            self._loans.waiting_money.get(payment_id, {}).pop(each, None)

    def waiting_ids(self, before: date) -> list[str]:
        waiting = self._loans.waiting_money.items()
        return [
            payment_id
            for payment_id, outboxes in waiting
            if any(outbox.as_of < before for outbox in outboxes.values())
        ]

    def send_again(self, payment_id: str) -> None:
        self.sent_again.append(payment_id)


class FakeBorrowerRepository:
    """Borrowers by id; ``writes`` counts the changes of contact details.

    Tests set ``loans`` and ``roles``, which the loans' changes store.
    """

    def __init__(self, *borrowers: Borrower) -> None:
        self._borrowers: dict[str, Borrower] = {}
        self.loans: dict[str, list[str]] = {}
        self.roles: dict[str, dict[str, str]] = {}
        self._contacts: dict[tuple[str, str], Contact] = {}
        self._changes: dict[str, list[ContactChange]] = {}
        self.writes = 0
        for borrower in borrowers:
            self.save_contact_details(borrower)

    def load(self, borrower_id: str) -> Borrower:
        if borrower_id not in self._borrowers:
            raise LookupError(f"there is no borrower {borrower_id}")
        return self._borrowers[borrower_id]

    def knows(self, person_id: str) -> bool:
        return person_id in self._borrowers

    def loans_of(self, borrower_id: str) -> list[str]:
        return self.loans.get(borrower_id, [])

    def roles_of(self, person_id: str) -> dict[str, str]:
        own = dict.fromkeys(self.loans_of(person_id), "borrower")
        return {**self.roles.get(person_id, {}), **own}

    def load_many(self, borrower_ids: Sequence[str]) -> list[Borrower]:
        ids = dict.fromkeys(borrower_ids)
        return [self._borrowers[each] for each in ids if each in self._borrowers]

    def save_contact_details(self, borrower: Borrower, change: ContactChange | None = None) -> bool:
        known = self._borrowers.get(borrower.borrower_id, replace(borrower, name="", version=0))
        contacts = known.recent_contacts if known.version else ()
        changed = replace(
            borrower,
            recent_contacts=contacts,
            restraints=known.restraints,
            version=known.version,
        )
        if changed == known:
            return False
        if change and known.version != borrower.version:
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed")
        if change and change.former:
            self._changes.setdefault(borrower.borrower_id, []).append(change)
        self.writes += 1
        self._borrowers[borrower.borrower_id] = replace(changed, version=known.version + 1)
        return True

    def contact_changes(self, borrower_id: str) -> list[ContactChange]:
        return self._changes.get(borrower_id, [])

    def save_restraints(self, borrower: Borrower) -> None:
        person = self.load(borrower.borrower_id)
        if person.version != borrower.version:
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed")
        changed = replace(person, restraints=borrower.restraints, version=person.version + 1)
        self._borrowers[borrower.borrower_id] = changed

    def add_restraint(self, borrower_id: str, restraint: Restraint) -> None:
        person = self.load(borrower_id)
        if restraint not in person.restraints:
            restraints = (*person.restraints, restraint)
            self._borrowers[borrower_id] = replace(
                person, restraints=restraints, version=person.version + 1
            )

    def told_about(self, borrower_id: str, loan_id: str) -> list[Told]:
        return [
            told_by(message_id, contact.contacted_on)
            for (person_id, message_id), contact in self._contacts.items()
            if person_id == borrower_id
            and message_id.startswith(f"{loan_id}/")
            and contact.provider_id
        ]

    def contact(self, borrower_id: str, message_id: str) -> Contact | None:
        return self._contacts.get((borrower_id, message_id))

    def lease_contact(self, borrower: Borrower, message_id: str, on: date, until: datetime) -> None:
        key = (borrower.borrower_id, message_id)
        known = self._contacts.get(key)
        if known:
            if known.leased_until or known.provider_id:
                raise StaleWriteError("another sender has the message")
            self._contacts[key] = replace(known, leased_until=until)
            return
        person = self._borrowers.get(borrower.borrower_id)
        if person is None or person.version != borrower.version:
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed")
        recent = sorted(
            each for each in (*borrower.recent_contacts, on) if on - each < timedelta(days=14)
        )
        self._contacts[key] = Contact(on, until)
        self._borrowers[borrower.borrower_id] = replace(
            person, recent_contacts=tuple(recent), version=person.version + 1
        )

    def release_contact(self, borrower_id: str, message_id: str) -> None:
        known = self._contacts[borrower_id, message_id]
        self._contacts[borrower_id, message_id] = replace(known, leased_until=None)

    def confirm_contact(self, borrower_id: str, message_id: str, provider_id: str) -> None:
        known = self._contacts[borrower_id, message_id]
        self._contacts[borrower_id, message_id] = replace(
            known, leased_until=None, provider_id=provider_id
        )


class FakeDeliveryRepository:
    """The last delivery by source, and questions by delivery."""

    def __init__(self) -> None:
        self._last: dict[str, Delivered] = {}
        self._held: dict[str, HeldContacts] = {}

    def last(self, source: str) -> Delivered | None:
        return self._last.get(source)

    def save_last(self, delivered: Delivered) -> None:
        known = self._last.get(delivered.source)
        if known is None or known.as_of <= delivered.as_of:
            self._last[delivered.source] = delivered

    def held(self, delivery_id: str) -> HeldContacts:
        if delivery_id not in self._held:
            raise DeliveryNotFoundError(delivery_id)
        return self._held[delivery_id]

    def all_held(self) -> list[HeldContacts]:
        return [self._held[each] for each in sorted(self._held)]

    def save_held(self, held: HeldContacts, before: HeldContacts | None = None) -> None:
        if self._held.get(held.delivery_id) != before:
            raise StaleWriteError(f"the decision on {held.delivery_id} was changed")
        self._held[held.delivery_id] = held


class FakeCaseRepository:
    """Records by loan and case; ``repairs`` are those that wait, as the execution records them."""

    def __init__(self) -> None:
        self.repairs: dict[tuple[str, str], Repair] = {}
        self.decisions: dict[tuple[str, str], PendingDecision] = {}
        self._records: dict[tuple[str, str], CaseRecord] = {}

    def load(self, loan_id: str, case_id: str) -> CaseRecord:
        empty = CaseRecord(case_id=case_id, loan_id=loan_id)
        return self._records.get((loan_id, case_id), empty)

    def cases_of(self, loan_id: str) -> list[CaseRecord]:
        found = (each for each in self._records.values() if each.loan_id == loan_id)
        return sorted(found, key=lambda each: (len(each.case_id), each.case_id))

    def save(self, record: CaseRecord) -> None:
        if self.load(record.loan_id, record.case_id).version != record.version:
            raise StaleWriteError(f"case {record.case_id} was changed")
        key = (record.loan_id, record.case_id)
        self._records[key] = replace(record, version=record.version + 1)

    def decision(self, loan_id: str, decision_id: str) -> PendingDecision | None:
        return self.decisions.get((loan_id, decision_id))

    def decisions_of(self, loan_id: str) -> list[PendingDecision]:
        return [self.decisions[key] for key in sorted(self.decisions) if key[0] == loan_id]

    def pending_decisions(self, kind: str) -> list[PendingDecision]:
        pending = (e for e in self.decisions.values() if e.is_pending and e.kind == kind)
        return sorted(pending, key=lambda each: (each.asked_at, each.decision_id))

    def save_decision(self, decision: PendingDecision) -> None:
        self.check(decision)
        self.decisions[decision.loan_id, decision.decision_id] = decision

    def check(self, decision: PendingDecision) -> None:
        known = self.decisions.get((decision.loan_id, decision.decision_id))
        is_asked_again = known is not None and decision.outcome is None
        if known and known != decision and (known.outcome or is_asked_again):
            raise StaleWriteError(f"decision {decision.decision_id} was changed")

    def repair(self, loan_id: str, case_id: str) -> Repair | None:
        return self.repairs.get((loan_id, case_id))

    def waiting_repairs(self, shard: int, before: date) -> list[tuple[str, str]]:
        return [key for key, each in self.repairs.items() if each.signal.as_of < before]

    def end_repair(self, repair: Repair) -> None:
        key = (repair.loan_id, repair.case_id)
        if self.repairs.get(key) == repair:
            del self.repairs[key]


class FakeTimeline:
    """Entries by loan and id, in the order in which they came."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, TimelineEntry]] = {}

    def add(self, loan_id: str, entries: Iterable[TimelineEntry]) -> None:
        known = self._entries.setdefault(loan_id, {})
        for each in entries:
            known.setdefault(each.entry_id, each)

    def entries(self, loan_id: str) -> list[TimelineEntry]:
        return list(self.read(loan_id))

    def read(self, loan_id: str, since: date | None = None) -> Iterator[TimelineEntry]:
        known = self._entries.get(loan_id, {}).values()
        by_date = sorted(known, key=lambda each: each.on)
        yield from (each for each in by_date if since is None or each.on >= since)


class FakeInstitutionRepository:
    """Tests set ``days[institution_id]``, as the daily review's state machine would."""

    def __init__(self, *institutions: Institution) -> None:
        self._institutions = {
            each.institution_id: each for each in institutions or (an_institution(),)
        }
        self._policies: dict[tuple[str, date, int], Policy] = {}
        self._actors: dict[tuple[str, str], Actor] = {}
        self.days: dict[str, InstitutionDay] = {}

    def list_ids(self) -> list[str]:
        return sorted(self._institutions)

    def find(self, institution_id: str) -> Institution:
        if institution_id not in self._institutions:
            raise InstitutionNotFoundError(institution_id)
        return self._institutions[institution_id]

    def name(self, institution_id: str) -> str:
        return self.find(institution_id).name

    def time_zone(self, institution_id: str) -> str:
        return self.find(institution_id).time_zone

    def save(self, institution: Institution, *, only_if_new: bool = False) -> bool:
        if only_if_new and institution.institution_id in self._institutions:
            return False
        self._institutions[institution.institution_id] = institution
        return True

    def actors(self, institution_id: str) -> list[Actor]:
        return [self._actors[key] for key in sorted(self._actors) if key[0] == institution_id]

    def save_actor(self, institution_id: str, actor: Actor) -> None:
        self._actors[institution_id, actor.id] = actor

    def day(self, institution_id: str) -> InstitutionDay:
        return self.days.get(institution_id, InstitutionDay())

    def policy(self, institution_id: str, as_of: date) -> Policy:
        return policy_in_force(self.policies(institution_id), as_of)

    def policies(self, institution_id: str) -> list[Policy]:
        return [self._policies[key] for key in sorted(self._policies) if key[0] == institution_id]

    def save_policy(self, institution_id: str, policy: Policy) -> None:
        key = (institution_id, policy.effective_from, policy.version)
        if self._policies.setdefault(key, policy) != policy:
            raise StaleWriteError(f"version {policy.version} of the policy was changed")


class FakeMessageQueue:
    """``wakes`` as put; ``delayed`` are those to be considered later, with their seconds."""

    def __init__(self) -> None:
        self.wakes: list[Wake] = []
        self.delayed: list[tuple[Wake, int]] = []

    def put(self, wakes: Sequence[Wake], *, delay_seconds: int = 0) -> None:
        if delay_seconds:
            self.delayed += ((each, delay_seconds) for each in wakes)
        else:
            self.wakes += wakes


class FakeMessenger:
    """``emails`` are (address, subject, text, html), ``texts`` are (phone, text).

    Sending to an address in ``undeliverable`` raises UndeliverableError.
    """

    def __init__(self) -> None:
        self.emails: list[tuple[str, str, str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.undeliverable: set[str] = set()

    def send_email(self, address: str, subject: str, text: str, html: str) -> str:
        self._check(address)
        self.emails.append((address, subject, text, html))
        return f"email-{len(self.emails)}"

    def send_sms(self, phone: str, text: str) -> str:
        self._check(phone)
        self.texts.append((phone, text))
        return f"sms-{len(self.texts)}"

    def _check(self, address: str) -> None:
        if address in self.undeliverable:
            raise UndeliverableError("fake: InvalidParameter")


class FakeCaseWorkflow:
    """``started`` maps cases to signals, ``sent`` are (token, signal); a token works once.

    ``again`` are cases with the date they were started again; ``running`` are execution ids.
    """

    def __init__(self) -> None:
        self.started: dict[str, Signal] = {}
        self.again: dict[tuple[str, date], Signal] = {}
        self.sent: list[tuple[str, Signal]] = []
        self.failed: list[tuple[str, str]] = []
        self.running: set[str] = set()
        self.stopped: list[str] = []

    def start(self, loan_id: str, signal: Signal, *, again_on: date | None = None) -> None:
        if again_on:
            self.again.setdefault((signal.case_id, again_on), signal)
        else:
            self.started.setdefault(signal.case_id, signal)

    def fail(self, task_token: str, error: str, cause: str) -> None:
        self.failed.append((task_token, error))

    def is_running(self, execution_id: str) -> bool:
        return execution_id in self.running

    def stop(self, execution_id: str, why: str) -> None:
        self.running.discard(execution_id)
        self.stopped.append(execution_id)

    def send(self, loan_id: str, signal: Signal, task_token: str) -> None:
        if task_token not in (token for token, _ in self.sent):
            self.sent.append((task_token, signal))


class FakeDailyReviews:
    """``started`` are (institution, date)."""

    def __init__(self) -> None:
        self.started: list[tuple[str, date]] = []

    def start(self, institution_id: str, until: date) -> None:
        self.started.append((institution_id, until))


class FakeEventBus:
    """``events`` as published; one that may not be published fails the test."""

    def __init__(self) -> None:
        self.events: list[DomainEvent] = []

    def publish(self, events: Sequence[DomainEvent]) -> None:
        for each in events:
            check_event(each)
        self.events += events


class FakeClock:
    """Stays at ``at``, an aware datetime, until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def use(wiring: Any, loans: FakeLoanRepository) -> None:
    """Let the wiring have these loans, with their payments and money in suspense."""
    wiring.loans = loans
    wiring.payments, wiring.suspense = FakePaymentRepository(loans), FakeSuspenseRepository(loans)
