"""S17: a claim is with the court when the debtor pays: all of it, a part, or twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recovery.domain.accounting.loan import Components, LoanProfile
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.judicial.read_judicial import read_judicial
from tests import to_court
from tests.builders import a_borrower, a_policy, a_schedule
from tests.life import ANOTHER, Life

CLAIM = 120_000  # 1,000.00 of principal and 200.00 of interest
DAY = timedelta(days=1)


@pytest.fixture
def life(wiring) -> Life:
    """The order for payment was filed for all of the one instalment, and served."""
    wiring.institutions.save_policy("umoja", a_policy(judicial_approvals=1))
    life = Life(wiring, date(2026, 1, 15))
    profile = LoanProfile(purpose="consumer", law="ES")
    life.lend(
        schedule=a_schedule(1, Components(100_000, 20_000), date(2026, 2, 2)), profile=profile
    )
    wiring.borrowers.save_contact_details(replace(a_borrower("B-1"), country="ES"))
    life.until(date(2026, 6, 1))
    assert life.standing()["case"]["stage"] == "pre_action"
    shown: Any = read_judicial("L-1", life.ports.now(), life.ports)["pre_action"]
    assert "MASC" in shown["waits_for"]
    to_court.check("L-1", life.today, life.ports, *shown["waits_for"])
    life.settle()
    to_court.approve("L-1", life.ports)
    life.settle()
    assert life.standing()["case"]["stage"] == "filing"
    to_court.file("L-1", life.today, life.ports, amount_minor=CLAIM)
    to_court.step("L-1", "V-1", life.today, life.ports, step="served", by_on=life.today + 28 * DAY)
    life.settle()
    assert life.standing()["case"]["stage"] == "in_proceedings"
    life.until(life.today + 12 * DAY)
    return life


def suit(life: Life) -> dict[str, Any]:
    shown: Any = read_judicial("L-1", life.ports.now(), life.ports)
    return shown["proceedings"][0]


def told(life: Life) -> list[str]:
    return [each.reason for each in life.tasks("court") if "during proceedings" in each.reason]


def enforce(life: Life) -> None:
    ports = life.ports
    decide_case("L-1", "enforce", ANOTHER, "No answer came.", ports.now(), ports)


def won(life: Life) -> None:
    verdict = {"step": "judgment", "outcome": "creditor", "amount_minor": CLAIM}
    to_court.step("L-1", "J-1", life.today, life.ports, **verdict, final_on=life.today)
    to_court.step("L-1", "W-1", life.today, life.ports, step="way_back_offered")
    life.settle()


def test_paid_in_full_the_claim_is_satisfied_and_the_court_is_told_the_same_day(life) -> None:
    life.pay("L-1", CLAIM)
    assert suit(life)["left"] == "0.00"
    [task] = [each for each in life.tasks("court") if "during proceedings" in each.reason]
    assert task.do_by == life.today and "have the court close it" in task.reason
    with pytest.raises(RefusedError, match="no open case"):  # it ended: all is paid
        enforce(life)


def test_after_a_judgment_a_satisfied_claim_is_never_enforced(life) -> None:
    """Also not in the moment before a review has seen the payment."""
    won(life)
    loans, review = life.ports.loans, life.settle
    life.settle = lambda: None  # type: ignore[method-assign]
    life.pay("L-1", CLAIM)
    assert loans.load("L-1").state.case.target_stage == "in_proceedings"
    with pytest.raises(RefusedError, match="the claim is satisfied"):
        enforce(life)
    life.settle = review  # type: ignore[method-assign]
    life.settle()


def test_a_part_pays_the_interest_first_and_every_later_document_says_the_rest(life) -> None:
    life.pay("L-1", 50_000)
    assert suit(life)["left"] == "700.00"
    outstanding = life.standing()["outstanding"]
    assert (outstanding["interest"], outstanding["principal"]) == ("0.00", "700.00")
    assert told(life) == [
        "500.00 EUR was paid during proceedings; 700.00 EUR is left: tell the court and our lawyer"
    ]
    assert life.standing()["case"]["stage"] == "in_proceedings"
    effects: Any = read_judicial("L-1", life.ports.now(), life.ports)["way_back"]
    assert [each["what"] for each in effects] == ["homologation", "withdrawal", "costs"]
    won(life)
    enforce(life)
    assert life.ports.loans.load("L-1").state.case.target_stage == "enforcement"


def test_paid_twice_it_is_credited_once_and_the_rest_is_theirs(life) -> None:
    life.pay("L-1", CLAIM)
    life.pay("L-1", CLAIM)
    assert suit(life)["left"] == "0.00"
    standing = life.standing()
    assert standing["outstanding"]["total"] == "0.00"
    assert standing["credit"] == "1200.00"  # theirs: to be paid back


def test_costs_are_owed_only_as_an_order_says(life) -> None:
    to_court.step("L-1", "C-1", life.today, life.ports, step="cost", amount_minor=10_000)
    life.settle()
    assert (suit(life)["costs"], suit(life)["left"]) == ("100.00", "1200.00")
    assert life.standing()["outstanding"]["total"] == "1200.00"
    order = {"step": "cost_order", "amount_minor": 6_000}
    to_court.step("L-1", "O-1", life.today, life.ports, **order)
    assert suit(life)["left"] == "1260.00"


def test_the_timeline_ties_court_payment_and_dossier_together(life) -> None:
    life.pay("L-1", 50_000)
    entries = life.ports.timeline.entries("L-1")
    kinds = [each.kind for each in sorted(entries, key=lambda each: each.on)]
    assert {"court", "payment", "decision"} <= set(kinds)
    assert [e.text for e in entries if e.kind == "court" and "receipt" in e.text]
