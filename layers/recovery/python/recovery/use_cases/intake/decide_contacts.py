"""Carry out what a person decides about contact changes that waited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import BorrowerRow
from recovery.domain.contact.borrower import Borrower, ContactChange
from recovery.domain.contact.details import ADDRESSES, replaced, with_delivered
from recovery.domain.intake.held_contacts import ContactAnswer, HeldContacts, answer
from recovery.domain.shared.actor import Actor
from recovery.ports.needs import HasBorrowers, HasDeliveries, HasInstitutions
from recovery.use_cases.intake.take_up_contacts import delivered_person
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh


class DeliveredPeople(Protocol):
    """The people of the delivery, read again."""

    def borrowers(self) -> Iterator[Row[BorrowerRow]]: ...


class DecidingPorts(HasBorrowers, HasDeliveries, HasInstitutions, Protocol):
    """What the decision needs."""


def decide_contacts(
    held: HeldContacts,
    what: ContactAnswer,
    people: DeliveredPeople,
    institution_id: str,
    by: Actor,
    why: str,
    now: datetime,
    ports: DecidingPorts,
) -> int:
    """Accept the changes, or roll them back; return for how many people something changed.

    Rolling back after accepting restores what the delivery replaced, as far as nothing newer came.
    Safe to repeat after an interruption. Raises RefusedError.
    """
    last = ports.deliveries.last(held.source)
    answered = answer(held, last, what, by, now, why)
    today = business_date(institution_id, now, ports.institutions)
    has_work = what == ContactAnswer.ACCEPT or held.accepted is not None
    changed = 0
    for row in people.borrowers() if has_work else ():
        values = row.values

        def change(values: BorrowerRow = values) -> bool:
            person = next(iter(ports.borrowers.load_many([values.borrower_id])), None)
            if person is None:
                return False
            if what == ContactAnswer.ACCEPT:
                after, by_delivery = _accepted(person, values), held.delivery_id
            else:
                changes = ports.borrowers.contact_changes(values.borrower_id)
                after = _rolled_back(person, changes, held.delivery_id)
                by_delivery = f"{held.delivery_id} rolled back"
            done = ContactChange(today, by_delivery, replaced(person, after))
            return ports.borrowers.save_contact_details(after, done)

        changed += retry_until_fresh(change)
    if answered != held:
        ports.deliveries.save_held(answered, held)
    return changed


def _accepted(person: Borrower, row: BorrowerRow) -> Borrower:
    given = row.model_fields_set & {*ADDRESSES}
    return with_delivered(person, delivered_person(row, person.time_zone), given)


def _rolled_back(person: Borrower, changes: Sequence[ContactChange], delivery_id: str) -> Borrower:
    """Return the person with the addresses from before the delivery; newer ones stay."""
    before: dict[str, Any] = {}
    newer: set[str] = set()
    for change in reversed(changes):
        for name in change.former.keys() & {*ADDRESSES}:
            if change.delivery_id != delivery_id:
                newer.add(name)
            elif name not in newer:
                before[name] = change.former[name]
    return replace(person, **before)
