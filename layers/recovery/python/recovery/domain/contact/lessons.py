"""Which lesson comes next for a person: by what is seen in payments, and by their progress."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from recovery.domain.agreements.learning import Learning
from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.monitoring.segments import Segment

_DELAYS = frozenset(
    (PatternKind.LATE_LAST_TIME, PatternKind.FREQUENT_DELAYS, PatternKind.DRIFTING_LATER)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One lesson of the curriculum; its words are texts of each language.

    ``patterns`` and ``segments`` are those for whom it comes first. ``right`` is the number of the
    option that answers its question.
    """

    lesson_id: str
    right: int
    patterns: frozenset[PatternKind] = frozenset()
    segments: frozenset[Segment] = frozenset()


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Lessons in the order in which they build on each other."""

    version: str
    lessons: tuple[Lesson, ...]

    def find(self, lesson_id: str) -> Lesson | None:
        return next((each for each in self.lessons if each.lesson_id == lesson_id), None)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(each.lesson_id for each in self.lessons)


def lesson_for(
    curriculum: Curriculum,
    learning: Learning,
    segment: Segment | None = None,
    patterns: Iterable[PatternKind] = (),
) -> Lesson | None:
    """Return the lesson to give next; None if nothing is left, or the person did not say yes.

    What was not given yet comes first; what was given and not answered is given once more, at the
    end, with the oldest first. Of the new ones those come first that fit a pattern, then those that
    fit the segment, else the curriculum's order holds. Delays alone choose no lesson for who is
    strained: what a late payment costs would be a reproach.
    """
    if not learning.wanted:
        return None
    shown = frozenset(patterns) - (_DELAYS if segment is Segment.STRAINED else frozenset())
    fresh = [each for each in curriculum.lessons if each.lesson_id not in learning.given]
    if fresh:
        return min(fresh, key=lambda each: _distance(each, segment, shown))
    open_ids = [each for each in learning.given if each not in learning.done]
    # The last one given was answered by silence just now: another comes before it is repeated.
    again = [each for each in open_ids if each != learning.given[-1]] or open_ids
    return next(filter(None, map(curriculum.find, again)), None)


def _distance(lesson: Lesson, segment: Segment | None, shown: Collection[PatternKind]) -> int:
    """Return 0 for what fits best. ``min`` keeps the curriculum's order among equals."""
    if not lesson.patterns.isdisjoint(shown):
        return 0
    return 1 if segment in lesson.segments else 2
