"""Store in DynamoDB which codes were sent for an offer, and what became of them."""

from __future__ import annotations

from datetime import timedelta

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.expiry import expires_at
from recovery.adapters.dynamodb.items import YesCodeItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.agreements.yes_code import YesCode

_KEPT_UNANSWERED = timedelta(days=7)  # long enough to count what was asked for within a day


class DynamoDbYesCodeRepository:
    """YesCodeRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def of_offer(self, loan_id: str, offer_id: str) -> list[YesCode]:
        """List the codes sent for the offer, the oldest first."""
        found = YesCodeItem.query(
            self._pk(loan_id), YesCodeItem.sk.startswith(_key(offer_id, "")), consistent_read=True
        )
        return [codec.document_from_json(YesCode, each.document) for each in found]

    def add(self, code: YesCode) -> None:
        """Keep a code that is about to be sent."""
        item = self._item(code)
        with stale_if_refused(f"code {code.code_id}"):
            item.save(condition=YesCodeItem.pk.does_not_exist())

    def save(self, code: YesCode, *, tries: int) -> None:
        """Store what became of the code, if nobody tried it meanwhile."""
        unchanged = (YesCodeItem.tries == tries) & YesCodeItem.answered.does_not_exist()
        with stale_if_refused(f"code {code.code_id}"):
            self._item(code).save(condition=unchanged)

    def _item(self, code: YesCode) -> YesCodeItem:
        """Return the item; a yes stays as long as its loan, as a signed paper does."""
        said_yes = code.answered_at is not None
        return YesCodeItem(
            self._pk(code.loan_id),
            _key(code.offer_id, code.code_id),
            document=codec.document_to_json(code),
            tries=code.tries,
            answered=said_yes or None,
            expires_at=None if said_yes else expires_at(code.asked_at.date() + _KEPT_UNANSWERED),
        )

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.LOAN, self._institution_id, loan_id)


def _key(offer_id: str, code_id: str) -> str:
    return keys.key(keys.YES, f"{offer_id}#{code_id}")
