"""What may go on record around a court."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recovery.domain.accounting.acts import SuitEnd
from recovery.domain.accounting.court_steps import NOT_WANTED, OFFERED, QUESTION, PreActionCheck
from recovery.domain.accounting.fact import Recorded
from recovery.domain.judicial.court_checks import court_problems, undo_court_problems
from recovery.domain.shared.actor import Role
from tests.builders import an_actor, fields
from tests.domain.judicial.test_proceedings import DAY, FILED, SUIT, on_record, step

ADVISOR, LAWYER = an_actor("Ana", Role.ADVISOR), an_actor("Ines", Role.LEGAL)
HEARING = step("hearing", by_on=FILED + 9 * DAY)


def problems(fact: Any, *known: Any, by: Any = LAWYER, suits: bool = True) -> set[str]:
    suit = (on_record(SUIT),) if suits else ()
    records = (*suit, *(on_record(e, f"F-{n}") for n, e in enumerate(known)))
    return fields(court_problems(fact, Recorded((), records), FILED + 90 * DAY, by))


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (step("served"), set()),
        (step("served", FILED - DAY), {"on"}),
        (step("hearing"), {"by_on"}),
        (HEARING, set()),
        (step("deadline", by_on=FILED - DAY), {"by_on"}),
        (step("cost"), {"amount"}),
        (step("cost_order", amount_minor=1), set()),
        (step("refund", amount_minor=1), {"amount"}),  # nothing was spent
        (step("judgment"), {"outcome"}),
        (step("served", outcome="debtor"), {"outcome"}),
        (step("judgment", outcome="creditor", final_on=FILED), set()),
        (step("judgment", FILED + DAY, outcome="creditor", final_on=FILED), {"final_on"}),
        (step("receipt"), {"reference"}),
        (step("met", step_id="F-0"), {"step_id"}),
    ],
)
def test_a_step_says_what_it_is_about(said, wrong) -> None:
    assert problems(said) == wrong


def test_a_step_is_one_of_a_suit_on_record() -> None:
    assert problems(step("served"), suits=False) == {"suit_id"}


def test_a_day_is_met_once() -> None:
    met = step("met", step_id="F-0")
    assert problems(met, HEARING) == set()
    assert problems(met, HEARING, met) == {"step_id"}


def test_once_a_suit_is_over_only_its_money_and_its_way_back_go_on() -> None:
    over = SuitEnd(suit_id="S-1", on=FILED + DAY, outcome="upheld")
    assert problems(step("hearing", by_on=FILED + 9 * DAY), over) == {"suit_id"}
    assert problems(step("way_back_offered", FILED + 2 * DAY), over) == set()
    assert problems(step("cost", amount_minor=5), over) == set()


def test_a_refund_is_at_most_what_was_spent() -> None:
    spent = step("cost", amount_minor=100)
    assert problems(step("refund", amount_minor=60), spent) == set()
    assert problems(step("refund", amount_minor=41), spent, step("refund", amount_minor=60)) == {
        "amount"
    }


def test_the_way_to_court_is_opened_by_those_who_may_decide_with_a_proof() -> None:
    check = PreActionCheck(on=FILED, codes=("MASC",), reference="BF-1")
    assert problems(check) == set()
    assert problems(check, by=ADVISOR) == {"codes"}
    assert problems(PreActionCheck(on=FILED, codes=("MASC",))) == {"reference"}
    service = an_actor("desk", Role.SERVICE)
    assert problems(check, by=service) == {"codes"}


def test_a_question_is_answered_by_whoever_knows() -> None:
    assert problems(PreActionCheck(on=FILED, codes=(QUESTION,)), by=ADVISOR) == set()


def test_a_suit_with_steps_is_not_undone_before_them() -> None:
    known = Recorded((), (on_record(SUIT), on_record(HEARING, "F-0")))
    assert fields(undo_court_problems("S-1", SUIT, known)) == {"undoes"}
    assert not list(undo_court_problems("F-0", HEARING, known))
    assert not list(undo_court_problems("S-1", SUIT, Recorded((), (on_record(SUIT),))))


@pytest.mark.parametrize("code", [OFFERED, NOT_WANTED])
def test_whoever_speaks_with_the_borrower_says_that_an_agreement_was_offered(code) -> None:
    said = PreActionCheck(on=FILED, codes=(code,), reference="call-7")
    assert problems(said, by=ADVISOR) == set()
    assert problems(replace(said, reference=""), by=ADVISOR) == {"reference"}
    assert problems(replace(said, codes=(code, "MASC")), by=ADVISOR) == {"codes"}
    assert problems(said, by=an_actor("desk", Role.SERVICE)) == {"codes"}
