"""An assessment as it goes on record, what people decided on it, and the capacity in force.

The record holds what a household told of its money: it is sealed, and one function opens it. The
capacity is what follows from it, a few figures that plans and promises are measured by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recovery.domain.agreements.capacity import Capacity
from recovery.domain.shared.actor import Actor, Role, same_person
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems

Outcome = Literal["accepted", "declined"]
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided, and why."""

    outcome: Outcome
    why: str
    on: date
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRecord:
    """One assessment: ``question`` as it was asked, ``answer`` as it was given.

    ``verdict`` is what the engine proposed. ``decisions`` are those of people, first to last; a
    second one is a review, which the person asked for.
    """

    assessment_id: str
    person_id: str
    assessed_on: date
    valid_until: date
    by: Actor
    verdict: str | None
    policy_version: int
    fingerprint: str
    question: Mapping[str, object]
    answer: Mapping[str, object]
    decisions: tuple[Decision, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityInForce:
    """What a person can repay until ``valid_until``, by their last assessment.

    ``due_day``: the day of the month that suits their income; None: any.
    """

    assessment_id: str
    person_id: str
    assessed_on: date
    valid_until: date
    policy_version: int
    capacity: Capacity
    due_day: int | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on this day."""
        return self.assessed_on <= on <= self.valid_until


def decision_problems(record: AssessmentRecord, decision: Decision) -> Iterator[Problem]:
    """Yield why somebody may not decide it so: whoever decided it before does not review it."""
    yield from free_text_problems("why", decision.why, _LONGEST_REASON)
    if not decision.by.is_person:
        yield Problem("caller", "is no person", "Let a person decide", "not_allowed")
    if any(same_person(each.by, decision.by) for each in record.decisions):
        reason = f"{decision.by.name} decided it before"
        yield Problem("caller", reason, "Let another person review it", "not_allowed")
    needs_supervisor = record.verdict == "decline" and decision.outcome == "accepted"
    if needs_supervisor and not decision.by.may(Role.SUPERVISOR):
        reason = "would accept what does not fit even if everything told is true"
        yield Problem("outcome", reason, "Ask a supervisor", "not_allowed")
