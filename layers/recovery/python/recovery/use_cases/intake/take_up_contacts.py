"""Add the people of a delivery, and take up what changed about those on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.rows import BorrowerRow
from recovery.documents.shared.places import zone_for
from recovery.domain.contact.borrower import Borrower, ContactChange
from recovery.domain.contact.details import (
    ADDRESSES,
    replaced,
    with_addresses_of,
    with_delivered,
)
from recovery.domain.contact.privacy import Privacy
from recovery.domain.intake.changes import ContactChanges, MassChange, mass_change
from recovery.domain.intake.held_contacts import SAMPLE, HeldContacts
from recovery.domain.shared.pages import pages
from recovery.ports.intake import DeliveryNotFoundError
from recovery.use_cases.intake.arrival import Arrival, Delivery, ImportPorts
from recovery.use_cases.shared.retrying import retry_until_fresh

_PAGE = 50  # people, of two items each


def take_up_contacts(
    delivery: Delivery, arrival: Arrival, ports: ImportPorts, imported: ImportResult
) -> None:
    """Take up people, each change with what it replaces; write nothing for the others.

    If phone numbers or addresses change for too many, they stay as they are until a person decides;
    everything else is taken up.
    """
    zone = ports.institutions.time_zone(arrival.institution_id)
    found = _Survey()
    for person, values in _people(delivery, ports):
        found.count(person, values, zone)
    is_older = arrival.newer_as_of is not None
    is_held = not is_older and _hold(found, arrival, ports)
    for row in delivery.borrowers():
        borrower_id = row.values.borrower_id
        is_changed = borrower_id in found.changed
        if is_changed and is_older:
            imported.borrowers_left += 1
        elif (is_changed or borrower_id in found.unknown) and _save(
            row.values, zone, arrival, ports, keeps_addresses=is_held
        ):
            imported.borrowers_saved += 1
        else:
            imported.borrowers_unchanged += 1
    imported.contacts_waiting = len(found.moved) if is_held else 0


def _people(
    delivery: Delivery, ports: ImportPorts
) -> Iterator[tuple[Borrower | None, BorrowerRow]]:
    """Yield each row with the person on record, None for a new one; a few reads for many."""
    for page in pages(delivery.borrowers(), _PAGE):
        rows = [row.values for row in page]
        known = ports.borrowers.load_many([row.borrower_id for row in rows])
        by_id = {person.borrower_id: person for person in known}
        yield from ((by_id.get(row.borrower_id), row) for row in rows)


def delivered_person(row: BorrowerRow, institution_time_zone: str) -> Borrower:
    """Return the person as delivered.

    Without a zone of their own they are in the institution's, if their country has it, or in the
    only one that their country has; else it is not known.
    """
    return Borrower(
        borrower_id=row.borrower_id,
        name=row.name,
        language=row.language,
        country=row.country,
        time_zone=row.time_zone or zone_for(row.country, institution_time_zone),
        email=row.email,
        phone=row.phone,
        preferred_channel=row.preferred_channel,
        email_consent=row.email_consent,
        sms_consent=row.sms_consent,
        contact_confirmed_on=row.contact_confirmed_on,
        email_privacy=_privacy(row, row.email_privacy),
        phone_privacy=_privacy(row, row.phone_privacy),
        barred_phones=(row.phone,) if row.barred and row.phone else (),
        second_language=row.second_language,
    )


def _privacy(row: BorrowerRow, said: Privacy | None) -> Privacy | None:
    """Return what the row says of one address, in its own column or of all addresses."""
    if said is None and row.address_safe is not None:
        return "private" if row.address_safe else "unsafe"
    return said


@dataclass(slots=True)
class _Survey:
    """What a delivery would change."""

    known: int = 0
    unknown: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)  # whose phone number or address changes
    counts: Counter[str] = field(default_factory=Counter)  # of changed numbers and addresses
    people: Counter[tuple[str, str]] = field(default_factory=Counter)  # by number or address
    new: set[tuple[str, str]] = field(default_factory=set)  # numbers and addresses

    def count(self, person: Borrower | None, row: BorrowerRow, zone: str) -> None:
        delivered = delivered_person(row, zone)
        if person is None:
            self.unknown.add(row.borrower_id)
            after = delivered
        else:
            self.known += 1
            after = with_delivered(person, delivered, row.model_fields_set)
            if replaced(person, after):
                self.changed.add(row.borrower_id)
        for name in ADDRESSES:
            value = getattr(after, name)
            self.people[name, value] += 1
            if person and value != getattr(person, name):
                self.counts[name] += 1
                self.moved.add(row.borrower_id)
                self.new.add((name, value))

    def mass_change(self, arrival: Arrival, ports: ImportPorts) -> MassChange | None:
        def together(name: str) -> int:
            sharing = (self.people[each] for each in self.new if each[0] == name and each[1])
            return max(sharing, default=0)

        policy = ports.institutions.policy(arrival.institution_id, arrival.today).intake
        changes = ContactChanges(
            known_people=self.known,
            changed_phones=self.counts["phone"],
            changed_addresses=self.counts["email"],
            people_on_one_phone=together("phone"),
            people_on_one_address=together("email"),
        )
        return mass_change(changes, policy)


def _hold(found: _Survey, arrival: Arrival, ports: ImportPorts) -> bool:
    """Ask a person, if that is needed; return whether addresses have to stay as they are."""
    if not found.changed & found.moved:
        return False
    try:
        asked = ports.deliveries.held(arrival.delivery_id)  # this import ran before
    except DeliveryNotFoundError:
        mass = found.mass_change(arrival, ports)
        if mass is None:
            return False
        held = HeldContacts(
            delivery_id=arrival.delivery_id,
            source=arrival.source,
            as_of=arrival.as_of,
            people=len(found.moved),
            reasons=mass.reasons,
            sample=tuple(sorted(found.moved)[:SAMPLE]),
            asked_at=arrival.now,
        )
        ports.deliveries.save_held(held)
        return True
    return asked.accepted is None or asked.rolled_back is not None


def _save(
    row: BorrowerRow, zone: str, arrival: Arrival, ports: ImportPorts, *, keeps_addresses: bool
) -> bool:
    def save() -> bool:
        delivered = delivered_person(row, zone)
        person = next(iter(ports.borrowers.load_many([row.borrower_id])), None)
        if person is None:
            after, former = replace(delivered, version=0), {}
        else:
            after = with_delivered(person, delivered, row.model_fields_set)
            after = with_addresses_of(after, person) if keeps_addresses else after
            former = dict(replaced(person, after))
        change = ContactChange(arrival.as_of, arrival.delivery_id, former)
        return ports.borrowers.save_contact_details(after, change)

    return retry_until_fresh(save)
