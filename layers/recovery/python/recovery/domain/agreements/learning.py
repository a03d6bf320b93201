"""What a person said of lessons: yes or no, what they did, and the goal that they set themselves.

A consent of its own: whoever stops lessons goes on being told what concerns their loans, and no
yes to messages is a yes to lessons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from recovery.domain.shared.errors import Problem

LESSONS, SAVING = "l", "s"  # on a loan's state: the borrower learns, is reminded to save
_MOST_GIVEN = 40


@dataclass(frozen=True, slots=True)
class LessonsChoice:
    """On ``on`` the person said yes to lessons, or no more of them."""

    on: date
    wanted: bool


@dataclass(frozen=True, slots=True)
class GoalSet:
    """On ``on`` the person set themselves a goal: to lay so much aside for each due day.

    None takes the goal back. In minor units of ``currency``.
    """

    on: date
    amount_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class LessonDone:
    """On ``on`` the person answered a lesson's question, or did it with an advisor.

    ``answer`` is the number of the option that they chose, None if nobody asked.
    """

    on: date
    lesson_id: str
    answer: int | None = None


LearningFact = LessonsChoice | GoalSet | LessonDone


@dataclass(frozen=True, slots=True)
class Learning:
    """A person's progress, small.

    ``wanted`` is None if nobody asked, which is no yes. ``given`` are the lessons given, oldest
    first, the last of them on ``given_on``, and ``given_by`` the message that brought it; ``done``
    those whose question was answered. ``goal_minor`` of ``currency`` is to be laid aside for each
    due day.
    """

    wanted: bool | None = None
    given: tuple[str, ...] = ()
    given_on: date | None = None
    given_by: str = ""
    done: tuple[str, ...] = ()
    goal_minor: int | None = None
    currency: str | None = None

    @property
    def open_lesson(self) -> str | None:
        """The last lesson given, if its question is not answered."""
        last = self.given[-1] if self.given else None
        return last if last not in self.done else None

    @property
    def mark(self) -> str:
        """What a review has to know, as kept on the state of each loan."""
        if not self.wanted:
            return ""
        return LESSONS + (SAVING if self.goal_minor else "")


NOTHING_LEARNED = Learning()


def with_fact(known: Learning, fact: LearningFact) -> Learning:
    """Return the progress after the fact, which came last."""
    match fact:
        case LessonsChoice():
            return replace(known, wanted=fact.wanted)
        case GoalSet():
            return replace(known, goal_minor=fact.amount_minor, currency=fact.currency)
        case LessonDone():
            done = (*(each for each in known.done if each != fact.lesson_id), fact.lesson_id)
            given = known.given
            if fact.lesson_id not in given:  # with an advisor, before a message brought it
                given = (fact.lesson_id, *given)
            return replace(known, done=done, given=given)


def with_given(known: Learning, lesson_id: str, message_id: str, on: date) -> Learning:
    """Return the progress once the message brought the lesson."""
    before = tuple(each for each in known.given if each != lesson_id)
    given = (*before, lesson_id)[-_MOST_GIVEN:]
    return replace(known, given=given, given_on=on, given_by=message_id)


def learning_problems(fact: LearningFact, lesson_ids: Iterable[str]) -> Iterator[Problem]:
    """Yield everything wrong with the fact; ``lesson_ids`` are those of the curriculum."""
    match fact:
        case LessonDone():
            known = tuple(lesson_ids)
            if fact.lesson_id not in known:
                remedy = f"Use one of: {', '.join(known)}"
                yield Problem("lesson_id", "is no lesson of ours", remedy, "not_found")
        case GoalSet():
            if (fact.amount_minor is None) != (fact.currency is None):
                yield Problem("currency", "must come with amount", "Give both, or neither")
            elif fact.amount_minor is not None and fact.amount_minor <= 0:
                yield Problem("amount", "must be more than 0", "Name what to lay aside")
        case LessonsChoice():
            pass
