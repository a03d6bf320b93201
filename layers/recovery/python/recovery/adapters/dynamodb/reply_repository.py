"""Store in DynamoDB that a person replied, and what with, never the words."""

from __future__ import annotations

from dataclasses import replace

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.expiry import end_by_pack
from recovery.adapters.dynamodb.items import ReplyItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.reply_record import ReplyRecord
from recovery.ports.shared import StaleWriteError


class DynamoDbReplyRepository:
    """ReplyRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def begin(self, reply: ReplyRecord, person: Borrower) -> ReplyRecord:
        """Put the reply on record, to be erased when messages are; return the one on record."""
        item = ReplyItem(
            *self._key(reply.person_id, reply.reply_id),
            document=codec.document_to_json(reply),
            expires_at=end_by_pack("message", person, reply.received_at.date()),
        )
        try:
            with stale_if_refused(f"reply {reply.reply_id}"):
                item.save(condition=ReplyItem.pk.does_not_exist())
        except StaleWriteError:
            known = self._find(reply.person_id, reply.reply_id)
            return known or reply
        return reply

    def of_person(self, person_id: str) -> list[ReplyRecord]:
        """List the person's replies, the oldest first."""
        found = ReplyItem.query(
            keys.partition(keys.PERSON, self._institution_id, person_id),
            ReplyItem.sk.startswith(keys.key(keys.REPLY, "")),
            consistent_read=True,
        )
        return sorted(map(_record, found), key=lambda each: (each.received_at, each.reply_id))

    def take_on_answer(self, reply: ReplyRecord) -> bool:
        """Reserve the one answer to the reply; return False if somebody did before."""
        item = ReplyItem(*self._key(reply.person_id, reply.reply_id))
        try:
            with stale_if_refused(f"reply {reply.reply_id}"):
                item.update(
                    [ReplyItem.answered.set(True)],
                    condition=ReplyItem.pk.exists() & ReplyItem.answered.does_not_exist(),
                )
        except StaleWriteError:
            return False
        return True

    def give_up_answer(self, reply: ReplyRecord) -> None:
        """Let another try answer: it was certainly not sent."""
        item = ReplyItem(*self._key(reply.person_id, reply.reply_id))
        item.update([ReplyItem.answered.remove()])

    def finish(self, reply: ReplyRecord) -> None:
        """Record that everything the reply brings is carried out. Idempotent."""
        ReplyItem(*self._key(reply.person_id, reply.reply_id)).update([ReplyItem.done.set(True)])

    def _find(self, person_id: str, reply_id: str) -> ReplyRecord | None:
        try:
            item = ReplyItem.get(*self._key(person_id, reply_id), consistent_read=True)
        except DoesNotExist:
            return None
        return _record(item)

    def _key(self, person_id: str, reply_id: str) -> tuple[str, str]:
        pk = keys.partition(keys.PERSON, self._institution_id, person_id)
        return pk, keys.key(keys.REPLY, reply_id)


def _record(item: ReplyItem) -> ReplyRecord:
    known = codec.document_from_json(ReplyRecord, item.document)
    return replace(known, done=bool(item.done), answered=bool(item.answered))
