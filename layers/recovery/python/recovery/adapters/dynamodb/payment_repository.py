"""Find payments in DynamoDB, wherever their money is, and list those of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.items import (
    ListsIndex,
    PaymentGuardItem,
    PaymentItem,
    SuspenseItem,
)
from recovery.adapters.dynamodb.payment_items import (
    guard_key,
    payment_record,
    split_payment,
    suspended_of,
    suspense_key,
)
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.intake.suspense import Suspended
from recovery.domain.shared.pages import pages
from recovery.ports.payments import KnownPayment

_PAGE = 100  # what one batch may read


class DynamoDbPaymentRepository:
    """PaymentRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def find(self, payment_id: str) -> KnownPayment | None:
        """Find the payment on a loan, the split one, or the money in suspense with this id."""
        try:
            key = guard_key(self._institution_id, payment_id)
            guard = PaymentGuardItem.get(*key, consistent_read=True)
            if guard.split:
                return split_payment(guard)
            if guard.loan_id is None:
                suspense = suspense_key(self._institution_id, payment_id)
                return suspended_of(SuspenseItem.get(*suspense, consistent_read=True))
            pk = keys.partition(keys.LOAN, self._institution_id, guard.loan_id)
            sk = keys.key(keys.PAYMENT, payment_id)
            return payment_record(PaymentItem.get(pk, sk, consistent_read=True))
        except DoesNotExist:
            return None

    def of_day(
        self, value_date: date, after: str | None = None
    ) -> Iterator[PaymentRecord | Suspended]:
        """List the payments of this value date by id, reading a page at a time."""
        listed = PaymentItem.lists.query(
            keys.day_list(self._institution_id, value_date),
            ListsIndex.listed_by > after if after else None,
        )
        for page in pages(((item.pk, item.sk) for item in listed), _PAGE):
            yield from self._read(page)

    def _read(self, page: Sequence[tuple[str, str]]) -> Iterator[PaymentRecord | Suspended]:
        """Read what the list names, in its order."""
        on_loans = [key for key in page if key[1] != keys.PAYMENT]
        suspended = [
            suspense_key(self._institution_id, keys.parts(pk)[1])
            for pk, sk in page
            if sk == keys.PAYMENT
        ]
        found: dict[str, PaymentRecord | Suspended] = {}
        for item in PaymentItem.batch_get(on_loans, consistent_read=True):
            record = payment_record(item)
            found[record.payment.payment_id] = record
        for money in SuspenseItem.batch_get(suspended, consistent_read=True):
            found[keys.parts(money.pk)[1]] = suspended_of(money)
        for pk, sk in page:
            payment_id = keys.parts(pk)[1] if sk == keys.PAYMENT else keys.identifier(sk)
            if payment_id in found:
                yield found[payment_id]
