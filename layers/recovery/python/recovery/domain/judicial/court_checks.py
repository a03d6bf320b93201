"""Whether a step around a court may be recorded: everything wrong with it, given the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from recovery.domain.accounting.acts import Suit
from recovery.domain.accounting.court_steps import (
    NOT_WANTED,
    OFFERED,
    QUESTION,
    CourtFact,
    CourtStep,
    PreActionCheck,
)
from recovery.domain.accounting.fact import Recorded
from recovery.domain.judicial.proceedings import Proceedings, proceedings_of
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import Problem

_OF_AN_OFFER = frozenset({OFFERED, NOT_WANTED})
# Until when it must be done, or on which day it is held.
_NEEDS_DAY = ("hearing", "deadline")
_NEEDS_AMOUNT = ("cost", "refund", "cost_order", "interest_order", "attached")
# What may still come once a suit is over.
_AFTER_END = (
    *("receipt", "met", "cost", "refund", "cost_order", "interest_order", "told"),
    *("way_back_offered", "homologated", "attached", "succession"),
)


def court_problems(
    fact: CourtFact, recorded: Recorded, today: date, by: Actor
) -> Iterator[Problem]:
    """Yield every reason why it cannot be recorded besides its own day."""
    if isinstance(fact, PreActionCheck):
        yield from _check_problems(fact, by)
        return
    suits = {each.suit_id: each for each in proceedings_of(recorded.counting())}
    found = suits.get(fact.suit_id)
    if found is None:
        remedy = "Record the suit first, or name one that is on record"
        yield Problem(
            "suit_id", f"{fact.suit_id} is no suit of this loan that counts", remedy, "not_found"
        )
        return
    yield from _step_problems(fact, found)


def undo_court_problems(fact_id: str, undone: object, recorded: Recorded) -> Iterator[Problem]:
    """Yield why a suit cannot be undone: its steps say what became of it."""
    if not isinstance(undone, Suit):
        return
    steps = [
        each.fact_id
        for each in recorded.counting()
        if isinstance(each.fact, CourtStep) and each.fact.suit_id == fact_id
    ]
    if steps:
        reason = f"{fact_id} is what {', '.join(steps)} is about"
        yield Problem("undoes", reason, "Undo these first", "conflict")


def _check_problems(check: PreActionCheck, by: Actor) -> Iterator[Problem]:
    """What opens the way to court is for people who may decide on it; whoever speaks with the
    borrower says that an agreement was offered."""
    said = set(check.codes) - {QUESTION}
    if said - _OF_AN_OFFER and not (by.is_person and by.may(Role.LEGAL, Role.SUPERVISOR)):
        reason = f"{by.in_words()} may not say that the way to court is open"
        yield Problem("codes", reason, f"Leave it to: {Role.LEGAL} or {Role.SUPERVISOR}")
    elif said and not by.is_person:
        reason = f"{by.in_words()} offers nothing to anybody"
        yield Problem("codes", reason, "Leave it to a person")
    if said and not check.reference:
        yield Problem("reference", "is missing", "Name the proof that you saw", "missing")


def _step_problems(step: CourtStep, suit: Proceedings) -> Iterator[Problem]:
    if step.on < suit.suit.on:
        reason = f"{step.on} is before the suit was filed, on {suit.suit.on}"
        yield Problem("on", reason, "Use a later day", "out_of_range")
    if suit.end and step.step not in _AFTER_END:
        reason = f"{step.suit_id} ended on {suit.end.on}"
        yield Problem("suit_id", reason, "Undo its end if it is wrong", "conflict")
    if step.step in _NEEDS_DAY and step.by_on is None:
        yield Problem("by_on", "is missing", "Give the day of the hearing or deadline", "missing")
    if step.by_on and step.by_on < step.on:
        yield Problem("by_on", f"{step.by_on} is past on {step.on}", "Give a later day")
    if step.step in _NEEDS_AMOUNT and step.amount_minor is None:
        yield Problem("amount", "is missing", "Give the amount that the paper says", "missing")
    if step.step == "met" and step.step_id not in {e.step_id for e in suit.waits()}:
        reason = f"{step.step_id or 'nothing'} is no open day of {step.suit_id}"
        yield Problem("step_id", reason, "Name a hearing or deadline that waits", "not_found")
    if step.step == "refund":
        spent_minor = suit.costs_minor - suit.refunded_minor
        if step.amount_minor and step.amount_minor > spent_minor:
            yield Problem("amount", "is more than was spent", "Check the amount", "out_of_range")
    if (step.step == "judgment") != (step.outcome is not None):
        remedy = "Give for whom it is with a judgment, and with nothing else"
        yield Problem("outcome", f"does not go with {step.step}", remedy)
    if step.final_on and (step.step != "judgment" or step.final_on < step.on):
        yield Problem("final_on", f"does not go with {step.step} on {step.on}", "Check the day")
    if step.step == "receipt" and not step.reference:
        yield Problem("reference", "is missing", "Name the court's receipt", "missing")
