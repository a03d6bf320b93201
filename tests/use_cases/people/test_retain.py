"""What is held of an ended loan has a last day by the pack, and none while anything keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.accounting.party import Party
from recovery.domain.agreements.people_rules import kept_until
from recovery.domain.outbox import Outbox
from recovery.ports.retention import NO_END, LastDays
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.cases.route_tasks import end_tasks, open_tasks, route_task
from recovery.use_cases.monitoring.reconcile_loans import reconcile_loans
from recovery.use_cases.people.retain import retain_loan
from tests.builders import a_borrower, a_task
from tests.life import ANOTHER, Life

START, DUE = date(2026, 1, 15), date(2026, 2, 1)


@pytest.fixture
def life(wiring) -> Life:
    life = Life(wiring, START)
    life.lend(instalments=1, profile=LoanProfile(law="ES"))
    life.until(DUE)
    return life


def last(life: Life) -> LastDays:
    return life.ports.retention.last.get("L-1", NO_END)


def by_pack(ended_on: date) -> LastDays:
    pack = people_pack("ES")
    return LastDays(*(kept_until(pack, item, ended_on) for item in ("loan", "timeline")))


def hold(life: Life, placed: bool) -> None:
    """Place or end a legal hold, as the repository does with its outbox."""
    person = life.ports.borrowers.load("B-1")
    life.ports.borrowers._borrowers["B-1"] = replace(person, legal_hold=placed)
    number = len(life.ports.people.waiting.get("B-1", {})) + person.version + 90
    outbox = Outbox(f"{number:08}", life.today, retains=True)
    life.ports.people.waiting.setdefault("B-1", {})[outbox.outbox_id] = outbox
    life.settle()


def test_a_loan_that_goes_on_is_kept_without_a_thought(life: Life) -> None:
    life.pay("L-1", 5_000)
    assert "L-1" not in life.ports.retention.last


def test_once_paid_all_of_it_goes_after_the_years_of_the_books(life: Life) -> None:
    life.pay("L-1", 11_500)
    assert last(life) == by_pack(DUE)
    assert last(life).loan == DUE + timedelta(days=2192)  # six years, as Spanish books are kept
    assert life.ports.retention.people["L-1"] == {"B-1"}
    [ended] = [each for each in life.ports.bus.events if each.name == "LoanEnded"]
    assert ended.detail == {"loan_id": "L-1", "kept_until": f"{last(life).loan}"}


def test_a_reversal_brings_it_back(life: Life) -> None:
    life.pay("L-1", 11_500)
    life.say("L-1", "chargeback", payment_id="P-1", amount="5.00", reason_code="AM04")
    assert last(life) == NO_END
    life.until(DUE + timedelta(days=2))
    life.pay("L-1", 500)
    assert last(life) == by_pack(DUE + timedelta(days=2))


def test_a_dispute_keeps_it_until_the_answer_counts_anew(life: Life) -> None:
    life.say("L-1", "dispute", fact_id="D-1", about="terms")
    life.pay("L-1", 11_500)
    assert last(life) == NO_END
    life.until(DUE + timedelta(days=9))
    life.say("L-1", "dispute_end", ANOTHER, dispute_id="D-1", outcome="rejected", answer="No.")
    assert last(life) == by_pack(DUE + timedelta(days=9))


def test_a_legal_hold_takes_the_end_away_and_its_end_restores_it(life: Life) -> None:
    life.pay("L-1", 11_500)
    before = last(life)
    hold(life, True)
    assert last(life) == NO_END
    life.until(DUE + timedelta(days=400))
    hold(life, False)
    assert last(life) == before


def test_a_hold_on_a_guarantor_keeps_the_loan_too(life: Life) -> None:
    life.pay("L-1", 11_500)
    life.ports.borrowers.save_contact_details(a_borrower("G-1"))
    guarantor = Party(person_id="G-1", role="guarantor", from_on=START)
    record_party("L-1", guarantor, ANOTHER, life.ports.now(), life.ports)
    life.settle()
    assert last(life) == by_pack(DUE)
    life.ports.borrowers.place_hold("G-1")
    retain_loan("L-1", life.today, life.ports)
    assert last(life) == NO_END


def test_an_ended_task_goes_after_the_days_of_tasks_and_an_open_one_never(life: Life) -> None:
    task = a_task("L-1.call", opened_on=DUE, do_by=DUE)
    open_tasks([task], life.ports)
    route_task("umoja", "L-1.call", life.ports)
    assert life.ports.tasks.last_days == {}
    end_tasks(["L-1.call"], DUE, life.ports)
    route_task("umoja", "L-1.call", life.ports)
    days = kept_until(careful_people_pack(), "task", DUE)
    assert days is not None and life.ports.tasks.last_days == {"L-1.call": days}
    hold(life, True)
    assert life.ports.tasks.last_days == {"L-1.call": None}
    hold(life, False)
    assert life.ports.tasks.last_days == {"L-1.call": days}


def test_an_ended_loan_still_here_after_its_last_day_is_looked_at_again(life: Life) -> None:
    life.pay("L-1", 11_500)
    last_day = last(life).loan
    assert last_day is not None
    assert reconcile_loans(0, last_day, life.ports).left_over == 0
    assert reconcile_loans(0, last_day + timedelta(days=1), life.ports).left_over == 1
    assert life.ports.loans.load("L-1").state.next_review_on == last_day + timedelta(days=1)
