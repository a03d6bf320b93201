"""What a client asks to record about a person, to be completed with what the packs say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.agreements.learning import LearningFact
from recovery.domain.agreements.person_facts import Cause, ComplaintAbout, ComplaintEnd, HoldEnd


@dataclass(frozen=True, slots=True)
class HardshipTold:
    """A hardship; ``can_pay_minor`` of ``currency`` is what can be paid now. Without ``review_on``
    the pack says when to ask again."""

    on: date
    causes: tuple[Cause, ...]
    review_on: date | None = None
    can_pay_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class HoldReported:
    """A restraint by law or life, of a kind that the packs know; ``seen``: a document proves it."""

    kind: str
    on: date
    until: date | None = None
    reason_code: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class ComplaintMade:
    """A complaint; ``loan_id`` if it is about one loan."""

    on: date
    about: ComplaintAbout
    loan_id: str | None = None


AskedOfPerson = HardshipTold | HoldReported | ComplaintMade | HoldEnd | ComplaintEnd | LearningFact


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFactRequest:
    """A fact to record, with the client's id and the reason for people to read; ``said`` is the
    request as sent, by which a repeat is known."""

    fact_id: str
    person_id: str
    fact: AskedOfPerson
    reason: str
    said: str
