"""Whether an agreement was offered before a step that nobody can take back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.accounting.court_steps import NOT_WANTED, OFFERED, CourtStep, PreActionCheck
from recovery.domain.accounting.fact import Recorded
from recovery.domain.shared.errors import Problem


def was_offered(recorded: Recorded, since: date, heard_on: Iterable[date] = ()) -> bool:
    """Whether the borrower was offered an agreement from this day on, or said that they want none.

    ``heard_on`` are the days of the messages with an offer that arrived: of one that did not,
    nobody heard. An offer that found no way is none.
    """
    if any(on >= since for on in heard_on):
        return True
    facts = (each.fact for each in recorded.counting())
    return any(_offers(fact) and getattr(fact, "on", since) >= since for fact in facts)


def _offers(fact: object) -> bool:
    match fact:
        case Offer():
            return bool(fact.options)
        case Agreement():
            return True
        case CourtStep():
            return fact.step == "way_back_offered"
        case PreActionCheck():
            return OFFERED in fact.codes or NOT_WANTED in fact.codes
    return False


def not_offered(since: date) -> Problem:
    """Return why a claim may not be filed yet, and what to do about it."""
    return Problem(
        "decision",
        f"no agreement was offered since the case came to pre-action on {since}",
        f"Offer one, and record it: `recovery proceedings LOAN check --code {OFFERED} --reference"
        f" PROOF`, or {NOT_WANTED} where the borrower says that they want none",
        "conflict",
    )
