"""Store borrowers and their contacts in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.contact_items import (
    borrower_of,
    change_item,
    contact_change,
    contact_item,
    contact_of,
    learning_actions,
)
from recovery.adapters.dynamodb.expiry import end_by_pack
from recovery.adapters.dynamodb.items import (
    AddressItem,
    ContactChangeItem,
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
)
from recovery.domain.contact.address import Fate
from recovery.domain.contact.addresses import addresses_of, has_address, normalised
from recovery.domain.contact.borrower import Borrower, Contact, ContactChange, Disclosed, Told
from recovery.domain.contact.contact_rules import REMEMBERED_DAYS
from recovery.domain.contact.details import replaced
from recovery.domain.contact.plan import told_by
from recovery.ports.shared import StaleWriteError

_RECENT = timedelta(days=REMEMBERED_DAYS)
_CAME_BACK = (Fate.BOUNCED.value, Fate.NOT_NOW.value)


class DynamoDbBorrowerRepository:
    """BorrowerRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def load(self, borrower_id: str) -> Borrower:
        """Load the borrower. Raises LookupError when there is none."""
        for borrower in self.load_many([borrower_id]):
            return borrower
        raise LookupError(f"there is no borrower {borrower_id}")

    def load_many(self, borrower_ids: Sequence[str]) -> list[Borrower]:
        """Load those that exist, in any order."""
        wanted = [
            key
            for each in borrower_ids
            for key in (
                (self._person_pk(each), keys.PERSON),
                (self._contact_pk(each), keys.CONTACT),
            )
        ]
        people: dict[str, PersonItem] = {}
        contacts: dict[str, ContactItem] = {}
        for item in Item.batch_get(wanted, consistent_read=True):
            if isinstance(item, PersonItem):
                people[keys.parts(item.pk)[1]] = item
            elif isinstance(item, ContactItem):
                contacts[keys.parts(item.pk)[1]] = item
        return [
            borrower_of(each, people[each], contacts[each]) for each in people if each in contacts
        ]

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

    def save_contact_details(self, borrower: Borrower, change: ContactChange | None = None) -> bool:
        """Add the borrower or update the contact details; return False when nothing changed.

        Recorded contacts are kept. With a change, what it replaces is kept too, and the details go
        only over the version that the borrower was loaded with: raises StaleWriteError.
        """
        stored = next(iter(self.load_many([borrower.borrower_id])), None)
        if stored and not replaced(stored, borrower):
            return False
        version = stored.version if stored else 0
        if change and version != borrower.version:
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed")
        contact_pk = self._contact_pk(borrower.borrower_id)
        before = {*addresses_of(stored)} if stored else set[str]()
        after = {*addresses_of(borrower)}
        unchanged = PersonItem.version == version if stored else PersonItem.version.does_not_exist()
        try:
            with transaction() as together:
                together.save(contact_item(contact_pk, borrower))
                if change and change.former:
                    held = replace(borrower, legal_hold=bool(stored and stored.legal_hold))
                    together.save(change_item(contact_pk, held, change, version + 1))
                for address in after - before:
                    self._list(together, address, AddressItem.people.add({borrower.borrower_id}))
                for address in before - after:
                    self._list(together, address, AddressItem.people.delete({borrower.borrower_id}))
                # A sender that read the old address must read again.
                together.update(
                    self._person(borrower.borrower_id),
                    actions=[PersonItem.version.add(1)],
                    condition=unchanged,
                )
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed") from error
        return True

    def _list(self, together: TransactWrite, address: str, action: Action) -> None:
        pk = keys.address_key(self._institution_id, address)
        together.update(AddressItem(pk, keys.ADDRESS), actions=[action])

    def people_at(self, channel: str, address: str) -> list[Borrower]:
        """Load the people who have this address now, by id."""
        pk = keys.address_key(self._institution_id, normalised(address))
        try:
            item = AddressItem.get(pk, keys.ADDRESS, consistent_read=True)
        except DoesNotExist:
            return []
        found = self.load_many(sorted(item.people or ()))
        theirs = (each for each in found if has_address(each, channel, address))
        return sorted(theirs, key=lambda each: each.borrower_id)

    def contact_changes(self, borrower_id: str) -> list[ContactChange]:
        """List what deliveries and people of the institution replaced, oldest first."""
        found = ContactChangeItem.query(
            self._contact_pk(borrower_id),
            ContactChangeItem.sk.startswith(keys.key(keys.CHANGE, "")),
            consistent_read=True,
        )
        return [contact_change(item) for item in found]

    def told_about(self, borrower_id: str, loan_id: str) -> list[Told]:
        """List the messages about this loan that were sent to the person, in any order."""
        found = MessageItem.query(
            self._person_pk(borrower_id),
            MessageItem.sk.startswith(keys.key(keys.MESSAGE, f"{loan_id}/")),
            consistent_read=True,
        )
        return [
            told_by(keys.identifier(item.sk), date.fromisoformat(item.contacted_on), item.said)
            for item in found
            if item.provider_id and item.contacted_on and item.fate not in _CAME_BACK
        ]

    def disclosed_at(self, borrower_id: str, channel: str, address: str) -> list[Disclosed]:
        """List the messages to the person that were sent to this address, the oldest first.

        Those of earlier versions, which did not keep where to, count too.
        """
        digest = keys.address_digest(self._institution_id, normalised(address))
        found = MessageItem.query(
            self._person_pk(borrower_id),
            MessageItem.sk.startswith(keys.key(keys.MESSAGE, "")),
            consistent_read=True,
        )
        told = []
        for item in found:
            if item.provider_id and item.contacted_on and item.address in (None, digest):
                message_id, on = keys.identifier(item.sk), date.fromisoformat(item.contacted_on)
                kind = told_by(message_id, on, item.said).kind
                told.append(Disclosed(kind, message_id.partition("/")[0], on))
        return sorted(told, key=lambda each: (each.on, each.loan_id, each.kind))

    def contact(self, borrower_id: str, message_id: str) -> Contact | None:
        """Return this message's contact record; None if sending was never attempted."""
        try:
            item = MessageItem.get(
                *self._message_key(borrower_id, message_id), consistent_read=True
            )
        except DoesNotExist:
            return None
        return contact_of(item)

    def contacts(self, borrower_id: str) -> dict[str, Contact]:
        """Return every message that is still on record for the person, by message id."""
        found = MessageItem.query(
            self._person_pk(borrower_id),
            MessageItem.sk.startswith(keys.key(keys.MESSAGE, "")),
            consistent_read=True,
        )
        return {keys.identifier(item.sk): contact_of(item) for item in found if item.contacted_on}

    def lease_contact(
        self,
        borrower: Borrower,
        message_id: str,
        on: date,
        until: datetime,
        *,
        at: datetime | None = None,
        taken_at: datetime | None = None,
        channel: str | None = None,
        said: str | None = None,
    ) -> None:
        """Reserve the message for one sender and count it, once per message, on this day.

        With it goes the borrower's ``learning``, as a lesson counts as given from then on.
        ``channel`` is how it goes, for the record. Raises StaleWriteError when another sender has
        it, or when another message to the same person came first.
        """
        pk, sk = self._message_key(borrower.borrower_id, message_id)
        known = self.contact(borrower.borrower_id, message_id)
        unchanged: Condition = MessageItem.pk.does_not_exist()
        before = list(borrower.recent_contacts)
        if known and known.came_back:
            unchanged = MessageItem.provider_id == known.provider_id
        elif known:  # its first sender gave it back: it counts on the day on which it goes
            unchanged = (
                MessageItem.leased_until.does_not_exist() & MessageItem.provider_id.does_not_exist()
            )
            if known.contacted_on in before:
                before.remove(known.contacted_on)
        recent = sorted(each for each in (*before, on) if on - each < _RECENT)
        contact = MessageItem(
            pk,
            sk,
            contacted_on=on.isoformat(),
            leased_until=until.isoformat(),
            contacted_at=at.isoformat() if at else None,
            taken_at=taken_at.isoformat() if taken_at else None,
            channel=channel,
            said=said,
            expires_at=end_by_pack("message", borrower, on),
            address=self._where(borrower, channel) if channel else None,
        )
        try:
            with transaction() as together:
                together.save(contact, condition=unchanged)
                together.update(
                    self._person(borrower.borrower_id),
                    actions=[
                        PersonItem.recent_contacts.set(codec.dates_to_json(recent)),
                        PersonItem.version.add(1),
                        *learning_actions(borrower.learning),
                    ],
                    condition=PersonItem.version == borrower.version,
                )
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed") from error

    def _where(self, borrower: Borrower, channel: str) -> str | None:
        address = borrower.address_of(channel)
        return keys.address_digest(self._institution_id, normalised(address)) if address else None

    def release_contact(self, borrower_id: str, message_id: str) -> None:
        """End the lease of a message that was certainly not sent; another attempt can take it."""
        contact = MessageItem(*self._message_key(borrower_id, message_id))
        contact.update([MessageItem.leased_until.remove()])

    def confirm_contact(
        self,
        borrower_id: str,
        message_id: str,
        provider_id: str,
        said: str | None = None,
        words: str | None = None,
    ) -> None:
        """Record that the message was sent, with the provider's id, what was said instead, and the
        fingerprint of its words."""
        contact = MessageItem(*self._message_key(borrower_id, message_id))
        more = [MessageItem.said.set(said)] if said else []
        more += [MessageItem.words.set(words)] if words else []
        contact.update(
            [MessageItem.provider_id.set(provider_id), MessageItem.leased_until.remove(), *more]
        )

    def note_fate(self, borrower_id: str, message_id: str, fate: Fate, on: date) -> None:
        """Record what became of a sent message; one that came back does not count as a contact.

        Raises StaleWriteError.
        """
        contact = self.contact(borrower_id, message_id)
        if contact is None:
            return
        item = MessageItem(*self._message_key(borrower_id, message_id))
        actions: list[Action] = [
            MessageItem.fate.set(fate.value),
            MessageItem.fate_on.set(on.isoformat()),
        ]
        unchanged = MessageItem.provider_id == contact.provider_id
        if fate.value not in _CAME_BACK or contact.came_back:
            with stale_if_refused("the contact"):
                item.update(actions, condition=unchanged)
            return
        person = self.load(borrower_id)
        counted = list(person.recent_contacts)
        if contact.contacted_on in counted:
            counted.remove(contact.contacted_on)
        try:
            with transaction() as together:
                together.update(item, actions=actions, condition=unchanged)
                together.update(
                    self._person(borrower_id),
                    actions=[
                        PersonItem.recent_contacts.set(codec.dates_to_json(counted)),
                        PersonItem.version.add(1),
                    ],
                    condition=PersonItem.version == person.version,
                )
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"borrower {borrower_id} was changed") from error

    def _person(self, borrower_id: str) -> PersonItem:
        return PersonItem(self._person_pk(borrower_id), keys.PERSON)

    def _person_pk(self, borrower_id: str) -> str:
        return keys.partition(keys.PERSON, self._institution_id, borrower_id)

    def _contact_pk(self, borrower_id: str) -> str:
        return keys.partition(keys.CONTACT, self._institution_id, borrower_id)

    def _message_key(self, borrower_id: str, message_id: str) -> tuple[str, str]:
        return self._person_pk(borrower_id), keys.key(keys.MESSAGE, message_id)
