"""What a reply brings about lessons: yes or no more of them, an answer, a goal."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.documents.contact.curriculum import curriculum
from recovery.domain.accounting.payment import derived_id
from recovery.domain.agreements.learning import GoalSet, LearningFact, LessonDone, LessonsChoice
from recovery.domain.agreements.person_request import PersonFactRequest
from recovery.domain.contact.privacy import may_answer
from recovery.domain.contact.replies import ReplyKind
from recovery.domain.shared.errors import FactConflictError, RefusedError
from recovery.domain.shared.money import minor_digits
from recovery.messages.lesson_words import render_lesson_answer
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.contact.answer_once import send_answer
from recovery.use_cases.contact.reply_effects import (
    HEARER,
    Hearing,
    ReplyPorts,
    open_loans,
    open_reply_task,
)
from recovery.use_cases.people.record_person_fact import record_person_fact

_ABOUT_LESSONS = (
    ReplyKind.STOP_LESSONS,
    ReplyKind.START_LESSONS,
    ReplyKind.GOAL,
    ReplyKind.LESSON_ANSWER,
)


def hear_about_lessons(hearing: Hearing, ports: ReplyPorts) -> None:
    """Record what the reply says of lessons; an advisor asks about what is not clear."""
    said = (hearing.reading.kind, *hearing.reading.also)
    for kind in _ABOUT_LESSONS:
        if kind not in said or (kind is ReplyKind.START_LESSONS and said[0] is ReplyKind.STOP):
            continue
        if not may_answer(hearing.privacy, kind.value):
            if hearing.is_first:
                what = kind.replace("_", " ")
                reason = f"somebody else may have written it: {what}. Ask the person themselves"
                open_reply_task(hearing, open_loans(hearing, ports), reason, ports)
            continue
        _take(kind, hearing, ports)


def _take(kind: ReplyKind, hearing: Hearing, ports: ReplyPorts) -> None:
    match kind:
        case ReplyKind.STOP_LESSONS:
            _record(kind, LessonsChoice(hearing.today, wanted=False), hearing, ports)
        case ReplyKind.START_LESSONS:
            _record(kind, LessonsChoice(hearing.today, wanted=True), hearing, ports)
        case ReplyKind.GOAL:
            _take_goal(hearing, ports)
        case ReplyKind.LESSON_ANSWER:
            _take_answer(hearing, ports)


def _take_goal(hearing: Hearing, ports: ReplyPorts) -> None:
    """Take the amount as what is to be laid aside for each due day."""
    loans, reading = open_loans(hearing, ports), hearing.reading
    currencies = {each.loan.currency for each in loans}
    amount = None
    if reading.amount is not None and len(currencies) == 1:
        amount = reading.amount.scaleb(minor_digits(min(currencies)))
    if amount is None or reading.unclear or amount != amount.to_integral_value():
        _ask(hearing, loans, "wants to set a goal, but how much is not clear: ask kindly", ports)
        return
    goal = GoalSet(hearing.today, int(amount), currencies.pop())
    _record(ReplyKind.GOAL, goal, hearing, ports)


def _take_answer(hearing: Hearing, ports: ReplyPorts) -> None:
    """Take the number as the answer to the lesson that is open, and say what helps and why.

    A number that answers no lesson is read by a person.
    """
    lesson_id, option = hearing.person.learning.open_lesson, hearing.reading.option
    lesson = curriculum().find(lesson_id) if lesson_id else None
    if lesson is None or option is None:
        said = "wrote a number, and no lesson is open: read it in the notes, and answer"
        is_all = hearing.reading.kind is ReplyKind.LESSON_ANSWER
        if is_all and not _is_repeat(hearing, ports):
            _ask(hearing, open_loans(hearing, ports), said, ports)
        return
    done = LessonDone(hearing.today, lesson.lesson_id, option)
    _record(ReplyKind.LESSON_ANSWER, done, hearing, ports)
    if hearing.is_first and hearing.reading.kind is ReplyKind.LESSON_ANSWER:
        is_right = option == lesson.right
        send_answer(
            hearing,
            lambda language: render_lesson_answer(lesson.lesson_id, language, is_right=is_right),
            ports,
        )


def _is_repeat(hearing: Hearing, ports: ReplyPorts) -> bool:
    """Whether an earlier try of this very reply took the answer."""
    fact_id = derived_id(hearing.reply.reply_id, ReplyKind.LESSON_ANSWER.value)
    known = ports.people.facts(hearing.person.borrower_id)
    return any(each.fact_id == fact_id for each in known)


def _record(kind: ReplyKind, fact: LearningFact, hearing: Hearing, ports: ReplyPorts) -> None:
    request = PersonFactRequest(
        fact_id=derived_id(hearing.reply.reply_id, kind.value),
        person_id=hearing.person.borrower_id,
        fact=fact,
        reason=f"said by {hearing.by}",
        said=f"{hearing.reply.reply_id} {kind}",
    )
    try:
        record_person_fact(hearing.institution_id, request, HEARER, hearing.now, ports)
    except FactConflictError:
        return  # it is on record, from an earlier try
    except RefusedError as refused:
        why = "; ".join(f"{each.field} {each.reason}" for each in refused.problems)
        what = kind.replace("_", " ")
        _ask(hearing, open_loans(hearing, ports), f"{what} cannot be taken: {why}", ports)


def _ask(hearing: Hearing, loans: Sequence[StoredLoan], reason: str, ports: ReplyPorts) -> None:
    open_reply_task(hearing, loans, reason, ports)
