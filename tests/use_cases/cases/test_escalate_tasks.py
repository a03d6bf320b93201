"""A supervisor hears of what is late or nobody's, once a day and once each."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.cases.record import CaseRecord, Step
from recovery.domain.cases.task_steps import lapse, take
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.shared.actor import Role
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.escalate_tasks import Escalated, escalate_tasks
from recovery.use_cases.cases.route_tasks import end_tasks, open_tasks
from recovery.use_cases.monitoring.review_loans import review_shard
from tests.builders import FIRST_DUE, a_task, an_actor
from tests.life import Life

DAY = timedelta(days=1)
OPENED, DO_BY = date(2026, 3, 2), date(2026, 3, 4)


def escalated(wiring, on: date) -> Escalated:
    return escalate_tasks(DEFAULT_POLICY, on, wiring)


def test_what_nobody_took_is_escalated_once_and_counted_once_it_is_late(wiring) -> None:
    open_tasks([a_task("T-1"), a_task("T-2", do_by=DO_BY + 9 * DAY)], wiring)
    assert escalated(wiring, OPENED + DAY) == Escalated(0, 0)
    assert escalated(wiring, OPENED + 2 * DAY) == Escalated(2, 0)
    assert escalated(wiring, DO_BY + 3 * DAY) == Escalated(0, 3)
    assert len(wiring.tasks.open_tasks(Role.SUPERVISOR)) == 2


def test_what_somebody_has_is_escalated_once_it_is_late(wiring) -> None:
    open_tasks([a_task("T-1")], wiring)
    task = wiring.tasks.find("T-1")
    wiring.tasks.save(take(task, an_actor(), wiring.now(), OPENED))
    assert escalated(wiring, DO_BY) == Escalated(0, 0)
    assert escalated(wiring, DO_BY + DAY) == Escalated(1, 0)


def test_a_task_that_somebody_is_at_just_now_is_looked_at_again_tomorrow(
    wiring, monkeypatch
) -> None:
    open_tasks([a_task("T-1")], wiring)

    def busy(task) -> None:
        raise StaleWriteError("changed")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(wiring.tasks, "save", busy)
        assert escalated(wiring, DO_BY + DAY) == Escalated(0, 1)
    assert escalated(wiring, DO_BY + 2 * DAY) == Escalated(1, 2)


def test_the_daily_review_escalates_with_its_first_shard_and_announces_what_was_missed(
    wiring,
) -> None:
    open_tasks([a_task("T-1"), a_task("T-2")], wiring)
    end_tasks(["T-2"], OPENED, wiring)
    assert review_shard("umoja", 1, DO_BY + DAY, wiring).tasks is None
    assert wiring.tasks.find("T-1").escalated_on is None
    reviewed = review_shard("umoja", 0, DO_BY + DAY, wiring)
    assert (reviewed.tasks, reviewed.sent_again) == (Escalated(1, 1), 1)
    assert wiring.tasks.sent_again == ["T-2"]
    assert review_shard("umoja", 0, DO_BY + DAY, wiring).tasks == Escalated(0, 1)


def test_a_list_of_tasks_that_cannot_be_read_stops_no_review(wiring, monkeypatch) -> None:
    def unreadable(role=None):
        raise ValueError("a corrupt item")

    monkeypatch.setattr(wiring.tasks, "open_tasks", unreadable)
    reviewed = review_shard("umoja", 0, DO_BY, wiring)
    assert reviewed.tasks is None
    assert [name for name, _ in reviewed.failed] == ["tasks"]


def test_what_has_ended_waits_for_nobody(wiring) -> None:
    open_tasks([a_task("T-1")], wiring)
    wiring.tasks.save(lapse(wiring.tasks.find("T-1"), OPENED))
    assert escalated(wiring, DO_BY + 9 * DAY) == Escalated(0, 0)


def test_disputes_and_complaints_near_their_deadline_are_counted_by_working_days(wiring) -> None:
    monday = date(2026, 3, 9)
    kinds = (TaskKind.INVESTIGATE, TaskKind.ANSWER_COMPLAINT, TaskKind.FRAUD, TaskKind.CALL)
    open_tasks([a_task(f"T-{kind}", kind=kind, do_by=monday) for kind in kinds], wiring)
    wednesday = monday - 5 * DAY
    assert [escalated(wiring, wednesday + days * DAY).answers_due for days in (0, 1, 5, 9)] == [
        0,
        3,
        3,
        3,
    ]
    wiring.tasks.save(lapse(wiring.tasks.find("T-fraud"), monday))
    assert escalated(wiring, monday).answers_due == 2


def test_the_first_shard_says_how_long_the_oldest_approval_has_waited(wiring, monkeypatch) -> None:
    for number in (1, 2):
        step = Step("judicial_recovery", DO_BY + number * DAY, "a notice was not answered")
        case = CaseRecord(f"L-{number}-C1", f"L-{number}", stage=step.stage, path=(step,))
        wiring.cases.save(case)
    assert review_shard("umoja", 0, DO_BY + 9 * DAY, wiring).oldest_approval_days == 8
    assert review_shard("umoja", 1, DO_BY + 9 * DAY, wiring).oldest_approval_days is None

    def unreadable(stage, after=None):
        raise ValueError("a corrupt item")

    monkeypatch.setattr(wiring.cases, "open_cases", unreadable)
    reviewed = review_shard("umoja", 0, DO_BY + 9 * DAY, wiring)
    assert (reviewed.oldest_approval_days, [name for name, _ in reviewed.failed]) == (
        None,
        ["cases"],
    )


def test_an_institution_without_cases_waits_for_no_approval(wiring) -> None:
    assert review_shard("umoja", 0, DO_BY, wiring).oldest_approval_days == 0


def test_promises_to_be_kept_today_are_counted_by_the_review_of_that_day(wiring) -> None:
    life = Life(wiring, date(2026, 1, 20))
    for number in (1, 2):
        life.lend(f"L-{number}", f"B-{number}")
    life.until(FIRST_DUE + DAY)
    pay_on = FIRST_DUE + 5 * DAY
    for number in (1, 2):
        life.say(f"L-{number}", "promise", amount="115.00", pay_on=pay_on, channel="phone")
    life.pay("L-2", 11_500)
    life.until(pay_on - DAY)
    assert review_shard("umoja", 0, pay_on, wiring).promises_due == 1
    assert review_shard("umoja", 0, pay_on, wiring).promises_due == 0
