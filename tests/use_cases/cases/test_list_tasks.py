"""The list tells what to do today, for whom, since when and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.task_steps import escalate, take, try_once
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.contact.instructions import Instructions
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.shared.actor import Actor, Role
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.cases.list_tasks import list_tasks, task_in_full
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.monitoring.review_loans import review_changed
from tests.builders import a_loan, a_state, a_task, an_actor

TODAY = date(2026, 3, 5)
DAY = timedelta(days=1)
PETER = an_actor("Peter Otieno", Role.ADVISOR)
ANA = an_actor("Ana Torres", Role.ADVISOR)
RUTH = an_actor("Ruth Wafula", Role.SUPERVISOR)
TRUDY = an_actor("Trudy Kamau", Role.TRAINED)
LATE = a_task("late")
HERS = a_task("hers", officer="Ana Torres", do_by=TODAY + DAY)
FREE = a_task("free", officer=None, loan_id=None, do_by=TODAY)
HARD = a_task("hard", kind=TaskKind.HARDSHIP, role=Role.TRAINED, do_by=TODAY + 2 * DAY)
LATER = a_task("later", opened_on=TODAY + DAY, do_by=TODAY + DAY)


@pytest.fixture(autouse=True)
def waiting(wiring) -> None:
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY)
    for each in (PETER, ANA):
        wiring.institutions.save_actor("umoja", each)
    open_tasks([LATE, HERS, FREE, HARD, LATER], wiring)


def listed(wiring, **wanted) -> list[object]:
    return [each["task_id"] for each in list_tasks("umoja", wiring.now(), wiring, **wanted)]


def change(wiring, task_id: str, step) -> None:
    wiring.tasks.save(step(wiring.tasks.find(task_id)))


def test_everything_that_waits_is_listed_by_deadline_and_nothing_before_its_day(wiring) -> None:
    assert listed(wiring) == ["late", "free", "hers", "hard"]
    assert listed(wiring, late=True) == ["late"]
    assert listed(wiring, role=Role.TRAINED) == ["hard"]
    assert listed(wiring, role=Role.TRAINED, late=True) == []
    assert listed(wiring, role=Role.LEGAL) == []


def test_a_person_sees_what_waits_for_them(wiring) -> None:
    assert listed(wiring, actor=PETER) == ["late", "free"]
    assert listed(wiring, actor=ANA) == ["late", "free", "hers"]  # what is late is for anybody
    assert listed(wiring, actor=TRUDY) == ["late", "free", "hard"]
    service = Actor(id="core", name="core", roles=frozenset({Role.SERVICE}))
    assert listed(wiring, actor=service) == []


def test_an_officer_who_is_not_on_record_keeps_no_task_from_others(wiring) -> None:
    open_tasks([a_task("gone", officer="Old Colleague", do_by=TODAY)], wiring)
    assert "gone" in listed(wiring, actor=ANA)


def test_what_somebody_has_is_on_their_list_alone(wiring) -> None:
    change(wiring, "free", lambda task: take(task, ANA, wiring.now(), TODAY))
    assert "free" in listed(wiring, actor=ANA)
    assert "free" not in listed(wiring, actor=PETER)


def test_a_supervisor_sees_what_was_escalated_whoever_has_it(wiring) -> None:
    change(wiring, "hard", lambda task: replace(task, escalated_on=TODAY))
    assert "hard" in listed(wiring, actor=RUTH)
    change(wiring, "late", lambda task: take(task, PETER, wiring.now(), TODAY))
    change(wiring, "late", lambda task: escalate(task, DEFAULT_POLICY.cases.tasks, TODAY))
    assert listed(wiring, role=Role.SUPERVISOR) == ["late", "hard"]
    assert "late" in listed(wiring, actor=RUTH)


def test_a_row_says_why_and_how_the_loan_stands(wiring) -> None:
    row, free, *_ = list_tasks("umoja", wiring.now(), wiring)
    assert (row["reason"], row["do_by"], row["opened_on"], row["is_late"]) == (
        LATE.reason, "2026-03-04", "2026-03-02", True,
    )  # fmt: skip
    assert (row["days_past_due"], row["overdue"], row["currency"]) == (1, "115.00", "EUR")
    assert (free["overdue"], free["loan_id"]) == (None, None)
    assert "held" not in row


@pytest.mark.parametrize(("until", "said"), [(TODAY, "until 2026-03-05"), (None, "until further")])
def test_a_call_that_must_not_be_made_says_so(wiring, until, said) -> None:
    stored = wiring.loans.load("L-1")
    held = Restraint(Kind.STOP, TODAY, until, frozenset({Block.CALLS}), "asked")
    state = replace(stored.state, version=stored.state.version + 1, restraints=(held,))
    wiring.loans.save_state(state, stored.loan, None)
    rows = {each["task_id"]: each for each in list_tasks("umoja", wiring.now(), wiring)}
    assert str(rows["late"]["held"]).startswith(said)
    assert "held" not in rows["hard"]


def test_one_task_is_shown_with_its_course_and_what_to_say(wiring) -> None:
    at = datetime.fromisoformat("2026-03-05T09:30:00+03:00")
    task = try_once(take(LATE, PETER, at, TODAY), PETER, at + timedelta(minutes=5))
    shown = task_in_full(task, TODAY, wiring)
    assert [(each["what"], each["by"]) for each in shown["course"]] == [
        ("taken", "Peter Otieno"),
        ("tried", "Peter Otieno"),
    ]
    assert "No threats: no court, no police, no seizure, no shame." in shown["do_not_say"]
    assert shown["say"] and "promise" in shown["outcomes"]
    assert (shown["taken_by"], shown["tries"], shown["ended_on"]) == ("Peter Otieno", 1, None)
    assert shown["respect"] == []


def test_one_task_shows_how_the_person_wants_to_be_contacted_and_the_list_does_not(wiring) -> None:
    asked = Instructions(no_visits=True, text="Ask for her.")
    person = replace(wiring.borrowers.load(LATE.person_id), instructions=asked)
    wiring.borrowers.save_contact_details(person)
    shown = task_in_full(LATE, TODAY, wiring)
    assert shown["respect"] == ["No visits.", "Their instruction: Ask for her."]
    assert "Ask for her" not in str(list_tasks("umoja", wiring.now(), wiring))
    gone = replace(LATE, person_id="B-404")
    assert task_in_full(gone, TODAY, wiring)["respect"] == []
