"""Store sensitive notes in DynamoDB, encrypted with a key that one function may use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.expiry import expires_at, has_expired, last_day
from recovery.adapters.dynamodb.items import NoteItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.adapters.sealing import KmsSeal
from recovery.domain.agreements.notes import Note, NoteMark


class DynamoDbNoteRepository:
    """NoteRepository of one institution; ``now`` tells, in UTC, what has expired."""

    def __init__(self, institution_id: str, seal: KmsSeal, now: Callable[[], datetime]) -> None:
        self._institution_id = institution_id
        self._seal = seal
        self._now = now

    def add(self, note: Note) -> None:
        """Add the note. Raises StaleWriteError if there is one with its id."""
        mark = note.mark
        told = codec.to_json({"topic": note.topic, "text": note.text})
        item = NoteItem(
            *self._key(mark.person_id, mark.note_id),
            sealed=self._seal.close(told, self._context(mark.person_id)),
            mark=codec.document_to_json(replace(mark, expires_on=None)),
            expires_at=expires_at(mark.expires_on),
        )
        gone = NoteItem.expires_at <= int(self._now().timestamp())
        with stale_if_refused(f"note {mark.note_id}"):
            item.save(condition=NoteItem.pk.does_not_exist() | gone)

    def find(self, person_id: str, note_id: str) -> Note | None:
        """Return the note; None if there is none."""
        try:
            item = NoteItem.get(*self._key(person_id, note_id), consistent_read=True)
        except DoesNotExist:
            return None
        return None if has_expired(item, self._now()) else self._note(item)

    def of_person(self, person_id: str) -> list[Note]:
        """Read the person's notes, by id."""
        return [self._note(item) for item in self._items(person_id)]

    def marks_of(self, person_id: str) -> list[NoteMark]:
        """Say which notes there are of the person, by id, without reading any."""
        return [_mark(item) for item in self._items(person_id)]

    def erase(self, person_id: str, note_id: str) -> bool:
        """Erase the note; return whether there was one."""
        known = self.find(person_id, note_id) is not None
        NoteItem(*self._key(person_id, note_id)).delete()
        return known

    def _items(self, person_id: str) -> Iterator[NoteItem]:
        pk, now = self._pk(person_id), self._now()
        notes = NoteItem.sk.startswith(keys.key(keys.NOTE, ""))
        for item in NoteItem.query(pk, notes, consistent_read=True):
            if not has_expired(item, now):
                yield item

    def _note(self, item: NoteItem) -> Note:
        mark = _mark(item)
        told = json.loads(self._seal.open(item.sealed, self._context(mark.person_id)))
        return Note(mark=mark, topic=told["topic"], text=told["text"])

    def _context(self, person_id: str) -> dict[str, str]:
        return {"institution": self._institution_id, "person": person_id}

    def _pk(self, person_id: str) -> str:
        return keys.partition(keys.NOTE, self._institution_id, person_id)

    def _key(self, person_id: str, note_id: str) -> tuple[str, str]:
        return self._pk(person_id), keys.key(keys.NOTE, note_id)


def _mark(item: NoteItem) -> NoteMark:
    mark = codec.document_from_json(NoteMark, item.mark)
    return replace(mark, expires_on=last_day(item))
