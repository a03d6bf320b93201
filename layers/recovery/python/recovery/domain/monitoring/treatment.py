"""What is done about an early warning: who hears what, before anything is overdue.

A treatment follows from the band of the warning, the borrower's segment and, where it matters, one
of the patterns that the warning rests on. Whoever pays, or cures, without us is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.monitoring.segments import Segment
from recovery.domain.shared.errors import Problem

Band = Literal["unlikely", "possible", "likely"]
Act = Literal["reminder", "offer_due_day", "call", "lesson"]
_LEFT_ALONE = (Segment.NEW, Segment.PUNCTUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What is done in a band for a segment, or for every one; no act: nothing.

    With a pattern, only where the warning rests on it. ``reminder`` and ``offer_due_day`` are kind
    messages, ``call`` is a task for an advisor, ``lesson`` is left to financial education.
    """

    band: Band
    segment: Segment | None = None
    pattern: PatternKind | None = None
    acts: tuple[Act, ...] = ()


# Reminders help those who forget, and nobody who pays on time (Barboni, Cardenas and de Roux 2022):
# punctual and new borrowers hear nothing here. Strain, or being out of reach, needs a person, not a
# text; who drifts later or earns on uneven days gets another due day offered.
DEFAULT_TREATMENTS = (
    Treatment(band="likely", segment=Segment.STRAINED, acts=("call",)),
    Treatment(band="likely", segment=Segment.UNREACHABLE, acts=("call",)),
    Treatment(band="likely", segment=Segment.NOT_ENGAGING, acts=("call",)),
    Treatment(band="likely", pattern=PatternKind.DRIFTING_LATER, acts=("offer_due_day", "call")),
    Treatment(band="likely", segment=Segment.IRREGULAR_INCOME, acts=("offer_due_day",)),
    Treatment(band="likely", segment=Segment.FORGETFUL, acts=("reminder",)),
    Treatment(band="likely", segment=Segment.RECOVERING, acts=("reminder",)),
    Treatment(band="possible", segment=Segment.STRAINED, acts=("reminder",)),
    Treatment(band="possible", segment=Segment.FORGETFUL, acts=("reminder",)),
)


def treatment_for(
    treatments: Collection[Treatment],
    band: Band,
    segment: Segment,
    because: Collection[PatternKind],
) -> tuple[Act, ...]:
    """Return the acts of the first treatment that fits; () if there is none, or for who is left
    alone."""
    if segment in _LEFT_ALONE:
        return ()
    for each in treatments:
        fits = each.segment in (None, segment) and (not each.pattern or each.pattern in because)
        if each.band == band and fits:
            return each.acts
    return ()


def treatment_problems(treatments: Collection[Treatment]) -> Iterator[Problem]:
    """Yield every problem with the treatments."""
    seen = set()
    for index, each in enumerate(treatments):
        path = f"treatments.{index}"
        if each.acts and (each.band == "unlikely" or each.segment in _LEFT_ALONE):
            reason = "is for people who are likely to pay anyway"
            yield Problem(path, reason, "Leave alone whoever is likely to pay")
        if len(set(each.acts)) < len(each.acts):
            yield Problem(f"{path}.acts", "name an act twice", "Name it once", "duplicate")
        if {"reminder", "offer_due_day"} <= set(each.acts):
            yield Problem(f"{path}.acts", "have two messages", "Keep one: one message at a time")
        key = each.band, each.segment, each.pattern
        if key in seen:
            reason = "is for the same people as an earlier one, which is used"
            yield Problem(path, reason, "Keep one of the two", "duplicate")
        seen.add(key)
