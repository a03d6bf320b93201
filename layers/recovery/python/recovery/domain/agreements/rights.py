"""A person's rights over what is held about them: what is asked, what is erased, what must stay.

Source: Regulation (EU) 2016/679 arts. 15 to 18 and 21; elsewhere product policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from recovery.domain.agreements.people_rules import PeoplePack, retention

_PROTECTS = "they protect the person, and prove what was done"


class Right(StrEnum):
    """What a person may ask for."""

    ACCESS = "access"
    CORRECTION = "correction"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsRequest:
    """A request and its answer. Both hold no personal data: ``fingerprint`` tells a repeat.

    ``answer_by`` is the last day for the answer by the pack.
    """

    request_id: str
    person_id: str
    right: str
    received_on: date
    answer_by: date
    answered_on: date
    answered_by: str
    fingerprint: str
    answer: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """Why nothing may be erased, such as a suit to come; by names, without personal data."""

    hold_id: str
    reason: str
    placed_on: date
    placed_by: str
    ended_on: date | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class LoanHeld:
    """One of the person's loans, as far as erasing goes; ``ended_on`` None: it goes on."""

    loan_id: str
    ended_on: date | None


class Erased(StrEnum):
    """What can be erased about a person."""

    NOTES = "notes"
    FORMER_DETAILS = "former contact details"
    ASSESSMENTS = "what was told of income and expenses"
    DETAILS = "name and addresses"
    MESSAGES = "when messages were sent"


_EVERYTHING = "everything"
_BOOKS = "contract, payments and letters about agreements"
_WHILE_OWED = (Erased.ASSESSMENTS, Erased.DETAILS, Erased.MESSAGES)


@dataclass(frozen=True, slots=True)
class Kept:
    """What must stay, why, and until which day; None: until what is named has ended."""

    what: str
    why: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure takes away now, and the rest."""

    erases: tuple[Erased, ...]
    keeps: tuple[Kept, ...]


def erasure(
    loans: Sequence[LoanHeld], holds: Sequence[LegalHold], pack: PeoplePack, today: date
) -> Erasure:
    """Say what an erasure takes away, as far as no law or open loan keeps it."""
    holding = [each for each in holds if each.ended_on is None]
    if holding:
        why = "; ".join(f"legal hold {each.hold_id}: {each.reason}" for each in holding)
        return Erasure((), (Kept(_EVERYTHING, why),))
    erases = [Erased.NOTES, Erased.FORMER_DETAILS]
    keeps = []
    still_open = [each.loan_id for each in loans if each.ended_on is None]
    if still_open:
        why = f"{', '.join(still_open)} still to be paid; it goes once that has ended"
        keeps += [Kept(each, why) for each in _WHILE_OWED]
    else:
        erases += _WHILE_OWED
    return Erasure(tuple(erases), (*keeps, *_books(loans, pack, today)))


def waits_to_be_erased(answer: Mapping[str, object]) -> tuple[Erased, ...]:
    """Return what of an answered erasure goes once the loan or legal hold that keeps it ends."""
    kept = answer.get("kept")
    named = {each["what"] for each in kept} if isinstance(kept, list | tuple) else set()
    if _EVERYTHING in named:
        return tuple(Erased)
    return tuple(each for each in _WHILE_OWED if each in named)


def _books(loans: Sequence[LoanHeld], pack: PeoplePack, today: date) -> Iterator[Kept]:
    """Yield what stays of each loan, and of the requests themselves."""
    rule = retention(pack, "loan", today)
    for each in loans:
        if rule is None or each.ended_on is None:
            yield Kept(f"{_BOOKS} of {each.loan_id}", "the loan goes on")
        else:
            until = each.ended_on + timedelta(days=rule.days)
            yield Kept(f"{_BOOKS} of {each.loan_id}", rule.source, until)
    if documents := retention(pack, "evidence", today):
        why = f"each goes {documents.days} days after it came: {documents.source}"
        yield Kept("evidence of disputes", why)
    yield Kept("hardship, complaints and what holds back, as codes and dates", _PROTECTS)
    if proof := retention(pack, "request", today):
        until = today + timedelta(days=proof.days)
        yield Kept("this request, and who saw what is held", proof.source, until)
