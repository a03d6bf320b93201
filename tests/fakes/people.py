"""People, and the deliveries of what a core has of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.person_facts import Complaint, PersonFactRecord
from recovery.domain.contact.address import Fate
from recovery.domain.contact.addresses import has_address, normalised
from recovery.domain.contact.borrower import Borrower, Contact, ContactChange, Disclosed, Told
from recovery.domain.contact.plan import told_by
from recovery.domain.contact.reply_record import ReplyRecord
from recovery.domain.intake.held_contacts import Delivered, HeldContacts
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import FactExistsError
from recovery.ports.intake import DeliveryNotFoundError
from recovery.ports.people import Held, Person, PersonChange
from recovery.ports.shared import StaleWriteError
from tests.bus_events import check_event
from tests.fakes.loans import FakeLoanRepository


class FakeBorrowerRepository:
    """Borrowers by id; ``writes`` counts the changes of contact details.

    Tests set ``loans`` and ``roles``, which the loans' changes store.
    """

    def __init__(self, *borrowers: Borrower) -> None:
        self._borrowers: dict[str, Borrower] = {}
        self.loans: dict[str, list[str]] = {}
        self.roles: dict[str, dict[str, str]] = {}
        self._contacts: dict[tuple[str, str], Contact] = {}
        self._sent_to: dict[tuple[str, str], str] = {}
        self._changes: dict[str, list[ContactChange]] = {}
        self.writes = 0
        for borrower in borrowers:
            self.save_contact_details(borrower)

    def load(self, borrower_id: str) -> Borrower:
        if borrower_id not in self._borrowers:
            raise LookupError(f"there is no borrower {borrower_id}")
        return self._borrowers[borrower_id]

    def knows(self, person_id: str) -> bool:
        return person_id in self._borrowers

    def loans_of(self, borrower_id: str) -> list[str]:
        return self.loans.get(borrower_id, [])

    def roles_of(self, person_id: str) -> dict[str, str]:
        own = dict.fromkeys(self.loans_of(person_id), "borrower")
        return {**self.roles.get(person_id, {}), **own}

    def load_many(self, borrower_ids: Sequence[str]) -> list[Borrower]:
        ids = dict.fromkeys(borrower_ids)
        return [self._borrowers[each] for each in ids if each in self._borrowers]

    def save_contact_details(self, borrower: Borrower, change: ContactChange | None = None) -> bool:
        known = self._borrowers.get(borrower.borrower_id, replace(borrower, name="", version=0))
        contacts = known.recent_contacts if known.version else ()
        changed = replace(
            borrower,
            recent_contacts=contacts,
            restraints=known.restraints,
            learning=known.learning,
            version=known.version,
            legal_hold=known.legal_hold and known.version > 0,
        )
        if changed == known:
            return False
        if change and known.version != borrower.version:
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed")
        if change and change.former:
            self._changes.setdefault(borrower.borrower_id, []).append(change)
        self.writes += 1
        self._borrowers[borrower.borrower_id] = replace(changed, version=known.version + 1)
        return True

    def place_hold(self, person_id: str) -> None:
        """Mark the person as the rights repository does."""
        self._borrowers[person_id] = replace(self.load(person_id), legal_hold=True)

    def contact_changes(self, borrower_id: str) -> list[ContactChange]:
        return self._changes.get(borrower_id, [])

    def save_restraints(self, borrower: Borrower) -> None:
        person = self.load(borrower.borrower_id)
        if person.version != borrower.version:
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed")
        changed = replace(
            person,
            restraints=borrower.restraints,
            learning=borrower.learning,
            version=person.version + 1,
        )
        self._borrowers[borrower.borrower_id] = changed

    def told_about(self, borrower_id: str, loan_id: str) -> list[Told]:
        return [
            told_by(message_id, contact.contacted_on, contact.said)
            for (person_id, message_id), contact in self._contacts.items()
            if person_id == borrower_id
            and message_id.startswith(f"{loan_id}/")
            and contact.provider_id
            and not contact.came_back
        ]

    def people_at(self, channel: str, address: str) -> list[Borrower]:
        found = (e for e in self._borrowers.values() if has_address(e, channel, address))
        return sorted(found, key=lambda each: each.borrower_id)

    def disclosed_at(self, borrower_id: str, channel: str, address: str) -> list[Disclosed]:
        found = []
        for (person_id, message_id), contact in self._contacts.items():
            where = self._sent_to.get((person_id, message_id), normalised(address))
            if person_id == borrower_id and contact.provider_id and where == normalised(address):
                kind = told_by(message_id, contact.contacted_on, contact.said).kind
                loan_id = message_id.partition("/")[0]
                found.append(Disclosed(kind, loan_id, contact.contacted_on))
        return sorted(found, key=lambda each: (each.on, each.loan_id, each.kind))

    def contact(self, borrower_id: str, message_id: str) -> Contact | None:
        return self._contacts.get((borrower_id, message_id))

    def contacts(self, borrower_id: str) -> dict[str, Contact]:
        return {
            message_id: contact
            for (person_id, message_id), contact in self._contacts.items()
            if person_id == borrower_id
        }

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
        key = (borrower.borrower_id, message_id)
        address = borrower.address_of(channel) if channel else None
        if address:
            self._sent_to[key] = normalised(address)
        known = self._contacts.get(key)
        before = list(borrower.recent_contacts)
        if known and not known.came_back:
            if known.leased_until or known.provider_id:
                raise StaleWriteError("another sender has the message")
            if known.contacted_on in before:
                before.remove(known.contacted_on)
        person = self._borrowers.get(borrower.borrower_id)
        if person is None or person.version != borrower.version:
            raise StaleWriteError(f"borrower {borrower.borrower_id} was changed")
        recent = sorted(each for each in (*before, on) if on - each < timedelta(days=14))
        self._contacts[key] = Contact(
            on, until, said=said, at=at, taken_at=taken_at, channel=channel
        )
        self._borrowers[borrower.borrower_id] = replace(
            person,
            recent_contacts=tuple(recent),
            learning=borrower.learning,
            version=person.version + 1,
        )

    def release_contact(self, borrower_id: str, message_id: str) -> None:
        known = self._contacts[borrower_id, message_id]
        self._contacts[borrower_id, message_id] = replace(known, leased_until=None)

    def confirm_contact(
        self,
        borrower_id: str,
        message_id: str,
        provider_id: str,
        said: str | None = None,
        words: str | None = None,
    ) -> None:
        known = self._contacts[borrower_id, message_id]
        self._contacts[borrower_id, message_id] = replace(
            known,
            leased_until=None,
            provider_id=provider_id,
            said=said or known.said,
            words=words,
        )

    def note_fate(self, borrower_id: str, message_id: str, fate: Fate, on: date) -> None:
        known = self._contacts.get((borrower_id, message_id))
        if known is None:
            return
        noted = replace(known, fate=fate.value, fate_on=on)
        if noted.came_back and not known.came_back:
            person = self.load(borrower_id)
            counted = list(person.recent_contacts)
            if known.contacted_on in counted:
                counted.remove(known.contacted_on)
            self._borrowers[borrower_id] = replace(
                person, recent_contacts=tuple(counted), version=person.version + 1
            )
        self._contacts[borrower_id, message_id] = noted


class FakeReplyRepository:
    """Replies by person and id."""

    def __init__(self) -> None:
        self._replies: dict[tuple[str, str], ReplyRecord] = {}

    def begin(self, reply: ReplyRecord, person: Borrower) -> ReplyRecord:
        return self._replies.setdefault((reply.person_id, reply.reply_id), reply)

    def of_person(self, person_id: str) -> list[ReplyRecord]:
        found = (each for (of, _), each in self._replies.items() if of == person_id)
        return sorted(found, key=lambda each: (each.received_at, each.reply_id))

    def take_on_answer(self, reply: ReplyRecord) -> bool:
        known = self._replies[reply.person_id, reply.reply_id]
        self._replies[reply.person_id, reply.reply_id] = replace(known, answered=True)
        return not known.answered

    def give_up_answer(self, reply: ReplyRecord) -> None:
        known = self._replies[reply.person_id, reply.reply_id]
        self._replies[reply.person_id, reply.reply_id] = replace(known, answered=False)

    def finish(self, reply: ReplyRecord) -> None:
        known = self._replies[reply.person_id, reply.reply_id]
        self._replies[reply.person_id, reply.reply_id] = replace(known, done=True)


class FakePeopleRepository:
    """Facts of the people among the borrowers; ``waiting`` shows what the stream would deliver."""

    def __init__(self, borrowers: FakeBorrowerRepository, loans: FakeLoanRepository) -> None:
        self._borrowers = borrowers
        self._loans = loans
        self._facts: dict[tuple[str, str], PersonFactRecord] = {}
        self._held: dict[str, date] = {}
        self.waiting: dict[str, dict[str, Outbox]] = {}
        self.sent_again: list[str] = []
        self.capacities: dict[str, CapacityInForce] = {}

    def capacity(self, person_id: str) -> CapacityInForce | None:
        return self.capacities.get(person_id)

    def find(self, person_id: str) -> Person | None:
        for each in self._borrowers.load_many([person_id]):
            held = each.legal_hold
            return Person(person_id, each.version, each.restraints, each.learning, held)
        return None

    def facts(self, person_id: str) -> list[PersonFactRecord]:
        found = [each for (of, _), each in self._facts.items() if of == person_id]
        return sorted(found, key=lambda each: (each.recorded_at, each.fact_id))

    def commit(self, change: PersonChange) -> None:
        person_id = change.person.person_id
        for each in change.facts:
            if (person_id, each.fact_id) in self._facts:
                raise FactExistsError("a fact with this id is on record")
        known = self._borrowers.load(person_id)
        self._borrowers.save_restraints(
            replace(
                known,
                restraints=change.person.restraints,
                learning=change.person.learning,
                version=change.person.version,
            )
        )
        self._facts |= {(person_id, each.fact_id): each for each in change.facts}
        self._held.pop(person_id, None)
        if change.held_since:
            self._held[person_id] = change.held_since
        for event in change.outbox.events:
            check_event(event)
        self.waiting.setdefault(person_id, {})[change.outbox.outbox_id] = change.outbox

    def complainants(self) -> list[str]:
        made = [each for each in self._facts.values() if isinstance(each.fact, Complaint)]
        made.sort(key=lambda each: (each.fact.on, each.person_id, each.fact_id))
        return list(dict.fromkeys(each.person_id for each in made))

    def held(self) -> list[Held]:
        people = [Held("person", each, since) for each, since in self._held.items()]
        loans = [Held("loan", each, since) for each, since in self._loans.held.items()]
        return sorted((*people, *loans), key=lambda each: (each.since, each.id))

    def outboxes(self, person_id: str) -> list[Outbox]:
        return [outbox for _, outbox in sorted(self.waiting.get(person_id, {}).items())]

    def acknowledge(self, person_id: str, outbox_ids: Sequence[str]) -> None:
        for each in outbox_ids:
            self.waiting.get(person_id, {}).pop(each, None)

    def waiting_ids(self, before: date) -> list[str]:
        return [
            person_id
            for person_id, outboxes in self.waiting.items()
            if any(each.as_of < before for each in outboxes.values())
        ]

    def send_again(self, person_id: str) -> None:
        self.sent_again.append(person_id)


class FakeDeliveryRepository:
    """The last delivery by source, and questions by delivery."""

    def __init__(self) -> None:
        self._last: dict[str, Delivered] = {}
        self._held: dict[str, HeldContacts] = {}

    def last(self, source: str) -> Delivered | None:
        return self._last.get(source)

    def save_last(self, delivered: Delivered) -> None:
        known = self._last.get(delivered.source)
        if known is None or known.as_of <= delivered.as_of:
            self._last[delivered.source] = delivered

    def held(self, delivery_id: str) -> HeldContacts:
        if delivery_id not in self._held:
            raise DeliveryNotFoundError(delivery_id)
        return self._held[delivery_id]

    def all_held(self) -> list[HeldContacts]:
        return [self._held[each] for each in sorted(self._held)]

    def save_held(self, held: HeldContacts, before: HeldContacts | None = None) -> None:
        if self._held.get(held.delivery_id) != before:
            raise StaleWriteError(f"the decision on {held.delivery_id} was changed")
        self._held[held.delivery_id] = held
