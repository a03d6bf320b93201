"""S18: the person called says that the loan is not theirs; another of theirs is genuine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.cases.approval import Answer
from recovery.domain.portfolio.report import Losses
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.accounting.record_fact import FactTaken
from recovery.use_cases.cases.list_tasks import task_in_full
from recovery.use_cases.cases.list_waiting import list_waiting
from recovery.use_cases.cases.write_offs import answer_write_off, propose_write_off
from recovery.use_cases.portfolio.read_report import read_report
from tests.builders import a_schedule, an_actor
from tests.life import ANOTHER, OFFICER, SUPERVISOR, Life

CLAIMED = date(2026, 4, 17)


@pytest.fixture
def life(wiring) -> Life:
    """75 days late on the one, and on time with the other."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(6, Components(10_000), date(2026, 2, 2)))
    life.lend("L-2", schedule=a_schedule(6, Components(5_000), date(2026, 4, 25)))
    life.until(CLAIMED)
    life.say("L-1", "dispute", fact_id="D-1", about="not_mine")
    return life


def test_all_contact_on_that_loan_stops_and_the_other_goes_on(life: Life) -> None:
    mails = len(life.ports.messenger.emails)
    life.until(date(2026, 5, 15))
    about = [text for _, _, text, _ in life.ports.messenger.emails[mails:]]
    assert about and all("L-2" in each and "L-1" not in each for each in about)
    assert not [each for each in life.tasks() if each.loan_id == "L-1" and each.kind == "call"]
    assert life.standing("L-2")["held_by"] == []


def test_it_is_for_somebody_else_than_the_officer_to_find_out(life: Life) -> None:
    [task] = life.tasks("fraud")
    assert task.not_by == (OFFICER.name,) and task.role == "supervisor"
    assert "check who they are before anything is said" in task.reason
    with pytest.raises(RefusedError):
        life.say(
            *("L-1", "dispute_end", OFFICER),
            dispute_id="D-1", outcome="rejected", answer="It is yours.",
        )  # fmt: skip


def test_not_proven_contact_resumes_with_written_reasons(life: Life) -> None:
    life.until(date(2026, 4, 27))
    life.say(
        *("L-1", "dispute_end", ANOTHER),
        dispute_id="D-1", outcome="rejected", answer="You signed in our branch on 2 January.",
    )  # fmt: skip
    assert life.standing()["held_by"] == []
    [mail] = [each for each in life.ports.messenger.emails if each[1].startswith("Our answer")]
    assert "You signed in our branch" in mail[2]


def prove(life: Life, by: Actor) -> FactTaken:
    return life.say(
        *("L-1", "dispute_end", by),
        fact_id="E-1", dispute_id="D-1", outcome="fraud_proven", reason="the signature is forged",
    )  # fmt: skip


def waiting(life: Life) -> list[dict[str, Any]]:
    rows = list_waiting("umoja", life.ports.now(), life.ports)
    return [each for each in rows if each["about"] == "L-1" and "-F" in f"{each['id']}"]


@pytest.fixture
def proven(life: Life) -> Life:
    """Ten days later two people have said that it was fraud."""
    life.until(date(2026, 4, 27))
    prove(life, SUPERVISOR)
    prove(life, ANOTHER)
    return life


def test_fraud_is_said_by_two_and_never_by_the_officer(life: Life) -> None:
    with pytest.raises(RefusedError, match="officer"):
        prove(life, an_actor(OFFICER.name, Role.SUPERVISOR))
    for _ in range(2):  # a repeat asks nothing new
        assert prove(life, SUPERVISOR).asks
    [row] = waiting(life)
    assert (row["about"], row["for"]) == ("L-1", ["legal", "supervisor"])
    assert [each.kind for each in life.ports.loans.recorded("L-1").facts] == ["dispute"]
    assert len(life.tasks("fraud")) == 1
    with pytest.raises(RefusedError, match="officer"):
        prove(life, an_actor(OFFICER.name, Role.SUPERVISOR))
    before = life.standing()
    assert prove(life, ANOTHER).recorded
    assert (waiting(life), life.tasks("fraud")) == ([], [])
    assert life.standing()["outstanding"] == before["outstanding"]  # it changes no accounting


def test_proven_nothing_is_sent_about_that_loan_for_good_and_the_bureau_block_stays(
    proven: Life,
) -> None:
    mails = len(proven.ports.messenger.emails)
    proven.until(date(2026, 8, 1))
    about = [text for _, _, text, _ in proven.ports.messenger.emails[mails:]]
    assert about and not [each for each in about if "L-1" in each]
    assert not [each for each in proven.tasks() if each.loan_id == "L-1"]
    [held] = proven.standing()["held_by"]
    assert held["until"] is None and {"bureau", "everything"} & {*held["blocks"]}


def test_its_loss_is_in_no_credit_statistics(proven: Life) -> None:
    ports, now = proven.ports, proven.ports.now
    proposed = propose_write_off("L-1", None, SUPERVISOR, "It was fraud.", now(), ports)
    answer_write_off(proposed.decision_id, Answer.APPROVED, ANOTHER, "Yes.", now(), ports)
    proven.settle()
    proven.until(date(2026, 4, 28))
    proven.pay("L-1", 700)
    [euro] = read_report("umoja", None, now(), ports, shards=1).report.currencies
    assert (euro.credit, euro.fraud) == (Losses(), Losses(1, 60_000, 700))
    told = [e.detail["loss_class"] for e in ports.bus.events if e.name.startswith("Loss")]
    assert told == ["fraud", "fraud"]


def test_other_claims_against_the_same_officer_are_named(life: Life) -> None:
    life.lend("L-3", "B-3")
    life.lend("L-4", "B-4", advisor_name="Luz Mendoza")
    for loan_id in ("L-3", "L-4"):
        life.say(loan_id, "dispute", about="not_mine")
    mine = next(each for each in life.tasks("fraud") if each.loan_id == "L-1")
    shown = task_in_full(mine, life.today, life.ports)
    assert [each["loan_id"] for each in shown["linked"]] == ["L-3"]
