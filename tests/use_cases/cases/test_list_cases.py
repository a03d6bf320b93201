"""An operator sees what is in a stage, at risk or held back, and since when."""

from __future__ import annotations

from datetime import date
from itertools import chain

import pytest

from recovery.domain.cases.record import CaseRecord, Step
from recovery.domain.cases.stages import Stage
from recovery.use_cases.cases.list_cases import list_at_risk, list_restrained, list_stage
from tests.builders import FIRST_DUE
from tests.life import Life

ON = date(2026, 1, 20)


def put(wiring, loan_id: str, *steps: tuple[Stage, date, str]) -> None:
    """Put an open case on record, as its execution does."""
    path = tuple(Step(stage.value, on, why) for stage, on, why in steps)
    record = CaseRecord(f"{loan_id}-C1", loan_id, stage=path[-1].stage, path=path)
    wiring.cases.save(record)


@pytest.fixture
def life(wiring) -> Life:
    life = Life(wiring, ON)
    for number in (1, 2, 3):
        life.lend(f"L-{number}", f"B-{number}")
    life.until(FIRST_DUE)
    return life


def shown(page: dict) -> list[str]:
    return [each["case_id"] for each in page["cases"]]


def test_a_row_says_since_when_and_why_the_case_is_there_and_how_late_the_loan_is(
    life, wiring
) -> None:
    steps = (Stage.PREVENTION, ON, "a signal"), (Stage.EARLY_MANAGEMENT, FIRST_DUE, "late")
    put(wiring, "L-1", *steps)
    life.until(FIRST_DUE.replace(day=9))
    [row] = list_stage(Stage.EARLY_MANAGEMENT, wiring, limit=9)["cases"]
    assert row == {
        "case_id": "L-1-C1",
        "loan_id": "L-1",
        "stage": "early_management",
        "since": "2026-02-01",
        "why": "late",
        "opened_on": "2026-01-20",
        "officer": "Peter Otieno",
        "days_past_due": 8,
        "overdue": "115.00",
        "currency": "EUR",
    }
    assert list_stage(Stage.PREVENTION, wiring, limit=9) == {"cases": [], "next": None}


def test_pages_show_every_case_once_in_order(life, wiring) -> None:
    for number in (3, 1, 2):
        put(wiring, f"L-{number}", (Stage.FILING, date(2026, 1, number), "approved"))
    pages, after = [], None
    while not pages or after:
        page = list_stage(Stage.FILING, wiring, limit=2, after=after)
        pages.append(shown(page))
        after = page["next"]
    assert pages == [["L-1-C1", "L-2-C1"], ["L-3-C1"]]
    assert list_stage(Stage.FILING, wiring, limit=3)["next"] is None


def test_at_risk_is_what_a_signal_opened_and_nothing_of_it_is_overdue(life, wiring) -> None:
    risk = (Stage.PREVENTION, ON, "paid_late_twice: 2 of 3")
    put(wiring, "L-1", risk)
    eased = (Stage.PREVENTION, FIRST_DUE, "nothing is overdue")
    put(wiring, "L-2", (Stage.EARLY_MANAGEMENT, ON, "late"), eased)
    put(wiring, "L-3", risk)
    life.until(FIRST_DUE.replace(day=2))
    assert shown(list_at_risk(wiring, limit=9)) == []
    life.pay("L-1", 11_500)
    life.pay("L-2", 11_500)
    page = list_at_risk(wiring, limit=9)
    assert (shown(page), page["cases"][0]["why"]) == (["L-1-C1"], "paid_late_twice: 2 of 3")


def test_a_case_whose_loan_cannot_be_read_is_listed_without_its_standing(
    life, wiring, monkeypatch
) -> None:
    put(wiring, "L-1", (Stage.PREVENTION, ON, "a risk"))

    def unreadable(loan_ids):
        raise ValueError("a corrupt item")

    monkeypatch.setattr(wiring.loans, "load_many", unreadable)
    [row] = list_at_risk(wiring, limit=9)["cases"]
    assert (row["loan_id"], row["overdue"], row["officer"]) == ("L-1", None, None)


def test_what_is_held_back_is_shown_with_the_loans_and_where_their_cases_are(life, wiring) -> None:
    life.until(FIRST_DUE.replace(day=12))
    life.tell("B-1", "hardship", causes=["income_fell"])
    life.say("L-2", "dispute", about="terms")
    person, loan = list_restrained("umoja", wiring.now(), wiring)
    assert (person["person"], loan["loan"], person["since"]) == ("B-1", "L-2", "2026-02-12")
    where = list(chain(person["loans"], loan["loans"]))
    assert [(each["loan_id"], each["case_id"]) for each in where] == [
        ("L-1", "L-1-C1"),
        ("L-2", "L-2-C1"),
    ]
    assert {each["stage"] for each in where} <= {"early_management", "on_hold"}


def test_a_held_person_without_an_open_case_is_shown_too(life, wiring) -> None:
    life.pay("L-3", 11_500)
    life.tell("B-3", "hardship", causes=["income_fell"])
    [held] = list_restrained("umoja", wiring.now(), wiring)
    [where] = held["loans"]
    assert where == {"loan_id": "L-3", "case_id": None, "stage": None, "stage_since": None}
