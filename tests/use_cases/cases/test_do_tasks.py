"""People take, try and finish tasks; what came of one is a fact, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.said import Dispute, DisputeKind, Promise
from recovery.domain.agreements.person_facts import (
    Cause,
    Complaint,
    ComplaintAbout,
    Hardship,
    Hold,
)
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.tasks import Result, TaskKind
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import NotOnRecordError, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.do_tasks import finish_task, take_task, try_task
from recovery.use_cases.cases.route_tasks import end_tasks, open_tasks, route_task
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_loan, a_policy, a_state, a_task, an_actor, fields

CALL = "L-1.call.2026-02-01"
TODAY = date(2026, 2, 2)  # at 10:00 in Nairobi, the loan is a day late
PETER = an_actor("Peter Otieno", Role.ADVISOR)
ANA = an_actor("Ana Torres", Role.ADVISOR)
HELD = Restraint(Kind.STOP, TODAY, TODAY + timedelta(days=9), frozenset({Block.CALLS}), "asked")


@pytest.fixture(autouse=True)
def called(wiring) -> None:
    """L-1 is late, and its officer is to call."""
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]
    wiring.institutions.save_actor("umoja", PETER)
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    route_loan("umoja", "L-1", wiring)


def take(wiring, by=PETER, task_id=CALL):
    return take_task("umoja", task_id, by, wiring.now(), wiring)


def finish(wiring, code, task_id=CALL, by=PETER, **more):
    result = Result(code=code, **more)
    return finish_task("umoja", task_id, by, result, wiring.now(), wiring)


def refused(step, *arguments, **more) -> set[str]:
    with pytest.raises(RefusedError) as error:
        step(*arguments, **more)
    return fields(error.value.problems)


def facts(wiring) -> list:
    return [each.fact for each in wiring.loans.recorded("L-1").facts]


def told(wiring) -> list:
    return [each.fact for each in wiring.people.facts("B-1")]


def test_a_task_is_taken_once_at_local_time(wiring) -> None:
    taken = take(wiring)
    assert taken.taken_by == PETER
    assert taken.taken_at and taken.taken_at.isoformat() == "2026-02-02T10:00:00+03:00"
    version = wiring.tasks.find(CALL).version
    take(wiring)
    assert wiring.tasks.find(CALL).version == version


def test_the_known_officer_comes_first(wiring) -> None:
    assert refused(take, wiring, ANA) == {"task_id"}
    wiring.clock.at += timedelta(days=4)
    assert take(wiring, ANA).taken_by == ANA


def test_a_task_that_is_not_on_record_is_not_done(wiring) -> None:
    for step in (take, finish):
        with pytest.raises(NotOnRecordError):
            step(wiring, *(["reached"] if step is finish else []), task_id="L-9.call")


@pytest.mark.parametrize("of", ["person", "loan"])
def test_nobody_is_called_who_must_be_left_alone_not_even_for_a_moment(wiring, of) -> None:
    """What holds back is read when the task is taken; that it lapses comes seconds later."""
    if of == "person":
        person = wiring.borrowers.load("B-1")
        wiring.borrowers.save_restraints(replace(person, restraints=(HELD,)))
    else:
        stored = wiring.loans.load("L-1")
        state = replace(stored.state, version=stored.state.version + 1, restraints=(HELD,))
        wiring.loans.save_state(state, stored.loan, None)
    assert refused(take, wiring) == {"task_id"}
    other = a_task("L-1.complaint", kind=TaskKind.ANSWER_COMPLAINT)
    open_tasks([other], wiring)
    assert take(wiring, task_id="L-1.complaint").taken_by == PETER


def test_who_was_talked_to_this_week_is_not_called_again_for_another_loan(wiring) -> None:
    take(wiring)
    finish(wiring, "reached")
    open_tasks([a_task("L-2.call.2026-02-01", loan_id="L-1")], wiring)
    with pytest.raises(RefusedError) as error:
        take(wiring, task_id="L-2.call.2026-02-01")
    (problem,) = error.value.problems
    assert problem.reason == "is too early: they had 1 conversation in the last 7 days"
    assert problem.remedy == "Take it from 2026-02-09 on"
    wiring.clock.at += timedelta(days=7)
    assert take(wiring, task_id="L-2.call.2026-02-01").taken_by == PETER


def test_tries_at_different_hours_come_before_no_answer(wiring) -> None:
    take(wiring)
    try_task("umoja", CALL, PETER, None, wiring.now(), wiring)
    assert refused(finish, wiring, "no_answer") == {"outcome"}
    later = datetime(2026, 2, 2, 14, 30, 20, tzinfo=UTC)
    assert refused(try_task, "umoja", CALL, PETER, later, wiring.now(), wiring) == {"at"}
    wiring.clock.at = later
    for _ in range(2):
        tried = try_task("umoja", CALL, PETER, later, wiring.now(), wiring)
    assert [f"{each.at:%H:%M}" for each in tried.tries] == ["10:00", "17:30"]
    assert finish(wiring, "no_answer").task.outcome == "no_answer"
    naive = later.replace(tzinfo=None)
    assert "at" in refused(try_task, "umoja", CALL, PETER, naive, wiring.now(), wiring)


def test_a_promise_becomes_a_fact_and_a_repeat_nothing(wiring) -> None:
    take(wiring)
    pay_on = TODAY + timedelta(days=3)
    for _ in range(2):
        done = finish(wiring, "promise", amount_minor=5_000, on=pay_on)
    [promise] = facts(wiring)
    assert isinstance(promise, Promise)
    assert (promise.amount_minor, promise.pay_on, promise.channel) == (5_000, pay_on, "phone")
    assert (done.task.outcome, done.task.ended_by, done.task.ended_on) == ("promise", PETER, TODAY)
    assert refused(finish, wiring, "reached") == {"task_id"}


def test_what_may_not_be_promised_leaves_the_task_open(wiring) -> None:
    take(wiring)
    far = TODAY + timedelta(days=60)
    assert refused(finish, wiring, "promise", amount_minor=5_000, on=far) == {"on"}
    assert wiring.tasks.find(CALL).is_pending
    assert facts(wiring) == []


def test_a_crash_between_fact_and_task_is_made_good_by_a_repeat(wiring, monkeypatch) -> None:
    take(wiring)
    with monkeypatch.context() as crashing:
        crashing.setattr(wiring.tasks, "save", lambda task: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            finish(wiring, "dispute", cause="charges", amount_minor=500)
    wiring.clock.at += timedelta(days=1)
    assert finish(wiring, "dispute", cause="charges", amount_minor=500).task.outcome == "dispute"
    [dispute] = facts(wiring)
    assert isinstance(dispute, Dispute)
    assert (dispute.about, dispute.amount_minor, dispute.on) == (DisputeKind.CHARGES, 500, TODAY)


def test_what_the_promise_ends_still_takes_its_outcome(wiring) -> None:
    """The fact's review lets the call lapse before the task itself is saved."""
    take(wiring)
    save = wiring.tasks.save

    def lapses_first(task) -> None:
        wiring.tasks.save = save
        end_tasks([CALL], TODAY, wiring)
        raise StaleWriteError("changed")

    wiring.tasks.save = lapses_first
    done = finish(wiring, "promise", amount_minor=5_000, on=TODAY + timedelta(days=3))
    assert done.task.outcome == wiring.tasks.find(CALL).outcome == "promise"
    assert len(facts(wiring)) == 1


def test_who_cannot_pay_now_is_in_hardship_at_once(wiring) -> None:
    take(wiring)
    finish(wiring, "cannot_now", amount_minor=2_000)
    [hardship] = told(wiring)
    assert isinstance(hardship, Hardship)
    assert hardship.causes == (Cause.CANNOT_DEAL_NOW,)
    assert (hardship.can_pay_minor, hardship.currency) == (2_000, "EUR")
    assert [each.kind for each in wiring.borrowers.load("B-1").restraints] == [Kind.HARDSHIP]


def test_a_complaint_a_death_and_a_reason_are_facts_of_the_person(wiring) -> None:
    for number, (code, cause) in enumerate(
        [("complaint", "conduct"), ("cannot_now", "income_fell"), ("deceased_reported", None)]
    ):
        task_id = f"L-1.call.{number}"
        open_tasks([a_task(task_id)], wiring)
        take(wiring, task_id=task_id) if number == 0 else take_anyway(wiring, task_id)
        finish(wiring, code, task_id, cause=cause)
    complaint, hardship, death = told(wiring)
    assert isinstance(complaint, Complaint)
    assert (complaint.about, complaint.loan_id) == (ComplaintAbout.CONDUCT, "L-1")
    assert complaint.not_by == ("Peter Otieno",)
    assert isinstance(hardship, Hardship) and hardship.causes == (Cause.INCOME_FELL,)
    assert isinstance(death, Hold) and (death.kind, death.on) == (Kind.DEATH, TODAY)


def take_anyway(wiring, task_id: str) -> None:
    """As if it had been taken before calls were held."""
    task = wiring.tasks.find(task_id)
    wiring.tasks.save(replace(task, taken_by=PETER, taken_at=wiring.now()))


def test_a_wrong_number_is_never_used_again_and_the_right_one_asked_for(wiring) -> None:
    policy = a_policy(version=2, tasks=TaskPolicy(visit_by_days=8))
    wiring.institutions.save_policy("umoja", policy)
    take(wiring)
    finish(wiring, "wrong_number")
    person = wiring.borrowers.load("B-1")
    assert person.barred_phones == (person.phone,)
    [change] = wiring.borrowers.contact_changes("B-1")
    assert (change.delivery_id, change.former) == (CALL, {"barred_phones": ()})
    for _ in range(2):
        route_task("umoja", CALL, wiring)
    assert [each.kind for each in wiring.tasks.open_tasks()] == ["missing_details", "visit"]


@pytest.mark.parametrize(
    ("outcome", "answered_on"),
    [("visit_done", TODAY), ("reached", TODAY), ("moved_away", None)],
)
def test_a_visit_at_which_they_met_answers_the_notice(wiring, outcome, answered_on) -> None:
    stored = wiring.loans.load("L-1")
    assert stored.state.case
    noticed = replace(stored.state.case, notice_on=TODAY - timedelta(days=3))
    state = replace(stored.state, case=noticed, version=stored.state.version + 1)
    wiring.loans.save_state(state, stored.loan)
    wiring.tasks.add(a_task("V-1", kind=TaskKind.VISIT))
    take_anyway(wiring, "V-1")
    finish(wiring, outcome, "V-1")
    assert wiring.loans.load("L-1").state.case.answered_on == answered_on


def test_a_person_without_a_phone_has_none_to_bar(wiring) -> None:
    wiring.borrowers.save_contact_details(replace(wiring.borrowers.load("B-1"), phone=None))
    take(wiring)
    finish(wiring, "wrong_number")
    assert wiring.borrowers.load("B-1").barred_phones == ()


@pytest.mark.parametrize("code", ["reached", "refused", "plan_wanted"])
def test_what_says_nothing_new_is_no_fact(wiring, code) -> None:
    take(wiring)
    assert finish(wiring, code).task.outcome == code
    assert facts(wiring) == told(wiring) == []


def test_one_answer_wins_over_another_step(wiring, monkeypatch) -> None:
    save, calls = wiring.tasks.save, []

    def refuse_once(task) -> None:
        calls.append(task)
        if len(calls) == 1:
            raise StaleWriteError("changed")
        save(task)

    monkeypatch.setattr(wiring.tasks, "save", refuse_once)
    assert take(wiring).taken_by == PETER
    assert len(calls) == 2
