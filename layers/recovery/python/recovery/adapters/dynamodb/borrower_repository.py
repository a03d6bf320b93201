"""Store borrowers and their contacts in DynamoDB."""

from __future__ import annotations

from datetime import date, timedelta

from pynamodb.exceptions import DoesNotExist, TransactWriteError

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import BorrowerItem, ContactItem
from recovery.adapters.dynamodb.writes import failed_conditions, transaction
from recovery.domain.contact.borrower import Borrower
from recovery.ports.shared import StaleWriteError

# Contact limits look back seven days; twice that leaves room for a longer policy window.
_RECENT = timedelta(days=14)
_DETAILS = (
    "name",
    "language",
    "country",
    "time_zone",
    "email",
    "phone",
    "preferred_channel",
    "email_consent",
    "sms_consent",
)


class DynamoDbBorrowerRepository:
    """BorrowerRepository on DynamoDB."""

    def load(self, borrower_id: str) -> Borrower:
        """Load the borrower. Raises LookupError when there is none."""
        try:
            item = BorrowerItem.get(
                keys.key(keys.BORROWER, borrower_id), keys.BORROWER, consistent_read=True
            )
        except DoesNotExist:
            raise LookupError(f"there is no borrower {borrower_id}") from None
        return Borrower(
            borrower_id=borrower_id,
            recent_contacts=codec.dates_from_json(item.recent_contacts or "[]"),
            version=int(item.version),
            **{name: getattr(item, name) for name in _DETAILS},
        )

    def save_contact_details(self, borrower: Borrower) -> bool:
        """Add the borrower or update the contact details; return False when nothing changed.

        The last writer wins. Recorded contacts are kept.
        """
        try:
            stored = self.load(borrower.borrower_id)
        except LookupError:
            stored = None
        details = {name: getattr(borrower, name) for name in _DETAILS}
        if stored and all(getattr(stored, name) == value for name, value in details.items()):
            return False
        attributes = BorrowerItem.get_attributes()
        changes = [
            attributes[name].remove() if value is None else attributes[name].set(value)
            for name, value in details.items()
        ]
        self._item(borrower.borrower_id).update([*changes, BorrowerItem.version.add(1)])
        return True

    def is_contacted(self, borrower_id: str, message_id: str) -> bool:
        """Whether this message is confirmed as sent."""
        pk, sk = keys.key(keys.BORROWER, borrower_id), keys.key(keys.CONTACT, message_id)
        try:
            return ContactItem.get(pk, sk, consistent_read=True).provider_id is not None
        except DoesNotExist:
            return False

    def add_contact(self, borrower: Borrower, message_id: str, on: date) -> None:
        """Add the message's date to the recent contacts, once per message.

        Raises StaleWriteError when another message to the same person came first.
        """
        recent = sorted(each for each in (*borrower.recent_contacts, on) if on - each < _RECENT)
        contact = ContactItem(
            keys.key(keys.BORROWER, borrower.borrower_id),
            keys.key(keys.CONTACT, message_id),
            contacted_on=on.isoformat(),
        )
        try:
            with transaction() as together:
                together.save(contact, condition=ContactItem.pk.does_not_exist())
                together.update(
                    self._item(borrower.borrower_id),
                    actions=[
                        BorrowerItem.recent_contacts.set(codec.dates_to_json(recent)),
                        BorrowerItem.version.add(1),
                    ],
                    condition=BorrowerItem.version == borrower.version,
                )
        except TransactWriteError as error:
            if 0 not in failed_conditions(error):
                raise StaleWriteError(f"borrower {borrower.borrower_id} was changed") from error

    def confirm_contact(self, borrower_id: str, message_id: str, provider_id: str) -> None:
        """Record that the message was sent, with the provider's id."""
        pk, sk = keys.key(keys.BORROWER, borrower_id), keys.key(keys.CONTACT, message_id)
        ContactItem(pk, sk).update([ContactItem.provider_id.set(provider_id)])

    @staticmethod
    def _item(borrower_id: str) -> BorrowerItem:
        return BorrowerItem(keys.key(keys.BORROWER, borrower_id), keys.BORROWER)
