"""Write records of payments and facts in a transaction, and say which of them was refused."""

from __future__ import annotations

from dataclasses import replace

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.chain import attests
from recovery.adapters.dynamodb.decision_items import decision_item, may_be_saved
from recovery.adapters.dynamodb.items import (
    FactItem,
    Item,
    OwnerItem,
    PaymentGuardItem,
    PaymentItem,
    PersonLoanItem,
    SuspenseItem,
)
from recovery.adapters.dynamodb.loan_items import fact_item, held_item, loan_item, owner_item
from recovery.adapters.dynamodb.payment_items import (
    guard_item,
    payment_item,
    split_item,
    suspense_guard_item,
    suspense_item,
    suspense_key,
)
from recovery.adapters.dynamodb.security_items import security_items
from recovery.adapters.dynamodb.writes import failed_conditions
from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.said import Dispute, DisputeEnd
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.shared.chain import Attest
from recovery.ports.accounting import FactExistsError, LoanChange, PaymentExistsError
from recovery.ports.payments import SuspenseChange
from recovery.ports.shared import StaleWriteError


class RecordWrites:
    """The records of one transaction; puts come before updates in it."""

    def __init__(self, together: TransactWrite, institution_id: str) -> None:
        self._together = together
        self._institution_id = institution_id
        self._puts: list[tuple[str, str]] = []
        self._kept: dict[str, list[Item]] = {}

    def records(self, loan_id: str) -> tuple[Attest, ...]:
        """Return what the loan's chain is to tell of its records."""
        return attests(self._kept.get(loan_id, ()))

    def of_loan(self, change: LoanChange, listed_in: str) -> None:
        """Add the records of one loan, and its contract if that has changed."""
        kept = self._kept.setdefault(change.loan.loan_id, [])
        for record in change.payments:
            new = guard_item(self._institution_id, record)
            self._new_id(new, record.payment.payment_id)
            absent = PaymentItem.pk.does_not_exist()
            item = payment_item(self._institution_id, record)
            self._together.save(item, condition=absent)
            kept.append(item)
            self._puts.append((keys.PAYMENT, record.payment.payment_id))
        for record in change.reversed_payments:
            counted = PaymentItem.pk.exists() & PaymentItem.reversed_on.does_not_exist()
            item = payment_item(self._institution_id, record)
            self._together.save(item, condition=counted)
            kept.append(item)
            self._puts.append((keys.STATE, change.loan.loan_id))
        for fact in change.facts:
            item_of_fact = fact_item(self._institution_id, fact)
            self._together.save(item_of_fact, condition=FactItem.pk.does_not_exist())
            kept.append(item_of_fact)
            self._puts.append((keys.FACT, fact.fact_id))
        if any(isinstance(each.fact, Dispute | DisputeEnd | Undo) for each in change.facts):
            self._together.save(held_item(self._institution_id, change))
            self._puts.append((keys.HELD, change.loan.loan_id))
        for owner in change.owners:
            item_of_owner = owner_item(self._institution_id, owner)
            self._together.save(item_of_owner, condition=OwnerItem.pk.does_not_exist())
            kept.append(item_of_owner)
            self._puts.append((keys.OWNER, owner.record_id))
        for decision in change.decisions:
            item_of_decision = decision_item(self._institution_id, decision)
            self._together.save(item_of_decision, condition=may_be_saved(item_of_decision))
            kept.append(item_of_decision)
            self._puts.append((keys.DECISION, decision.decision_id))
        for item_of_security in security_items(self._institution_id, change):
            # No condition: the state, written in the same transaction, has the version.
            self._together.save(item_of_security)
            if not isinstance(item_of_security, PersonLoanItem):  # it links, and says nothing
                kept.append(item_of_security)
            self._puts.append((keys.LOAN, change.loan.loan_id))
        if change.loan != change.before:
            self._together.save(loan_item(change.loan, listed_in))
            self._puts.append((keys.LOAN, change.loan.loan_id))

    def split(self, split: SplitPayment) -> None:
        """Add a new payment that was split."""
        self._new_id(split_item(self._institution_id, split), split.payment.payment_id)

    def suspense(self, change: SuspenseChange) -> None:
        """Add money that comes into suspense, or what changed about it."""
        suspended, item = change.suspended, suspense_item(self._institution_id, change)
        if not suspended.version:
            guard = suspense_guard_item(self._institution_id, suspended)
            self._new_id(guard, suspended.payment_id)
            self._together.save(item, condition=SuspenseItem.pk.does_not_exist())
            self._puts.append((keys.PAYMENT, suspended.payment_id))
            return
        changed = replace(suspended, version=suspended.version + 1)
        actions: list[Action] = [
            SuspenseItem.version.set(changed.version),
            SuspenseItem.document.set(item.document),
            outbox_path(change.outbox.outbox_id).set(codec.outbox_to_json(change.outbox)),
        ]
        if not changed.open_minor:
            actions.append(SuspenseItem.closed.set(True))
        self._together.update(
            SuspenseItem(*suspense_key(self._institution_id, suspended.payment_id)),
            actions=actions,
            condition=SuspenseItem.version == suspended.version,
        )

    def refused(self, error: TransactWriteError, what: str) -> Exception:
        """Return the error to raise; re-raises one with another cause than a lost race."""
        for position in sorted(failed_conditions(error)):
            kind, identifier = self._puts[position] if position < len(self._puts) else ("", "")
            if kind == keys.PAYMENT:
                return PaymentExistsError(f"payment {identifier} is on record")
            if kind == keys.FACT:
                return FactExistsError(f"fact {identifier} is on record")
        return StaleWriteError(f"{what} was changed")

    def _new_id(self, guard: PaymentGuardItem, payment_id: str) -> None:
        self._together.save(guard, condition=PaymentGuardItem.pk.does_not_exist())
        self._puts.append((keys.PAYMENT, payment_id))


def outbox_path(outbox_id: str) -> Path:
    """Return the path of one outbox in the map of a state, or of money in suspense."""
    return Path([SuspenseItem.outbox.attr_name, outbox_id])
