"""What is on record about people besides their details: what holds back, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.learning import NOTHING_LEARNED, Learning
from recovery.domain.agreements.person_facts import PersonFactRecord
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Person:
    """What any contact must respect, and progress with lessons. ``version`` rises with every change
    of it. ``legal_hold``: nothing held about the person may be erased."""

    person_id: str
    version: int
    restraints: tuple[Restraint, ...] = ()
    learning: Learning = NOTHING_LEARNED
    legal_hold: bool = False


@dataclass(frozen=True, slots=True)
class PersonChange:
    """New facts about a person with what holds back after them, to be stored together.

    ``person`` has the version that it was loaded with. ``held_since`` is since when something does,
    None if nothing does now.
    """

    person: Person
    facts: tuple[PersonFactRecord, ...]
    outbox: Outbox
    held_since: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """A person or a loan that something holds back now: ``of`` is person or loan."""

    of: str
    id: str
    since: date


class PeopleRepository(Protocol):
    """Stores facts of an institution's people, and finds who is held back."""

    def find(self, person_id: str) -> Person | None: ...
    def facts(self, person_id: str) -> list[PersonFactRecord]:
        """List every fact of the person, those that ended too, in the order recorded."""

    def capacity(self, person_id: str) -> CapacityInForce | None:
        """Return what the person can repay by their last assessment, which may be over."""

    def commit(self, change: PersonChange) -> None:
        """Store the change in one transaction.

        Raises FactExistsError for an id in use, StaleWriteError if the person was changed.
        """

    def complainants(self) -> list[str]:
        """List the people who ever complained, by their first complaint."""

    def held(self) -> list[Held]:
        """List the people and loans that something holds back, the longest first."""

    def outboxes(self, person_id: str) -> list[Outbox]:
        """List what was decided and is not carried out yet, in order."""

    def acknowledge(self, person_id: str, outbox_ids: Sequence[str]) -> None:
        """Forget outboxes that were carried out. Idempotent."""

    def waiting_ids(self, before: date) -> list[str]:
        """Find people with an outbox decided before this date."""

    def send_again(self, person_id: str) -> None:
        """Let the stream deliver the person's outboxes once more, if any wait."""
