"""Loans with their facts, what secures them, and groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from recovery.adapters.dynamodb.keys import shard_of
from recovery.adapters.dynamodb.loan_items import held_item
from recovery.domain.accounting.collateral import CollateralRecord
from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.groups import CollectionSheet, Group
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.owner_facts import OwnerRecord
from recovery.domain.accounting.party import PartyRecord
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.accounting.said import Dispute, DisputeEnd
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.intake.suspense import Suspended
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import (
    FactExistsError,
    LoanChange,
    LoanNotFoundError,
    PaymentExistsError,
    SheetExistsError,
    StoredLoan,
)
from recovery.ports.payments import SuspenseChange
from recovery.ports.shared import StaleWriteError
from tests.bus_events import check_event
from tests.fakes.cases import FakeCaseRepository


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
        self.held: dict[str, date] = {}
        self.waiting: dict[str, dict[str, Outbox]] = {}
        self.sent_again: list[str] = []
        self.splits: dict[str, SplitPayment] = {}
        self.suspended: dict[str, Suspended] = {}
        self.waiting_money: dict[str, dict[str, Outbox]] = {}

    def load(self, loan_id: str) -> StoredLoan:
        if loan_id not in self._loans:
            raise LoanNotFoundError(loan_id)
        return replace(self._loans[loan_id], unreviewed=loan_id in self.needs_review)

    def load_many(self, loan_ids: Sequence[str]) -> list[StoredLoan]:
        return [self.load(each) for each in dict.fromkeys(loan_ids) if each in self._loans]

    def due_loan_ids(self, shard: int, as_of: date) -> Iterator[str]:
        due = sorted(
            (stored.state.next_review_on, loan_id)
            for loan_id, stored in [*self._loans.items()]
            if shard_of(loan_id, self._shards) == shard
            and stored.state.next_review_on is not None
            and stored.state.next_review_on <= as_of
        )
        yield from (loan_id for _, loan_id in due)

    def recorded(self, loan_id: str) -> Recorded:
        payments = [each for each in [*self._payments.values()] if each.loan_id == loan_id]
        payments.sort(key=lambda each: each.payment.payment_id)
        facts = [each for each in [*self._facts.values()] if each.loan_id == loan_id]
        owners = [each for each in [*self._owners.values()] if each.loan_id == loan_id]
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
            held = held_item("fakes", change).attribute_values.get("listed_by")
            if any(isinstance(each.fact, Dispute | DisputeEnd | Undo) for each in change.facts):
                self.held.pop(change.loan.loan_id, None)
                if held:
                    self.held[change.loan.loan_id] = date.fromisoformat(held.partition("#")[0])
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
