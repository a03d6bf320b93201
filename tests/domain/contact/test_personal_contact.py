"""Calls, conversations and visits are capped over all loans; who asked for a call gets it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.cases.tasks import Result, Task, TaskKind, Try
from recovery.domain.contact.personal_contact import cap_reached
from tests.builders import a_task, an_actor, the_limits

TODAY, DAY = date(2026, 3, 16), timedelta(days=1)
LIMITS = the_limits(zone="Africa/Nairobi")  # careful: 3 calls, 1 conversation, 1 visit in 7 days
ANA = an_actor("Ana Torres")
NEXT = a_task("next")


def tried(task_id: str, *days_ago: int, **changes) -> Task:
    at = datetime(2026, 3, 16, 9, tzinfo=UTC)
    tries = tuple(Try(at=at - number * DAY, by=ANA) for number in days_ago)
    return a_task(task_id, tries=tries, **changes)


def ended(task_id: str, code: str, days_ago: int, **changes) -> Task:
    return a_task(task_id, result=Result(code=code), ended_on=TODAY - days_ago * DAY, **changes)


@pytest.mark.parametrize(
    ("done", "free_in_days"),
    [
        ([], None),
        ([tried("a", 0, 1)], None),
        ([tried("a", 0, 1), tried("b", 2, loan_id="L-2")], 5),  # three, over two loans
        ([tried("a", 0, 1), tried("b", 7)], None),
        ([ended("a", "reached", 3)], 4),  # a call may become another conversation
        ([ended("a", "no_answer", 3)], None),  # its tries count, and it had none
        ([ended("a", "wrong_number", 3)], None),
        ([ended("a", "reached", 7)], None),
        ([ended("a", "visit_done", 2, kind=TaskKind.VISIT)], None),  # for a call
        ([ended("a", "promise", 2, kind=TaskKind.PLAN)], None),  # they had asked for it
    ],
)
def test_a_call_waits_until_it_is_within_every_cap(done, free_in_days) -> None:
    full = cap_reached(NEXT, done, LIMITS, TODAY)
    assert (full and full.free_on) == (free_in_days and TODAY + free_in_days * DAY)


def test_a_visit_counts_visits_and_conversations() -> None:
    visit = a_task("next", kind=TaskKind.VISIT)
    been = ended("a", "visit_done", 2, kind=TaskKind.VISIT)
    full = cap_reached(visit, [been], LIMITS, TODAY)
    assert full and full.free_on == TODAY + 5 * DAY
    assert full.in_words() == "they had 1 visit in the last 7 days"
    assert cap_reached(visit, [tried("a", 0, 1, 2)], LIMITS, TODAY) is None


def test_the_tasks_own_tries_count_once() -> None:
    own = tried("next", 0, 1)
    assert cap_reached(own, [own], LIMITS, TODAY) is None
    assert cap_reached(tried("next", 0, 1, 2), [own], LIMITS, TODAY) is not None


def test_whoever_asked_for_it_is_called_back() -> None:
    done = [tried("a", 0, 1, 2), ended("b", "reached", 1)]
    for kind in (TaskKind.PLAN, TaskKind.HARDSHIP, TaskKind.REPLY):
        assert cap_reached(a_task("next", kind=kind), done, LIMITS, TODAY) is None
