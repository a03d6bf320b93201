"""Store the facts of people in DynamoDB, each in one transaction with what holds back after it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from pynamodb.exceptions import DoesNotExist, TransactWriteError

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.contact_items import learning_actions
from recovery.adapters.dynamodb.items import (
    CapacityItem,
    FactItem,
    HeldItem,
    ListsIndex,
    PersonItem,
    PersonOutboxItem,
)
from recovery.adapters.dynamodb.writes import (
    failed_conditions,
    stale_if_refused,
    transaction,
    update,
)
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.person_facts import KINDS, Complaint, PersonFactRecord
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import FactExistsError
from recovery.ports.people import Held, Person, PersonChange
from recovery.ports.shared import StaleWriteError


class DynamoDbPeopleRepository:
    """PeopleRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def find(self, person_id: str) -> Person | None:
        try:
            item = PersonItem.get(self._pk(person_id), keys.PERSON, consistent_read=True)
        except DoesNotExist:
            return None
        restraints = codec.restraints_from_json(item.restraints)
        learning = codec.learning_from_json(item.learning)
        version, held = int(item.version), bool(item.legal_hold)
        return Person(person_id, version, restraints, learning, held)

    def facts(self, person_id: str) -> list[PersonFactRecord]:
        """List every fact of the person in the order recorded."""
        found = FactItem.query(
            self._pk(person_id),
            FactItem.sk.startswith(keys.key(keys.FACT, "")),
            consistent_read=True,
        )
        return sorted(map(_record, found), key=lambda each: (each.recorded_at, each.fact_id))

    def capacity(self, person_id: str) -> CapacityInForce | None:
        """Return what the person can repay by their last assessment, which may be over."""
        try:
            item = CapacityItem.get(self._pk(person_id), keys.CAPACITY, consistent_read=True)
        except DoesNotExist:
            return None
        return codec.document_from_json(CapacityInForce, item.document)

    def commit(self, change: PersonChange) -> None:
        """Store the change in one transaction; see the port."""
        person, pk = change.person, self._pk(change.person.person_id)
        outbox = PersonOutboxItem(
            pk,
            keys.key(keys.OUTBOX, change.outbox.outbox_id),
            document=codec.outbox_to_json(change.outbox),
            listed_in=self._list(keys.PEOPLE),
            listed_by=f"{change.outbox.as_of}#{person.person_id}",
        )
        restraints = codec.restraints_to_json(person.restraints)
        try:
            with transaction() as together:
                for record in change.facts:
                    item = self._fact(pk, record)
                    together.save(item, condition=FactItem.pk.does_not_exist())
                together.save(outbox)
                together.save(self._held(change))
                together.update(
                    PersonItem(pk, keys.PERSON),
                    actions=[
                        PersonItem.restraints.set(restraints)
                        if restraints
                        else PersonItem.restraints.remove(),
                        *learning_actions(person.learning),
                        PersonItem.version.add(1),
                    ],
                    condition=PersonItem.version == person.version,
                )
        except TransactWriteError as error:
            if min(failed_conditions(error), default=len(change.facts)) < len(change.facts):
                raise FactExistsError("a fact with this id is on record") from error
            raise StaleWriteError(f"person {person.person_id} was changed") from error

    def complainants(self) -> list[str]:
        """List the people who ever complained, by their first complaint."""
        listed = FactItem.lists.query(self._list(keys.COMPLAINTS))
        return list(dict.fromkeys(keys.parts(item.pk)[1] for item in listed))

    def held(self) -> list[Held]:
        """List the people and loans that something holds back, the longest first."""
        found = []
        for item in HeldItem.lists.query(self._list(keys.HELD)):
            since = str(item.attribute_values["listed_by"]).partition("#")[0]
            kind = "person" if item.pk.startswith(f"{keys.PERSON}#") else "loan"
            found.append(Held(kind, keys.parts(item.pk)[1], date.fromisoformat(since)))
        return found

    def outboxes(self, person_id: str) -> list[Outbox]:
        """List what was decided and is not carried out yet, in order."""
        found = PersonOutboxItem.query(
            self._pk(person_id),
            PersonOutboxItem.sk.startswith(keys.key(keys.OUTBOX, "")),
            consistent_read=True,
        )
        return [codec.outbox_from_json(item.document) for item in found]

    def acknowledge(self, person_id: str, outbox_ids: Sequence[str]) -> None:
        """Forget outboxes that were carried out. Idempotent."""
        for outbox_id in outbox_ids:
            PersonOutboxItem(self._pk(person_id), keys.key(keys.OUTBOX, outbox_id)).delete()

    def waiting_ids(self, before: date) -> list[str]:
        """Find people with an outbox decided before this date."""
        listed = PersonOutboxItem.lists.query(
            self._list(keys.PEOPLE), ListsIndex.listed_by < before.isoformat()
        )
        return list(dict.fromkeys(keys.parts(item.pk)[1] for item in listed))

    def send_again(self, person_id: str) -> None:
        """Let the stream deliver the person's outboxes once more, if any wait."""
        pk = self._pk(person_id)
        for outbox in self.outboxes(person_id):
            sk, again = keys.key(keys.OUTBOX, outbox.outbox_id), [PersonOutboxItem.resends.add(1)]
            with suppress(StaleWriteError), stale_if_refused("the outbox"):
                update(pk, sk, again, PersonOutboxItem.pk.exists())

    def _fact(self, pk: str, record: PersonFactRecord) -> FactItem:
        item = _item(pk, record)
        if isinstance(record.fact, Complaint):
            item.listed_in = self._list(keys.COMPLAINTS)
            item.listed_by = f"{record.fact.on}#{record.person_id}#{record.fact_id}"
        return item

    def _held(self, change: PersonChange) -> HeldItem:
        item = HeldItem(self._pk(change.person.person_id), keys.HELD)
        if change.held_since:
            item.listed_in = self._list(keys.HELD)
            item.listed_by = f"{change.held_since}#{change.person.person_id}"
        return item

    def _list(self, name: str) -> str:
        return keys.list_key(name, self._institution_id, 0)

    def _pk(self, person_id: str) -> str:
        return keys.partition(keys.PERSON, self._institution_id, person_id)


def _item(pk: str, record: PersonFactRecord) -> FactItem:
    return FactItem(
        pk,
        keys.key(keys.FACT, record.fact_id),
        kind=record.kind,
        fact=codec.document_to_json(record.fact),
        known_on=record.known_on.isoformat(),
        fingerprint=record.fingerprint,
        reason=record.reason,
        recorded_by=record.recorded_by,
        recorded_at=record.recorded_at.isoformat(),
    )


def _record(item: FactItem) -> PersonFactRecord:
    return PersonFactRecord(
        fact_id=keys.identifier(item.sk),
        person_id=keys.parts(item.pk)[1],
        fact=codec.document_from_json(KINDS[item.kind], item.fact),
        known_on=date.fromisoformat(item.known_on),
        fingerprint=item.fingerprint,
        reason=item.reason,
        recorded_by=item.recorded_by,
        recorded_at=datetime.fromisoformat(item.recorded_at),
    )
