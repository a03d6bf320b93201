"""What a person said of lessons, their goal, and how far they are."""

from __future__ import annotations

from typing import Any

from recovery.documents.contact.curriculum import curriculum
from recovery.domain.agreements.learning import Learning
from recovery.domain.shared.errors import NotOnRecordError
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.needs import HasPeople


def progress_of(person_id: str, ports: HasPeople) -> dict[str, Any]:
    """Return the progress as a document. Raises NotOnRecordError."""
    person = ports.people.find(person_id)
    if person is None:
        raise NotOnRecordError("person_id", f"person {person_id}")
    return learning_document(person.learning)


def learning_document(learning: Learning) -> dict[str, Any]:
    """Return the progress for the API; ``left`` are the lessons of the curriculum to come."""
    goal = None
    if learning.goal_minor and learning.currency:
        goal = to_decimal_text(learning.goal_minor, learning.currency)
    return {
        "wanted": learning.wanted,
        "goal": goal,
        "currency": learning.currency,
        "given": list(learning.given),
        "given_on": iso(learning.given_on),
        "done": list(learning.done),
        "left": [each for each in curriculum().ids if each not in learning.done],
    }
