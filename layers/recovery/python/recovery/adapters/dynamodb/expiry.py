"""When DynamoDB erases an item by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from recovery.adapters.dynamodb.items import ExpiringItem
from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.documents.shared.places import known_countries
from recovery.domain.agreements.people_rules import retention_days
from recovery.domain.contact.borrower import Borrower


def expires_at(day: date | None) -> int | None:
    """Return the moment after this day ends in UTC, in epoch seconds; None for no end."""
    if day is None:
        return None
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    return int(after.timestamp())


def has_expired(item: ExpiringItem, now: datetime) -> bool:
    """Whether its time is over: DynamoDB takes some days to erase it."""
    return item.expires_at is not None and int(item.expires_at) <= now.timestamp()


def last_day(item: ExpiringItem) -> date | None:
    """Reverse ``expires_at``."""
    if item.expires_at is None:
        return None
    return datetime.fromtimestamp(int(item.expires_at), UTC).date() - timedelta(days=1)


def end_by_pack(item: str, person: Borrower, on: date) -> int | None:
    """Return when what is recorded on this day is to be erased by the rules of the person's
    country; None while a legal hold lasts."""
    if person.legal_hold:
        return None
    known = person.country in known_countries()
    pack = people_pack(person.country) if known else careful_people_pack()
    days = retention_days(pack, item, on)
    return None if days is None else expires_at(on + timedelta(days=days))
