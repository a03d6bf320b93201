"""Which lesson a person gets next, from what is known of the loan; and who tells it to them."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.documents.contact.curriculum import curriculum
from recovery.domain.agreements.restraints import in_force
from recovery.domain.cases.tasks import Task, TaskKind, role_for
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.gate import channels
from recovery.domain.contact.lessons import Lesson, lesson_for
from recovery.domain.contact.places import Limits
from recovery.domain.contact.plan import Wish
from recovery.domain.monitoring.behaviour import behaviour_at
from recovery.domain.monitoring.patterns import patterns_of
from recovery.domain.monitoring.segments import segment_of
from recovery.domain.policy import Policy
from recovery.ports.accounting import StoredLoan

_READING_IS_HARD = ("phone", "visit")  # so they asked to be told, not written to
_TIME_TO_TELL = timedelta(days=7)


def lesson_of(
    wish: Wish, stored: StoredLoan, person: Borrower, policy: Policy, as_of: date
) -> Lesson | None:
    """Return the lesson that the wish brings; None if nothing is left to learn.

    A sender that comes again to the same message finds the lesson that it brought.
    """
    known, learning = curriculum(), person.learning
    if learning.given_by == wish.message_id(stored.loan.loan_id):
        return known.find(learning.given[-1])
    loan, state = stored.loan, stored.state
    behaviour = behaviour_at(loan.schedule, state.position, policy.monitoring, as_of, state.known())
    found = patterns_of(behaviour, policy.monitoring.patterns)
    segment = segment_of(behaviour, found).segment
    return lesson_for(known, learning, segment, [each.kind for each in found])


def needs_telling(person: Borrower, limits: Limits, as_of: date) -> bool:
    """Whether somebody has to tell the lesson, as nothing may be written to the person."""
    if not person.learning.wanted or in_force(person.restraints, as_of):
        return False
    if person.instructions.only_by not in _READING_IS_HARD:
        return False
    return next(channels(limits, person, as_of), None) is None


def tell_lesson(lesson_id: str, stored: StoredLoan, why: str, as_of: date) -> Task:
    """Return the call to tell the lesson, with its talking card; one for each lesson."""
    loan = stored.loan
    card = f"recovery lesson show {lesson_id} --card"
    return Task(
        task_id=f"{loan.borrower_id}.lesson.{lesson_id}",
        kind=TaskKind.CALL,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=role_for(TaskKind.CALL),
        officer=loan.advisor_name or None,
        reason=f"{why}: tell the lesson {lesson_id} with its talking card ({card})",
        opened_on=as_of,
        do_by=as_of + _TIME_TO_TELL,
    )
