"""Store borrowers and their contacts in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pynamodb.exceptions import DoesNotExist, TransactWriteError

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import (
    ContactItem,
    Item,
    MessageItem,
    PersonItem,
    PersonLoanItem,
)
from recovery.adapters.dynamodb.writes import (
    failed_conditions,
    stale_if_refused,
    transaction,
    update,
)
from recovery.domain.agreements.restraints import Restraint
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
    """BorrowerRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def load(self, borrower_id: str) -> Borrower:
        """Load the borrower. Raises LookupError when there is none."""
        wanted = [
            (self._person_pk(borrower_id), keys.PERSON),
            (self._contact_pk(borrower_id), keys.CONTACT),
        ]
        person = contact = None
        for item in Item.batch_get(wanted, consistent_read=True):
            if isinstance(item, PersonItem):
                person = item
            elif isinstance(item, ContactItem):
                contact = item
        if person is None or contact is None:
            raise LookupError(f"there is no borrower {borrower_id}")
        return Borrower(
            borrower_id=borrower_id,
            recent_contacts=codec.dates_from_json(person.recent_contacts or "[]"),
            restraints=codec.restraints_from_json(person.restraints),
            version=int(person.version),
            **{name: getattr(contact, name) for name in _DETAILS},
        )

    def knows(self, person_id: str) -> bool:
        """Whether the person is on record, as borrower or not."""
        pk, is_person = self._person_pk(person_id), PersonItem.sk == keys.PERSON
        return PersonItem.count(pk, is_person, consistent_read=True) > 0

    def loans_of(self, borrower_id: str) -> list[str]:
        """List the ids of the loans that are the person's own."""
        return [loan_id for loan_id, role in self._links(borrower_id) if role is None]

    def roles_of(self, person_id: str) -> dict[str, str]:
        """Return the person's role, last recorded, by the id of each loan she is a party of."""
        return {loan_id: role or "borrower" for loan_id, role in self._links(person_id)}

    def _links(self, person_id: str) -> Iterator[tuple[str, str | None]]:
        found = PersonLoanItem.query(
            self._person_pk(person_id),
            PersonLoanItem.sk.startswith(keys.key(keys.LOAN, "")),
            consistent_read=True,
        )
        for item in found:
            yield keys.identifier(item.sk), item.role

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
        with transaction() as together:
            together.save(
                ContactItem(self._contact_pk(borrower.borrower_id), keys.CONTACT, **details)
            )
            # A sender that read the old address must read again.
            together.update(self._person(borrower.borrower_id), actions=[PersonItem.version.add(1)])
        return True

    def save_restraints(self, borrower: Borrower) -> None:
        """Save what holds the system back for this person. Raises StaleWriteError."""
        restraints = codec.restraints_to_json(borrower.restraints)
        with stale_if_refused(f"borrower {borrower.borrower_id}"):
            self._person(borrower.borrower_id).update(
                [
                    PersonItem.restraints.set(restraints)
                    if restraints
                    else PersonItem.restraints.remove(),
                    PersonItem.version.add(1),
                ],
                condition=PersonItem.version == borrower.version,
            )

    def add_restraint(self, borrower_id: str, restraint: Restraint) -> None:
        """Add what holds the system back for this person, once. Raises StaleWriteError."""
        pk = self._person_pk(borrower_id)
        try:
            person = PersonItem.get(pk, keys.PERSON, consistent_read=True)
        except DoesNotExist:
            raise LookupError(f"there is no borrower {borrower_id}") from None
        known = codec.restraints_from_json(person.restraints)
        if restraint in known:
            return
        with stale_if_refused(f"borrower {borrower_id}"):
            update(
                pk,
                keys.PERSON,
                [
                    PersonItem.restraints.set(
                        codec.restraints_to_json((*known, restraint)) or "[]"
                    ),
                    PersonItem.version.add(1),
                ],
                PersonItem.version == person.version,
            )

    def contact(self, borrower_id: str, message_id: str) -> Contact | None:
        """Return this message's contact record; None if sending was never attempted."""
        try:
            item = MessageItem.get(
                *self._message_key(borrower_id, message_id), consistent_read=True
            )
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
        pk, sk = self._message_key(borrower.borrower_id, message_id)
        if self.contact(borrower.borrower_id, message_id):
            self._lease_again(pk, sk, until)
            return
        recent = sorted(each for each in (*borrower.recent_contacts, on) if on - each < _RECENT)
        contact = MessageItem(pk, sk, contacted_on=on.isoformat(), leased_until=until.isoformat())
        try:
            with transaction() as together:
                together.save(contact, condition=MessageItem.pk.does_not_exist())
                together.update(
                    self._person(borrower.borrower_id),
                    actions=[
                        PersonItem.recent_contacts.set(codec.dates_to_json(recent)),
                        PersonItem.version.add(1),
                    ],
                    condition=PersonItem.version == borrower.version,
                )
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed") from error

    def _lease_again(self, pk: str, sk: str, until: datetime) -> None:
        free = MessageItem.leased_until.does_not_exist() & MessageItem.provider_id.does_not_exist()
        with stale_if_refused("the contact"):
            MessageItem(pk, sk).update(
                [MessageItem.leased_until.set(until.isoformat())],
                condition=MessageItem.pk.exists() & free,
            )

    def release_contact(self, borrower_id: str, message_id: str) -> None:
        """End the lease of a message that was certainly not sent; another attempt can take it."""
        contact = MessageItem(*self._message_key(borrower_id, message_id))
        contact.update([MessageItem.leased_until.remove()])

    def confirm_contact(self, borrower_id: str, message_id: str, provider_id: str) -> None:
        """Record that the message was sent, with the provider's id."""
        contact = MessageItem(*self._message_key(borrower_id, message_id))
        contact.update(
            [MessageItem.provider_id.set(provider_id), MessageItem.leased_until.remove()]
        )

    def _person(self, borrower_id: str) -> PersonItem:
        return PersonItem(self._person_pk(borrower_id), keys.PERSON)

    def _person_pk(self, borrower_id: str) -> str:
        return keys.partition(keys.PERSON, self._institution_id, borrower_id)

    def _contact_pk(self, borrower_id: str) -> str:
        return keys.partition(keys.CONTACT, self._institution_id, borrower_id)

    def _message_key(self, borrower_id: str, message_id: str) -> tuple[str, str]:
        return self._person_pk(borrower_id), keys.key(keys.MESSAGE, message_id)
