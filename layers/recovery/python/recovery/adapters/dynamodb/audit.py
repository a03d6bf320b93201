"""Keep who did or saw what of a person's in DynamoDB, beside the person."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import uuid4

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import AuditItem
from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import AuditEntry


class DynamoDbPersonAudit:
    """PersonAudit of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def add(self, person_id: str, entry: AuditEntry) -> None:
        """Add the entry."""
        at = entry.at.isoformat(timespec="microseconds")
        item = AuditItem(
            self._pk(person_id),
            keys.key(keys.AUDIT, f"{at}#{entry.act}#{uuid4().hex[:8]}"),  # none replaces another
            at=at,
            act=entry.act,
            by=codec.to_json(to_plain(entry.by)),
            about=entry.about,
        )
        item.save()

    def of_person(self, person_id: str) -> list[AuditEntry]:
        """List the entries, oldest first."""
        found = AuditItem.query(
            self._pk(person_id),
            AuditItem.sk.startswith(keys.key(keys.AUDIT, "")),
            consistent_read=True,
        )
        return [
            AuditEntry(
                at=datetime.fromisoformat(item.at),
                act=item.act,
                by=from_plain(Actor, json.loads(item.by)),
                about=item.about,
            )
            for item in found
        ]

    def _pk(self, person_id: str) -> str:
        return keys.partition(keys.PERSON, self._institution_id, person_id)
