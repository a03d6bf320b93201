"""The person that a request is about, the rules that hold for them, and who may ask."""

from __future__ import annotations

from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.documents.shared.places import known_countries
from recovery.domain.agreements.people_rules import PeoplePack
from recovery.domain.contact.borrower import Borrower
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import NotAllowedError, NotOnRecordError
from recovery.ports.needs import HasBorrowers

STAFF = (Role.ADVISOR, Role.TRAINED, Role.SUPERVISOR, Role.LEGAL)


def find_person(person_id: str, ports: HasBorrowers) -> Borrower:
    """Return the person. Raises NotOnRecordError."""
    for person in ports.borrowers.load_many([person_id]):
        return person
    raise NotOnRecordError("person_id", f"person {person_id}")


def rules_for(person: Borrower) -> PeoplePack:
    """Return the rules of the country where the person lives, or the careful ones."""
    if person.country in known_countries():
        return people_pack(person.country)
    return careful_people_pack()


def allow(by: Actor, *roles: Role, to: str) -> None:
    """Raise NotAllowedError unless this is a person with one of the roles."""
    if not by.is_person or not by.may(*roles):
        raise NotAllowedError(f"only people with a role of {', '.join(roles)} may {to}")
