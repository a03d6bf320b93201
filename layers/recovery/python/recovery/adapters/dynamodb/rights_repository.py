"""Serve people's rights over what DynamoDB holds of them: requests, legal holds, erasing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TypeVar

from pynamodb.exceptions import DoesNotExist, TransactWriteError

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.expiry import expires_at
from recovery.adapters.dynamodb.items import (
    AssessmentItem,
    CapacityItem,
    ContactChangeItem,
    ExpiringItem,
    LegalHoldItem,
    MessageItem,
    NoteItem,
    PersonItem,
    PersonOutboxItem,
    ReplyItem,
    RequestItem,
)
from recovery.adapters.dynamodb.writes import (
    failed_conditions,
    stale_if_refused,
    transaction,
    update,
)
from recovery.domain.agreements.notes import NoteMark
from recovery.domain.agreements.rights import LegalHold, RightsRequest
from recovery.domain.contact.reply_record import ReplyRecord
from recovery.domain.outbox import Outbox, outbox_id
from recovery.ports.shared import StaleWriteError

X = TypeVar("X", bound=ExpiringItem)


class DynamoDbRightsRepository:
    """RightsRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def request(self, person_id: str, request_id: str) -> RightsRequest | None:
        """Return the request; None if there is none."""
        sk = keys.key(keys.REQUEST, request_id)
        try:
            item = RequestItem.get(self._pk(keys.PERSON, person_id), sk, consistent_read=True)
        except DoesNotExist:
            return None
        return _request(item)

    def requests_of(self, person_id: str) -> list[RightsRequest]:
        """List the person's requests by id."""
        return [_request(item) for item in self._of(RequestItem, keys.PERSON, person_id)]

    def add_request(self, request: RightsRequest, keep_days: int | None) -> None:
        """Put an answered request on record for so many days; None: until a hold ends.

        Raises StaleWriteError if there is one with its id.
        """
        days = None if keep_days is None else timedelta(days=keep_days)
        item = RequestItem(
            self._pk(keys.PERSON, request.person_id),
            keys.key(keys.REQUEST, request.request_id),
            document=codec.document_to_json(request),
            expires_at=None if days is None else expires_at(request.answered_on + days),
        )
        with stale_if_refused(f"request {request.request_id}"):
            item.save(condition=RequestItem.pk.does_not_exist())

    def save_answer(self, request: RightsRequest) -> None:
        """Put what was done later with the answer on record; how long it is kept stays."""
        update(
            self._pk(keys.PERSON, request.person_id),
            keys.key(keys.REQUEST, request.request_id),
            [RequestItem.document.set(codec.document_to_json(request))],
            RequestItem.pk.exists(),
        )

    def legal_holds_of(self, person_id: str) -> list[LegalHold]:
        """List the person's holds by id, ended ones too."""
        found = LegalHoldItem.query(
            self._pk(keys.PERSON, person_id),
            LegalHoldItem.sk.startswith(keys.key(keys.LEGAL_HOLD, "")),
            consistent_read=True,
        )
        return [codec.document_from_json(LegalHold, item.document) for item in found]

    def save_legal_hold(self, person_id: str, hold: LegalHold) -> None:
        """Place or end a hold, and mark the person as long as one lasts; see the port."""
        pk = self._pk(keys.PERSON, person_id)
        version = PersonItem.get(pk, keys.PERSON, consistent_read=True).version
        others = (each for each in self.legal_holds_of(person_id) if each.hold_id != hold.hold_id)
        lasts = any(each.ended_on is None for each in (*others, hold))
        sk = keys.key(keys.LEGAL_HOLD, hold.hold_id)
        item = LegalHoldItem(pk, sk, document=codec.document_to_json(hold))
        try:
            with transaction() as together:
                together.save(item)
                together.save(
                    self._outbox(person_id, int(version), hold.ended_on or hold.placed_on)
                )
                together.update(
                    PersonItem(pk, keys.PERSON),
                    actions=[
                        PersonItem.legal_hold.set(True)
                        if lasts
                        else PersonItem.legal_hold.remove(),
                        PersonItem.version.add(1),
                    ],
                    condition=PersonItem.version == version,
                )
        except TransactWriteError as error:
            failed_conditions(error)
            raise StaleWriteError(f"person {person_id} was changed") from error

    def keep_all(self, person_id: str) -> None:
        """Let nothing of the person expire."""
        for _, item, _ in self._expiring(person_id):
            if item.expires_at is not None:
                _set_end(item, None)

    def let_expire(self, person_id: str, days: Mapping[str, int]) -> None:
        """Let each item expire so many days after it was recorded, by kind of item."""
        for kind, item, recorded_on in self._expiring(person_id):
            if kind in days:
                _set_end(item, expires_at(recorded_on + timedelta(days=days[kind])))

    def erase_former_details(self, person_id: str) -> None:
        """Erase what the person's details were before."""
        for item in self._of(ContactChangeItem, keys.CONTACT, person_id):
            item.delete()

    def erase_messages(self, person_id: str) -> None:
        """Erase what was said to the person when, and that they replied."""
        for item in self._of(MessageItem, keys.PERSON, person_id):
            item.delete()
        for reply in self._of(ReplyItem, keys.PERSON, person_id):
            reply.delete()

    def _outbox(self, person_id: str, version: int, on: date) -> PersonOutboxItem:
        """Let the stream settle anew until when the person's loans and tasks are kept."""
        outbox = Outbox(outbox_id(version + 1), on, retains=True)
        return PersonOutboxItem(
            self._pk(keys.PERSON, person_id),
            keys.key(keys.OUTBOX, outbox.outbox_id),
            document=codec.outbox_to_json(outbox),
            listed_in=keys.list_key(keys.PEOPLE, self._institution_id, 0),
            listed_by=f"{on}#{person_id}",
        )

    def _expiring(self, person_id: str) -> Iterator[tuple[str, ExpiringItem, date]]:
        """Yield each item that may expire: what it is, and the day it was recorded."""
        for note in self._of(NoteItem, keys.NOTE, person_id):
            yield "note", note, codec.document_from_json(NoteMark, note.mark).recorded_on
        for assessment in self._of(AssessmentItem, keys.NOTE, person_id):
            yield "assessment", assessment, date.fromisoformat(assessment.assessed_on)
        pk = self._pk(keys.PERSON, person_id)
        for capacity in CapacityItem.query(pk, CapacityItem.sk == keys.CAPACITY):
            yield "assessment", capacity, date.fromisoformat(capacity.assessed_on)
        for change in self._of(ContactChangeItem, keys.CONTACT, person_id):
            on = date.fromisoformat(keys.identifier(change.sk).partition("#")[0])
            yield "contact_change", change, on
        for message in self._of(MessageItem, keys.PERSON, person_id):
            if message.contacted_on:
                yield "message", message, date.fromisoformat(message.contacted_on)
        for reply in self._of(ReplyItem, keys.PERSON, person_id):
            said = codec.document_from_json(ReplyRecord, reply.document)
            yield "message", reply, said.received_at.date()
        for request in self._of(RequestItem, keys.PERSON, person_id):
            yield "request", request, _request(request).answered_on

    def _of(self, kind: type[X], partition: str, person_id: str) -> Iterator[X]:
        pk, prefix = self._pk(partition, person_id), keys.key(_PREFIXES[kind], "")
        yield from kind.query(pk, kind.sk.startswith(prefix), consistent_read=True)

    def _pk(self, kind: str, person_id: str) -> str:
        return keys.partition(kind, self._institution_id, person_id)


_PREFIXES: Mapping[type[ExpiringItem], str] = {
    NoteItem: keys.NOTE,
    AssessmentItem: keys.ASSESSMENT,
    ContactChangeItem: keys.CHANGE,
    MessageItem: keys.MESSAGE,
    ReplyItem: keys.REPLY,
    RequestItem: keys.REQUEST,
}


def _set_end(item: ExpiringItem, at: int | None) -> None:
    ends = type(item).expires_at
    change = ends.remove() if at is None else ends.set(at)
    update(item.pk, item.sk, [change], type(item).pk.exists())


def _request(item: RequestItem) -> RightsRequest:
    return codec.document_from_json(RightsRequest, item.document)
