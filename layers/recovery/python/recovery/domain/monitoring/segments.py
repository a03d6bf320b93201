"""Segments of borrowers, to choose how to help; never to rank or to blame.

Whoever could not be reached is unreachable: a message that did not arrive, a missing language or a
stop is our side of it. Not engaging takes contact that arrived, several times, and no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from recovery.domain.monitoring.pattern import Behaviour, Pattern, PatternKind

_NEW_BELOW = 2  # instalments known
_STRAIN = (
    PatternKind.SEVERAL_LOANS_ONE_STRAIN,
    PatternKind.SHRINKING_PAYMENTS,
    PatternKind.BROKEN_PROMISES,
    PatternKind.ROLLED_RISK,
    PatternKind.FIRST_PAYMENT_DEFAULT,
    PatternKind.BEHIND_AT_CHECKPOINT,
    PatternKind.INCOMPLETE_PAYMENTS,
)
_DELAYS = (PatternKind.LATE_LAST_TIME, PatternKind.FREQUENT_DELAYS, PatternKind.DRIFTING_LATER)
_IRREGULAR = (PatternKind.SEASONAL, PatternKind.IRREGULAR_BUT_SOUND)
_LONG_DELAY_LEVEL = 4  # of late last time: over a week
_LONG_UNPAID_DAYS = 8
_CALM_ROW_LEVEL = 2  # of on time in a row


class Segment(StrEnum):
    """How to help: the first that applies, in this order, but new and punctual last."""

    UNREACHABLE = "unreachable"
    NOT_ENGAGING = "not_engaging"
    STRAINED = "strained"
    RECOVERING = "recovering"
    IRREGULAR_INCOME = "irregular_income"
    FORGETFUL = "forgetful"
    NEW = "new"
    PUNCTUAL = "punctual"


@dataclass(frozen=True, slots=True)
class Segmented:
    """A segment and why: the pattern that decided it, None if the absence of patterns did."""

    segment: Segment
    reason: PatternKind | None


def segment_of(behaviour: Behaviour, patterns: Iterable[Pattern]) -> Segmented:
    """Return the segment at ``as_of`` from the patterns found then."""
    levels = {each.kind: each.level for each in patterns}
    delays = next((kind for kind in _DELAYS if kind in levels), None)
    strain = next((kind for kind in _STRAIN if kind in levels), None)
    late_level = levels.get(PatternKind.LATE_LAST_TIME, 0)
    is_long = late_level >= _LONG_DELAY_LEVEL or _is_behind(behaviour)
    if late_level and is_long and strain is None:
        strain = PatternKind.LATE_LAST_TIME
    irregular = next((kind for kind in _IRREGULAR if kind in levels), None)
    troubled = strain or delays
    contacts = behaviour.contacts
    if PatternKind.SILENCE_AFTER_CONTACT in levels:
        return Segmented(Segment.NOT_ENGAGING, PatternKind.SILENCE_AFTER_CONTACT)
    missed = contacts.not_delivered + contacts.no_language
    if troubled and missed and not contacts.arrived:
        return Segmented(Segment.UNREACHABLE, troubled)
    calm = levels.get(PatternKind.ON_TIME_IN_A_ROW, 0) >= _CALM_ROW_LEVEL
    if troubled and calm and PatternKind.SEVERAL_LOANS_ONE_STRAIN not in levels:
        return Segmented(Segment.RECOVERING, PatternKind.ON_TIME_IN_A_ROW)
    if strain and irregular is not PatternKind.SEASONAL:
        return Segmented(Segment.STRAINED, strain)
    if irregular:
        return Segmented(Segment.IRREGULAR_INCOME, irregular)
    if delays:
        return Segmented(Segment.FORGETFUL, delays)
    if len(behaviour.due()) < _NEW_BELOW:
        return Segmented(Segment.NEW, None)
    return Segmented(Segment.PUNCTUAL, None)


def _is_behind(behaviour: Behaviour) -> bool:
    """Whether an instalment is unpaid for over a week, however new the last one due is."""
    days = (e.days_late(behaviour.as_of) for e in behaviour.due() if not e.is_complete)
    return max(days, default=0) >= _LONG_UNPAID_DAYS
