"""What is on record about a person, besides contact details: hardship, complaints, and what holds
the system back by law or by life.

A fact is kept as said and never edited. What the person told stays in sensitive notes; here are
codes, dates and ids alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from recovery.domain.agreements.learning import GoalSet, LessonDone, LessonsChoice
from recovery.domain.agreements.restraints import EVERYTHING, Block, Kind, Restraint
from recovery.domain.shared.errors import Problem

_DAY = timedelta(days=1)


class Cause(StrEnum):
    """Why somebody cannot pay now; no more is asked."""

    INCOME_FELL = "income_fell"
    COSTS_ROSE = "costs_rose"
    CANNOT_DEAL_NOW = "cannot_deal_with_it_now"


class ComplaintAbout(StrEnum):
    """What a complaint attacks, which rests until it is answered."""

    CONTACT = "contact"
    CONDUCT = "conduct"
    AMOUNT = "amount"
    CHARGES = "charges"
    LEGAL_STEPS = "legal_steps"
    DATA = "data"
    SERVICE = "service"


class ComplaintOutcome(StrEnum):
    """How a complaint ends."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Hardship:
    """From ``on`` the person is in hardship; ``review_on`` is when a trained person asks again.

    ``can_pay_minor`` of ``currency`` is what can be paid now, None if nobody asked.
    """

    on: date
    causes: tuple[Cause, ...]
    review_on: date
    blocks: tuple[str, ...]
    can_pay_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """From ``on`` until ``until`` a restraint by law or life is in force; None: until it is ended.

    ``seen`` says whether a document proves it, such as a death certificate.
    """

    kind: str
    on: date
    until: date | None
    reason_code: str
    blocks: tuple[str, ...]
    seen: bool = False


@dataclass(frozen=True, slots=True)
class HoldEnd:
    """On ``on`` a hold or hardship ended. ``was_false``: it never was true, and counts as if it had
    not been reported; everything goes on from the record."""

    fact_id: str
    on: date
    was_false: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """On ``on`` the person complained.

    ``answer_by`` is the last day for the answer, ``blocks`` what rests until then, ``not_by`` the
    names of people who may not handle it.
    """

    on: date
    about: ComplaintAbout
    answer_by: date
    blocks: tuple[str, ...]
    loan_id: str | None = None
    not_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComplaintEnd:
    """On ``on`` the complaint was answered in writing, or taken back. ``answer`` is what the person
    reads."""

    complaint_id: str
    on: date
    outcome: ComplaintOutcome
    answer: str = ""


PersonFact = (
    Hardship | Hold | HoldEnd | Complaint | ComplaintEnd | LessonsChoice | GoalSet | LessonDone
)
KINDS: Mapping[str, type[PersonFact]] = {
    "hardship": Hardship,
    "hold": Hold,
    "hold_end": HoldEnd,
    "complaint": Complaint,
    "complaint_end": ComplaintEnd,
    "lessons": LessonsChoice,
    "goal": GoalSet,
    "lesson_done": LessonDone,
}
_KIND_OF = {kind: name for name, kind in KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFactRecord:
    """One fact of one person, as ``FactRecord`` is one of a loan."""

    fact_id: str
    person_id: str
    fact: PersonFact
    known_on: date
    fingerprint: str
    reason: str
    recorded_by: str
    recorded_at: datetime

    @property
    def kind(self) -> str:
        return _KIND_OF[type(self.fact)]


_ATTACKED: Mapping[ComplaintAbout, frozenset[Block]] = {
    ComplaintAbout.CONTACT: frozenset({Block.REMINDERS, Block.ARREARS, Block.CALLS}),
    ComplaintAbout.CONDUCT: frozenset({Block.ARREARS, Block.CALLS}),
    ComplaintAbout.AMOUNT: frozenset({Block.ARREARS}),
    ComplaintAbout.CHARGES: frozenset({Block.LATE_CHARGES}),
    ComplaintAbout.LEGAL_STEPS: frozenset({Block.NOTICES}),
    ComplaintAbout.DATA: frozenset({Block.BUREAU, Block.EDUCATION}),
    ComplaintAbout.SERVICE: frozenset(),
}


def attacked(about: ComplaintAbout) -> frozenset[str]:
    """Return what a complaint attacks, which rests besides what rests by law."""
    return frozenset(each.value for each in _ATTACKED[about])


def restraints_of(records: Iterable[PersonFactRecord]) -> tuple[Restraint, ...]:
    """Return what holds the system back for the person, past restraints too, oldest first."""
    records = sorted(records, key=lambda each: (each.recorded_at, each.fact_id))
    ends = {e.fact.fact_id: e.fact for e in records if isinstance(e.fact, HoldEnd)}
    answers = {e.fact.complaint_id: e.fact for e in records if isinstance(e.fact, ComplaintEnd)}
    found = []
    for each in records:
        fact = each.fact
        if isinstance(fact, Hardship):
            until = _until(fact.on, None, ends.get(each.fact_id))
            code = "+".join(cause.value for cause in fact.causes)[:40]
            found.append(_restraint(Kind.HARDSHIP, fact.on, until, fact.blocks, code, each))
        if isinstance(fact, Hold):
            until = _until(fact.on, fact.until, ends.get(each.fact_id))
            found.append(_restraint(fact.kind, fact.on, until, fact.blocks, fact.reason_code, each))
        if isinstance(fact, Complaint):
            answer = answers.get(each.fact_id)
            until = answer.on - _DAY if answer else None
            code = fact.about.value
            found.append(_restraint(Kind.COMPLAINT, fact.on, until, fact.blocks, code, each))
    return tuple(found)


def _until(on: date, until: date | None, end: HoldEnd | None) -> date | None:
    if end is None:
        return until
    last = on - _DAY if end.was_false else end.on - _DAY
    return min(until, last) if until else last


def _restraint(
    kind: str,
    on: date,
    until: date | None,
    blocks: tuple[str, ...],
    reason_code: str,
    record: PersonFactRecord,
) -> Restraint:
    return Restraint(
        kind,
        on,
        until,
        frozenset(blocks),
        reason_code,
        fact_id=record.fact_id,
        of_person=True,
    )


def fact_problems(
    fact: PersonFact, records: Iterable[PersonFactRecord], today: date
) -> Iterator[Problem]:
    """Yield every reason why the fact cannot be recorded."""
    known = {each.fact_id: each.fact for each in records}
    ended = {e.fact_id for e in known.values() if isinstance(e, HoldEnd)}
    ended |= {e.complaint_id for e in known.values() if isinstance(e, ComplaintEnd)}
    if fact.on > today:
        reason = f"{fact.on} is in the future; the business date is {today}"
        yield Problem("on", reason, "Record it on its day", "out_of_range")
    match fact:
        case Hardship():
            if not fact.causes:
                yield Problem("causes", "are missing", "Name at least one", "missing")
            if fact.review_on <= fact.on:
                yield Problem("review_on", "is not after on", "Give a day to ask again")
        case Hold():
            if fact.until is not None and fact.until < fact.on:
                yield Problem("until", "is before on", "Give a last day on or after it")
            unknown = sorted(frozenset(fact.blocks) - EVERYTHING)
            if unknown:
                reason = f"have unknown entries: {', '.join(unknown)}"
                yield Problem("blocks", reason, f"Use some of: {', '.join(sorted(EVERYTHING))}")
        case HoldEnd():
            yield from _end_problems(fact.fact_id, (Hold, Hardship), known, ended, fact.on)
        case ComplaintEnd():
            yield from _end_problems(fact.complaint_id, (Complaint,), known, ended, fact.on)
        case Complaint() | LessonsChoice() | GoalSet() | LessonDone():
            pass


def _end_problems(
    fact_id: str,
    kinds: tuple[type[PersonFact], ...],
    known: Mapping[str, PersonFact],
    ended: set[str],
    on: date,
) -> Iterator[Problem]:
    begun = known.get(fact_id)
    if not isinstance(begun, kinds):
        reason = f"{fact_id} is not on record for this person"
        yield Problem("fact_id", reason, "Name one on record", "not_found")
    elif fact_id in ended:
        yield Problem("fact_id", f"{fact_id} has ended already", "Check the record", "conflict")
    elif on < begun.on:
        reason = f"{on} is before {begun.on}, when it began"
        yield Problem("on", reason, "Use a later date", "out_of_range")
