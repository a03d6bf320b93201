"""Remember which text message a provider's id stands for."""

from __future__ import annotations

from datetime import date, timedelta

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.expiry import expires_at
from recovery.adapters.dynamodb.items import SentTextItem
from recovery.ports.contact import SentMessage

_KEPT = timedelta(days=14)  # a text message that cannot be delivered is given up after four days


class DynamoDbSentTexts:
    """SentTexts, for all institutions."""

    def add(self, provider_id: str, sent: SentMessage, on: date) -> None:
        """Remember it for as long as news may come."""
        SentTextItem(
            *_key(provider_id),
            institution_id=sent.institution_id,
            person_id=sent.person_id,
            message_id=sent.message_id,
            expires_at=expires_at(on + _KEPT),
        ).save()

    def find(self, provider_id: str) -> SentMessage | None:
        """Return the message, None if nobody knows it."""
        try:
            item = SentTextItem.get(*_key(provider_id))
        except DoesNotExist:
            return None
        return SentMessage(item.institution_id, item.person_id, item.message_id)


def _key(provider_id: str) -> tuple[str, str]:
    return keys.partition(keys.SENT, keys.ANY, provider_id), keys.SENT
