"""The chains of audit entries as items of the table, and digests of the records they tell of."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from recovery.adapters.dynamodb.items import Item
from recovery.domain.shared.chain import Link

_CHANGES = frozenset({"pk", "listed_in", "listed_by", "expires_at", "resends"})


class ChainItem(Item):
    """One link of a loan's chain, its position in the key; ``content`` and ``salt`` may be
    erased."""

    at = UnicodeAttribute()
    previous = UnicodeAttribute()
    commitment = UnicodeAttribute()
    seal = UnicodeAttribute()
    content = UnicodeAttribute(null=True)
    salt = UnicodeAttribute(null=True)


class GrownItem(Item):
    """Says that the chain of the loan in its key grew on the day in its key."""


class RootItem(Item):
    """The seal of a day's root, and where the next begins; the day is in the key."""

    seal = UnicodeAttribute()
    root = UnicodeAttribute()


def link_item(pk: str, link: Link) -> ChainItem:
    return ChainItem(
        pk,
        f"{link.position:08}",
        at=link.at.isoformat(timespec="microseconds"),
        previous=link.previous,
        commitment=link.commitment,
        seal=link.seal,
        content=link.content,
        salt=link.salt,
    )


def link_of(item: ChainItem) -> Link:
    """Convert the item to a link. One whose key has no position stands where nothing belongs."""
    return Link(
        position=int(item.sk) if item.sk.isdecimal() else 0,
        at=datetime.fromisoformat(item.at),
        previous=item.previous,
        commitment=item.commitment,
        seal=item.seal,
        content=item.content,
        salt=item.salt,
    )


def record_digest(item: Item) -> str:
    """Return a digest of what the item says; not of the lists it is on, nor of when it ends."""
    said: dict[str, Any] = item.serialize()
    kept = {name: value for name, value in said.items() if name not in _CHANGES}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
