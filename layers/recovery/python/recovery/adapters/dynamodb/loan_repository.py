"""Store loans, their states and payments in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.condition import size
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import (
    DueIndex,
    FactItem,
    Item,
    ListsIndex,
    LoanItem,
    OwnerItem,
    PartyItem,
    PaymentGuardItem,
    PaymentItem,
    StateItem,
)
from recovery.adapters.dynamodb.loan_items import (
    fact_record,
    link_item,
    loan_item,
    owner_record,
    stored_loan,
)
from recovery.adapters.dynamodb.payment_items import (
    guard_item,
    guard_key,
    payment_item,
    payment_record,
)
from recovery.adapters.dynamodb.payment_repository import DynamoDbPaymentRepository
from recovery.adapters.dynamodb.record_writes import RecordWrites, outbox_path
from recovery.adapters.dynamodb.writes import (
    failed_conditions,
    put_all,
    stale_if_refused,
    transaction,
    update,
)
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.party import PartyRecord
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import (
    LoanChange,
    LoanNotFoundError,
    PaymentExistsError,
    StoredLoan,
)
from recovery.ports.payments import SuspenseChange
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
        return [stored_loan(item, states[pk]) for pk, item in loans.items() if pk in states]

    def due_loan_ids(self, shard: int, as_of: date) -> Iterator[str]:
        """Find the shard's loans due for review, earliest first, reading a page at a time."""
        due = StateItem.due.query(
            keys.shard_key(self._institution_id, shard),
            DueIndex.next_review_on <= as_of.isoformat(),
        )
        for state in due:
            yield keys.parts(state.pk)[1]

    def recorded(self, loan_id: str) -> Recorded:
        """Return all on record about the loan: money, owners and parties, what was undone too."""
        payments, facts, owners, parties = [], [], [], list[PartyRecord]()
        # One query finds all kinds: HELD, OWNER and PARTY are between FACT and PAYMENT.
        between = keys.key(keys.FACT, ""), keys.key(keys.PAYMENT, "~")
        for item in Item.query(self._pk(loan_id), Item.sk.between(*between), consistent_read=True):
            if isinstance(item, PaymentItem):
                payments.append(payment_record(item))
            elif isinstance(item, FactItem):
                facts.append(fact_record(item))
            elif isinstance(item, OwnerItem):
                owners.append(owner_record(item))
            elif isinstance(item, PartyItem):
                parties += codec.parties_from_json(item.rows)
        return Recorded(tuple(payments), tuple(facts), tuple(owners), tuple(parties))

    def find_payment(self, payment_id: str) -> PaymentRecord | None:
        """Find the payment on a loan by id, across the institution's loans."""
        known = DynamoDbPaymentRepository(self._institution_id).find(payment_id)
        return known if isinstance(known, PaymentRecord) else None

    def add_loan(self, stored: StoredLoan, payments: Sequence[PaymentRecord]) -> None:
        """Add a loan and its history, marked for review.

        The history is written first: the loan exists only once its contract and state are written,
        in one transaction, so a retry completes an interrupted add. Raises PaymentExistsError when
        a payment belongs to another loan, StaleWriteError when the loan already exists.
        """
        loan_id = stored.loan.loan_id
        guards = [guard_key(self._institution_id, each.payment.payment_id) for each in payments]
        for guard in PaymentGuardItem.batch_get(guards, consistent_read=True):
            if guard.loan_id != loan_id:
                payment_id = keys.parts(guard.pk)[1]
                raise PaymentExistsError(f"payment {payment_id} is on record elsewhere")
        put_all(
            item
            for each in payments
            for item in (
                payment_item(self._institution_id, each),
                guard_item(self._institution_id, each),
            )
        )
        try:
            with transaction() as together:
                together.save(
                    loan_item(stored.loan, self._list(keys.LOANS, stored.loan)),
                    condition=LoanItem.pk.does_not_exist(),
                )
                fields = self._fields(stored.state, stored.loan, True)
                state = StateItem(self._pk(loan_id), keys.STATE, **fields)
                together.save(state, condition=StateItem.pk.does_not_exist())
                together.save(link_item(stored.loan))
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"loan {loan_id} is already on record") from error

    def commit(
        self,
        *changes: LoanChange,
        split: SplitPayment | None = None,
        suspense: Sequence[SuspenseChange] = (),
    ) -> None:
        """Save facts, contracts, states and outboxes of all loans, or nothing; see the port."""
        records: RecordWrites | None = None
        try:
            with transaction() as together:
                records = RecordWrites(together, self._institution_id)
                for change in changes:
                    records.of_loan(change, self._list(keys.LOANS, change.loan))
                if split:
                    records.split(split)
                for money in suspense:
                    records.suspense(money)
                for change in changes:
                    told = records.records(change.loan.loan_id)
                    outbox = replace(change.outbox, records=told)
                    self._change(together, replace(change, outbox=outbox))
        except TransactWriteError as error:
            assert records is not None
            loans = ", ".join(change.loan.loan_id for change in changes)
            raise records.refused(error, f"loan {loans}") from error

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
        done: list[Action] = [outbox_path(each).remove() for each in outbox_ids]
        marks = (StateItem.listed_in, StateItem.listed_by, StateItem.resends)
        number = size(StateItem.outbox)  # type: ignore[no-untyped-call]
        held = StateItem.pk.exists() & (number == len(outbox_ids))
        for each in outbox_ids:
            held &= outbox_path(each).exists()
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

    def send_again(self, loan_id: str) -> None:
        """Let the stream deliver the loan's outboxes once more, if any wait.

        A write that changes nothing would not reach the stream.
        """
        with suppress(StaleWriteError), stale_if_refused("the outbox"):
            again = [StateItem.resends.add(1)]
            update(self._pk(loan_id), keys.STATE, again, StateItem.listed_by.exists())

    def all_loan_ids(self) -> Iterator[str]:
        """List every loan, shard by shard."""
        for shard in range(self._shards):
            yield from self.loan_ids(shard)

    def loan_ids(self, shard: int, after: str | None = None) -> Iterator[str]:
        """List every loan of the shard by id, or those after one."""
        listed = LoanItem.lists.query(
            keys.list_key(keys.LOANS, self._institution_id, shard),
            ListsIndex.listed_by > after if after else None,
        )
        for item in listed:
            yield keys.parts(item.pk)[1]

    def _change(self, together: TransactWrite, change: LoanChange) -> None:
        """Store the state one version higher, for a review to take up."""
        state, loan = change.state, change.loan
        changed = replace(state, version=state.version + 1)
        together.update(
            StateItem(self._pk(loan.loan_id), keys.STATE),
            actions=self._actions(changed, loan, change.outbox, needs_review=True),
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
                outbox_path(outbox.outbox_id).set(text),
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

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.LOAN, self._institution_id, loan_id)
