"""Store loans, their states and payments in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.condition import size
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import (
    DueIndex,
    Item,
    ListsIndex,
    LoanItem,
    PaymentGuardItem,
    PaymentItem,
    PersonLoanItem,
    StateItem,
)
from recovery.adapters.dynamodb.writes import (
    failed_conditions,
    put_all,
    stale_if_refused,
    transaction,
    update,
)
from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.outbox import Outbox
from recovery.domain.review import LoanState
from recovery.domain.shared.iso_dates import from_iso, iso
from recovery.ports.accounting import (
    LoanNotFoundError,
    PaymentExistsError,
    StoredLoan,
    UnreadableLoanError,
)
from recovery.ports.shared import StaleWriteError


class DynamoDbLoanRepository:
    """LoanRepository of one institution. Writers and reviewers must use the same ``shards``."""

    def __init__(self, institution_id: str, shards: int) -> None:
        self._institution_id = institution_id
        self._shards = shards

    def load(self, loan_id: str) -> StoredLoan:
        """Load the loan. Raises LoanNotFoundError."""
        for stored in self.load_many([loan_id]):
            return stored
        raise LoanNotFoundError(loan_id)

    def load_many(self, loan_ids: Sequence[str]) -> list[StoredLoan]:
        """Load those that exist, in any order; reads are consistent, as decisions follow."""
        wanted = [(self._pk(each), sk) for each in loan_ids for sk in (keys.LOAN, keys.STATE)]
        loans: dict[str, LoanItem] = {}
        states: dict[str, StateItem] = {}
        for item in Item.batch_get(wanted, consistent_read=True):
            if isinstance(item, LoanItem):
                loans[item.pk] = item
            elif isinstance(item, StateItem):
                states[item.pk] = item
        return [_stored(item, states[pk]) for pk, item in loans.items() if pk in states]

    def due_loan_ids(self, shard: int, as_of: date) -> Iterator[str]:
        """Find the shard's loans due for review, earliest first, reading a page at a time."""
        due = StateItem.due.query(
            keys.shard_key(self._institution_id, shard),
            DueIndex.next_review_on <= as_of.isoformat(),
        )
        for state in due:
            yield keys.parts(state.pk)[1]

    def payments(self, loan_id: str) -> list[PaymentRecord]:
        """List all payments, including reversed ones."""
        found = PaymentItem.query(
            self._pk(loan_id),
            PaymentItem.sk.startswith(keys.key(keys.PAYMENT, "")),
            consistent_read=True,
        )
        return [_payment_record(item) for item in found]

    def find_payment(self, payment_id: str) -> PaymentRecord | None:
        """Find the payment by id, across the institution's loans."""
        guard_key, sk = self._guard_pk(payment_id), keys.key(keys.PAYMENT, payment_id)
        try:
            guard = PaymentGuardItem.get(guard_key, keys.PAYMENT, consistent_read=True)
            pk = self._pk(guard.loan_id)
            return _payment_record(PaymentItem.get(pk, sk, consistent_read=True))
        except DoesNotExist:
            return None

    def add_loan(self, stored: StoredLoan, payments: Sequence[PaymentRecord]) -> None:
        """Add a loan and its history, marked for review.

        The history is written first: the loan exists only once its contract and state are written,
        in one transaction, so a retry completes an interrupted add. Raises PaymentExistsError when
        a payment belongs to another loan, StaleWriteError when the loan already exists.
        """
        loan_id = stored.loan.loan_id
        guards = [(self._guard_pk(each.payment.payment_id), keys.PAYMENT) for each in payments]
        for guard in PaymentGuardItem.batch_get(guards, consistent_read=True):
            if guard.loan_id != loan_id:
                payment_id = keys.parts(guard.pk)[1]
                raise PaymentExistsError(f"payment {payment_id} belongs to loan {guard.loan_id}")
        put_all(
            item for each in payments for item in (self._payment_item(each), self._guard_item(each))
        )
        try:
            with transaction() as together:
                together.save(self._loan_item(stored.loan), condition=LoanItem.pk.does_not_exist())
                fields = self._fields(stored.state, stored.loan, True)
                state = StateItem(self._pk(loan_id), keys.STATE, **fields)
                together.save(state, condition=StateItem.pk.does_not_exist())
                together.save(self._link(stored.loan))
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"loan {loan_id} is already on record") from error

    def post_payment(
        self, record: PaymentRecord, state: LoanState, outbox: Outbox, loan: Loan
    ) -> None:
        """Save payment, state and outbox in one transaction, marking the loan for review.

        The stored state is one version above ``state``. Raises PaymentExistsError, StaleWriteError.
        """
        try:
            with transaction() as together:
                guard = PaymentGuardItem.pk.does_not_exist()
                together.save(self._guard_item(record), condition=guard)
                together.save(self._payment_item(record), condition=PaymentItem.pk.does_not_exist())
                self._change(together, state, outbox, loan)
        except TransactWriteError as error:
            if failed_conditions(error) & {0, 1}:
                payment_id = record.payment.payment_id
                raise PaymentExistsError(f"payment {payment_id} is on record") from error
            raise StaleWriteError(f"loan {record.loan_id} was changed") from error

    def reverse_payment(
        self, record: PaymentRecord, state: LoanState, outbox: Outbox, loan: Loan
    ) -> None:
        """Save a reversed payment in the same way.

        Raises StaleWriteError, also when the payment does not exist or is already reversed.
        """
        try:
            with transaction() as together:
                counted = PaymentItem.pk.exists() & PaymentItem.reversed_on.does_not_exist()
                together.save(self._payment_item(record), condition=counted)
                self._change(together, state, outbox, loan)
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"loan {record.loan_id} was changed") from error

    def save_state(self, state: LoanState, loan: Loan, outbox: Outbox | None = None) -> None:
        """Save the state, and add the outbox to what is not carried out yet, in one write.

        ``state.version`` is one above the version it was loaded with. Raises StaleWriteError.
        """
        with stale_if_refused(f"loan {loan.loan_id}"):
            update(
                self._pk(loan.loan_id),
                keys.STATE,
                self._actions(state, loan, outbox),
                StateItem.version == state.version - 1,
            )

    def outboxes(self, loan_id: str) -> list[Outbox]:
        """List what was decided and is not carried out yet, in order; [] for an unknown loan."""
        try:
            item = StateItem.get(
                self._pk(loan_id),
                keys.STATE,
                consistent_read=True,
                attributes_to_get=["pk", "sk", "outbox"],
            )
        except DoesNotExist:
            return []
        waiting = item.outbox.attribute_values
        return [codec.outbox_from_json(waiting[each]) for each in sorted(waiting)]

    def acknowledge(self, loan_id: str, outbox_ids: Sequence[str]) -> None:
        """Forget outboxes that were carried out. Idempotent.

        The item leaves the index with the last of them; one that is added meanwhile keeps it there.
        """
        pk = self._pk(loan_id)
        done: list[Action] = [_outbox(each).remove() for each in outbox_ids]
        marks = (StateItem.listed_in, StateItem.listed_by, StateItem.resent_on)
        number = size(StateItem.outbox)  # type: ignore[no-untyped-call]
        held = StateItem.pk.exists() & (number == len(outbox_ids))
        for each in outbox_ids:
            held &= _outbox(each).exists()
        try:
            with stale_if_refused("the outbox"):
                update(pk, keys.STATE, [*done, *(each.remove() for each in marks)], held)
        except StaleWriteError:
            if done:
                update(pk, keys.STATE, done, StateItem.pk.exists())

    def waiting_loan_ids(self, shard: int, before: date) -> Iterator[str]:
        """Find the shard's loans with an outbox decided before this date, oldest first."""
        waiting = StateItem.lists.query(
            keys.list_key(keys.OUTBOX, self._institution_id, shard),
            ListsIndex.listed_by < before.isoformat(),
        )
        for item in waiting:
            yield keys.parts(item.pk)[1]

    def send_again(self, loan_id: str, on: date) -> None:
        """Let the stream deliver the loan's outboxes once more. Idempotent for a date."""
        with suppress(StaleWriteError), stale_if_refused("the outbox"):
            again = [StateItem.resent_on.set(on.isoformat())]
            update(self._pk(loan_id), keys.STATE, again, StateItem.listed_by.exists())

    def loan_ids(self, shard: int, after: str | None = None) -> Iterator[str]:
        """List every loan of the shard by id, or those after one."""
        listed = LoanItem.lists.query(
            keys.list_key(keys.LOANS, self._institution_id, shard),
            ListsIndex.listed_by > after if after else None,
        )
        for item in listed:
            yield keys.parts(item.pk)[1]

    def _change(
        self, together: TransactWrite, state: LoanState, outbox: Outbox, loan: Loan
    ) -> None:
        """Store the state one version higher, for a review to take up."""
        changed = replace(state, version=state.version + 1)
        together.update(
            StateItem(self._pk(loan.loan_id), keys.STATE),
            actions=self._actions(changed, loan, outbox, needs_review=True),
            condition=StateItem.version == state.version,
        )

    def _actions(
        self,
        state: LoanState,
        loan: Loan,
        outbox: Outbox | None,
        *,
        needs_review: bool | None = None,
    ) -> list[Action]:
        """Set the state's attributes, and touch of the outbox only what is added."""
        attributes = StateItem.get_attributes()
        actions: list[Action] = [
            attributes[name].remove() if value is None else attributes[name].set(value)
            for name, value in self._fields(state, loan, needs_review).items()
        ]
        if outbox and not outbox.is_empty:
            text = codec.outbox_to_json(outbox)
            actions += [
                _outbox(outbox.outbox_id).set(text),
                StateItem.listed_in.set(self._list(keys.OUTBOX, loan)),
                StateItem.listed_by.set(StateItem.listed_by | outbox.as_of.isoformat()),
            ]
        return actions

    def _fields(self, state: LoanState, loan: Loan, needs_review: bool | None) -> dict[str, Any]:
        return {
            **codec.state_to_fields(state),
            "due_shard": self._due_shard(loan) if state.next_review_on else None,
            "needs_review": needs_review,
        }

    def _due_shard(self, loan: Loan) -> str:
        return keys.shard_key(self._institution_id, keys.shard_of(loan.loan_id, self._shards))

    def _list(self, name: str, loan: Loan) -> str:
        shard = keys.shard_of(loan.loan_id, self._shards)
        return keys.list_key(name, self._institution_id, shard)

    def _link(self, loan: Loan) -> PersonLoanItem:
        person = keys.partition(keys.PERSON, self._institution_id, loan.borrower_id)
        return PersonLoanItem(person, keys.key(keys.LOAN, loan.loan_id))

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.LOAN, self._institution_id, loan_id)

    def _guard_pk(self, payment_id: str) -> str:
        return keys.partition(keys.PAYMENT, self._institution_id, payment_id)

    def _loan_item(self, loan: Loan) -> LoanItem:
        return LoanItem(
            self._pk(loan.loan_id),
            keys.LOAN,
            listed_in=self._list(keys.LOANS, loan),
            listed_by=loan.loan_id,
            portfolio=loan.portfolio,
            borrower_id=loan.borrower_id,
            currency=loan.currency,
            disbursed_on=loan.disbursed_on.isoformat(),
            schedule=codec.schedule_to_json(loan.schedule),
            schedule_version=loan.schedule_version,
            advisor_name=loan.advisor_name,
            advisor_phone=loan.advisor_phone,
        )

    def _guard_item(self, record: PaymentRecord) -> PaymentGuardItem:
        pk = self._guard_pk(record.payment.payment_id)
        return PaymentGuardItem(pk, keys.PAYMENT, loan_id=record.loan_id)

    def _payment_item(self, record: PaymentRecord) -> PaymentItem:
        return PaymentItem(
            self._pk(record.loan_id),
            keys.key(keys.PAYMENT, record.payment.payment_id),
            value_date=record.payment.value_date.isoformat(),
            amount_minor=record.payment.amount_minor,
            instalment=record.payment.instalment,
            currency=record.currency,
            fingerprint=record.fingerprint,
            receipt=codec.to_json(record.receipt),
            reference=record.reference,
            reversed_on=iso(record.reversed_on),
            reversal_reason=record.reversal_reason,
            posted_by=record.posted_by,
            posted_at=record.posted_at.isoformat() if record.posted_at else None,
            reversed_by=record.reversed_by,
            reversed_at=record.reversed_at.isoformat() if record.reversed_at else None,
        )


def _outbox(outbox_id: str) -> Path:
    """Return the path of one outbox within the map."""
    return Path([StateItem.outbox.attr_name, outbox_id])


def _stored(loan: LoanItem, state: StateItem) -> StoredLoan:
    """Read both items. Raises UnreadableLoanError naming the loan."""
    try:
        return StoredLoan(_loan(loan), codec.state_from_fields(state.attribute_values))
    except (ValueError, LookupError, TypeError) as error:
        raise UnreadableLoanError(keys.parts(loan.pk)[1]) from error


def _loan(item: LoanItem) -> Loan:
    institution_id, loan_id = keys.parts(item.pk)
    return Loan(
        loan_id=loan_id,
        institution_id=institution_id,
        portfolio=item.portfolio,
        borrower_id=item.borrower_id,
        currency=item.currency,
        disbursed_on=date.fromisoformat(item.disbursed_on),
        schedule=codec.schedule_from_json(item.schedule),
        advisor_name=item.advisor_name,
        advisor_phone=item.advisor_phone,
        schedule_version=int(item.schedule_version),
    )


def _payment_record(item: PaymentItem) -> PaymentRecord:
    """Convert the item to a payment record."""
    payment = Payment(
        payment_id=keys.identifier(item.sk),
        value_date=date.fromisoformat(item.value_date),
        amount_minor=int(item.amount_minor),
        instalment=None if item.instalment is None else int(item.instalment),
    )
    return PaymentRecord(
        payment=payment,
        loan_id=keys.parts(item.pk)[1],
        currency=item.currency,
        fingerprint=item.fingerprint,
        receipt=json.loads(item.receipt),
        reference=item.reference,
        reversed_on=from_iso(item.reversed_on),
        reversal_reason=item.reversal_reason,
        posted_by=item.posted_by,
        posted_at=datetime.fromisoformat(item.posted_at) if item.posted_at else None,
        reversed_by=item.reversed_by,
        reversed_at=datetime.fromisoformat(item.reversed_at) if item.reversed_at else None,
    )
