"""What providers tell of messages: delivered, come back, called spam; and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.contact.address import Fate, Returned
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Written
from recovery.domain.contact.gate import channels
from recovery.domain.contact.places import Limits
from recovery.domain.shared.actor import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNews:
    """What became of one message at one address. ``cause`` is a code, without personal data."""

    channel: Written
    address: str
    provider_id: str
    fate: Fate
    cause: str


def with_news(person: Borrower, news: DeliveryNews, on: date, dead_after: int) -> Borrower:
    """Return the person after the news; unchanged if they have another address by now.

    An address is dead once a message bounced for good or the number is invalid, or after
    ``dead_after`` messages in a row that could not be delivered for now. Whoever calls a message
    spam has opted out. What was delivered confirms nobody: receipts say nothing of who reads.
    """
    if not _is_same(person.address_of(news.channel), news.address):
        return person
    if news.fate is Fate.COMPLAINED:
        is_email = news.channel == "email"
        consent: dict[str, Any] = {"email_consent" if is_email else "sms_consent": False}
        return replace(person, **consent)
    address = person.address_of(news.channel) or ""
    known = person.returned_from(news.channel) or Returned(address=address)
    if known.dead_on:
        return person
    if news.fate is Fate.DELIVERED:
        return _with_returned(person, news.channel, None)
    in_a_row = known.in_a_row + 1
    is_dead = news.fate is Fate.BOUNCED or in_a_row >= dead_after
    returned = Returned(
        address=address,
        in_a_row=in_a_row,
        dead_on=on if is_dead else None,
        cause=news.cause,
    )
    return _with_returned(person, news.channel, returned)


def _is_same(known: str | None, used: str) -> bool:
    return known is not None and known.strip().lower() == used.strip().lower()


def _with_returned(person: Borrower, channel: Written, returned: Returned | None) -> Borrower:
    if channel == "email":
        return replace(person, email_returned=returned)
    return replace(person, phone_returned=returned)


def find_address(
    person: Borrower, limits: Limits, pending: Iterable[Task], on: date, do_by: date
) -> Task | None:
    """Return the task to find a way to reach the person, None if there is a channel left or
    somebody is at it already."""
    if next(channels(limits, person, on), None) is not None:
        return None
    prefix = f"{person.borrower_id}.address."
    if any(each.is_pending and each.task_id.startswith(prefix) for each in pending):
        return None
    return Task(
        task_id=f"{prefix}{on}",
        kind=TaskKind.MISSING_DETAILS,
        person_id=person.borrower_id,
        role=Role.ADVISOR,
        reason="nothing that we send arrives: ask for an address or a number that works",
        opened_on=on,
        do_by=do_by,
    )
