"""Fraud is decided by two; any other end of the dispute takes the question back."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.domain.cases.approval import DecisionKind, PendingDecision
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.accounting.record_fact import FactTaken
from tests.builders import an_actor
from tests.life import ANOTHER, SUPERVISOR, Life

ON = date(2026, 2, 3)


@pytest.fixture
def life(wiring) -> Life:
    life = Life(wiring, ON)
    life.lend()
    life.say("L-1", "dispute", fact_id="D-1", about="not_mine")
    return life


def end(life: Life, by, outcome: str = "fraud_proven", **fields) -> FactTaken:
    words = {"answer": "We looked into it."} if outcome in ("upheld", "rejected") else {}
    return life.say("L-1", "dispute_end", by, dispute_id="D-1", outcome=outcome, **words, **fields)


def questions(life: Life) -> list[PendingDecision]:
    return life.ports.cases.decisions_of("L-1")


def test_the_question_and_the_answer_are_on_record_with_both_people(life: Life) -> None:
    asks = end(life, SUPERVISOR).asks
    assert asks and questions(life) == [asks]
    assert (asks.kind, asks.about, asks.not_by) == (DecisionKind.FRAUD, "D-1", ("Peter Otieno",))
    assert life.ports.cases.pending_decisions(DecisionKind.FRAUD) == [asks]
    taken = end(life, ANOTHER, fact_id="E-1")
    assert (taken.recorded, taken.asks) == (True, None)
    [decided] = questions(life)
    assert (decided.outcome, decided.asked_by, decided.decided_by) == (
        "approved",
        SUPERVISOR,
        ANOTHER,
    )
    told = [each.text for each in life.ports.timeline.entries("L-1") if each.kind == "decision"]
    assert len(told) == 2 and "a second person decides" in told[0]


@pytest.mark.parametrize("by", [SUPERVISOR, ANOTHER])
@pytest.mark.parametrize("outcome", ["rejected", "upheld", "withdrawn"])
def test_another_end_of_the_dispute_takes_the_question_back(life: Life, by, outcome) -> None:
    end(life, SUPERVISOR)
    assert end(life, by, outcome).recorded
    [question] = questions(life)
    assert (question.outcome, question.decided_by) == ("withdrawn", by)
    assert life.ports.cases.pending_decisions(DecisionKind.FRAUD) == []


def test_undoing_the_dispute_takes_the_question_back_too(life: Life) -> None:
    end(life, SUPERVISOR)
    life.say("L-1", "undo", undoes="D-1")
    assert [each.outcome for each in questions(life)] == ["withdrawn"]


def test_undone_it_is_asked_anew_and_decided_by_two_again(life: Life) -> None:
    end(life, SUPERVISOR)
    end(life, ANOTHER, fact_id="E-1")
    life.say("L-1", "undo", undoes="E-1")
    assert end(life, ANOTHER, fact_id="E-2").asks
    assert end(life, SUPERVISOR, fact_id="E-3").recorded
    assert [each.outcome for each in questions(life)] == ["approved", "approved"]


def test_nobody_without_the_right_asks_or_decides(life: Life) -> None:
    clerk = an_actor("Carl Ek", Role.ADVISOR)
    for _ in range(2):
        with pytest.raises(RefusedError, match="supervisor or legal"):
            end(life, clerk)
        end(life, SUPERVISOR)
    assert len(questions(life)) == 1


def test_who_keeps_the_loan_now_asks_as_little_as_who_kept_it_then(life: Life, wiring) -> None:
    life.say("L-1", "dispute_end", ANOTHER, dispute_id="D-1", outcome="withdrawn")
    life.lend("L-2", "B-2", advisor_name="Luz Mendoza")
    life.say("L-2", "dispute", fact_id="D-2", about="not_mine")
    for name in ("Luz Mendoza", "luz  mendoza"):
        with pytest.raises(RefusedError):
            by = an_actor(name, Role.SUPERVISOR)
            life.say("L-2", "dispute_end", by, dispute_id="D-2", outcome="fraud_proven")


def test_only_a_loan_that_is_not_the_persons_is_fraud(life: Life) -> None:
    life.say("L-1", "dispute", fact_id="D-2", about="terms")
    with pytest.raises(RefusedError, match="not the person's"):
        life.say("L-1", "dispute_end", ANOTHER, dispute_id="D-2", outcome="fraud_proven")
    assert questions(life) == []
