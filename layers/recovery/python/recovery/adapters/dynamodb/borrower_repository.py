"""Store borrowers and their contacts in DynamoDB."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pynamodb.exceptions import DoesNotExist, TransactWriteError

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import BorrowerItem, ContactItem
from recovery.adapters.dynamodb.writes import failed_conditions, stale_if_refused, transaction
from recovery.domain.contact.borrower import Borrower, Contact
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

    def contact(self, borrower_id: str, message_id: str) -> Contact | None:
        """Return this message's contact record; None if sending was never attempted."""
        try:
            item = ContactItem.get(*_contact_key(borrower_id, message_id), consistent_read=True)
        except DoesNotExist:
            return None
        return Contact(
            contacted_on=date.fromisoformat(item.contacted_on),
            leased_until=datetime.fromisoformat(item.leased_until) if item.leased_until else None,
            provider_id=item.provider_id,
        )

    def lease_contact(self, borrower: Borrower, message_id: str, on: date, until: datetime) -> None:
        """Reserve the message for one sender and count it, once per message.

        Raises StaleWriteError when another sender has it, or when another message to the same
        person came first.
        """
        pk, sk = _contact_key(borrower.borrower_id, message_id)
        if self.contact(borrower.borrower_id, message_id):
            self._lease_again(pk, sk, until)
            return
        recent = sorted(each for each in (*borrower.recent_contacts, on) if on - each < _RECENT)
        contact = ContactItem(pk, sk, contacted_on=on.isoformat(), leased_until=until.isoformat())
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
            failed_conditions(error)
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed") from error

    def _lease_again(self, pk: str, sk: str, until: datetime) -> None:
        free = ContactItem.leased_until.does_not_exist() & ContactItem.provider_id.does_not_exist()
        with stale_if_refused("the contact"):
            ContactItem(pk, sk).update(
                [ContactItem.leased_until.set(until.isoformat())],
                condition=ContactItem.pk.exists() & free,
            )

    def release_contact(self, borrower_id: str, message_id: str) -> None:
        """End the lease of a message that was certainly not sent; another attempt can take it."""
        contact = ContactItem(*_contact_key(borrower_id, message_id))
        contact.update([ContactItem.leased_until.remove()])

    def confirm_contact(self, borrower_id: str, message_id: str, provider_id: str) -> None:
        """Record that the message was sent, with the provider's id."""
        contact = ContactItem(*_contact_key(borrower_id, message_id))
        contact.update(
            [ContactItem.provider_id.set(provider_id), ContactItem.leased_until.remove()]
        )

    @staticmethod
    def _item(borrower_id: str) -> BorrowerItem:
        return BorrowerItem(keys.key(keys.BORROWER, borrower_id), keys.BORROWER)


def _contact_key(borrower_id: str, message_id: str) -> tuple[str, str]:
    return keys.key(keys.BORROWER, borrower_id), keys.key(keys.CONTACT, message_id)
