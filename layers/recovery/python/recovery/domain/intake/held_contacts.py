"""Contact changes of a delivery that wait for a person, and what that person decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from recovery.domain.shared.actor import Actor, Role, actor_problems
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.free_text import free_text_problems

SAMPLE = 10  # people to look at; a person who needs more has the files
_LONGEST_REASON = 500


class ContactAnswer(StrEnum):
    """What a person decides about the changes."""

    ACCEPT = "accept"
    ROLL_BACK = "roll-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Which delivery was taken up last from one source, a system that sends files."""

    source: str
    as_of: date
    delivery_id: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answered, when and why."""

    by: Actor
    at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldContacts:
    """The question; ``sample`` has ids of people, ``reasons`` name nobody.

    Changes that were accepted can still be rolled back; after that nothing changes any more.
    """

    delivery_id: str
    source: str
    as_of: date
    people: int
    reasons: tuple[str, ...]
    sample: tuple[str, ...]
    asked_at: datetime
    accepted: Answered | None = None
    rolled_back: Answered | None = None

    @property
    def is_pending(self) -> bool:
        return self.accepted is None and self.rolled_back is None


def answer(
    held: HeldContacts,
    last: Delivered | None,
    what: ContactAnswer,
    by: Actor,
    at: datetime,
    because: str,
) -> HeldContacts:
    """Return the question as answered by a supervisor; the same answer again changes nothing.

    ``last`` is what was taken up last from the same source: accepting must not put old numbers over
    newer ones. Raises RefusedError.
    """
    problems = [*_problems(held, last, what, by, because)]
    if problems:
        raise RefusedError(*problems)
    answered = Answered(by, at, because.strip())
    if what == ContactAnswer.ACCEPT:
        return held if held.accepted else replace(held, accepted=answered)
    return held if held.rolled_back else replace(held, rolled_back=answered)


def _problems(
    held: HeldContacts, last: Delivered | None, what: ContactAnswer, by: Actor, because: str
) -> Iterator[Problem]:
    yield from (problem.within("by") for problem in actor_problems(by))
    yield from free_text_problems("why", because, _LONGEST_REASON)
    if not (by.is_person and by.may(Role.SUPERVISOR)):
        reason = f"{by.in_words()} may not decide this"
        yield Problem("by", reason, f"Leave it to a {Role.SUPERVISOR}")
    if what == ContactAnswer.ACCEPT and held.rolled_back:
        reason = f"{held.delivery_id} was rolled back by {held.rolled_back.by.in_words()}"
        yield Problem("delivery", reason, "Deliver the files again to ask anew", "conflict")
    elif what == ContactAnswer.ACCEPT and last and last.delivery_id != held.delivery_id:
        reason = f"{held.delivery_id} is older than what {last.delivery_id} brought since"
        yield Problem("delivery", reason, f"Decide on {last.delivery_id}, if it waits", "conflict")
