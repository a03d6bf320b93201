"""A badly late loan marks the person's other loans, where the policy says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.ownership import OwnerChange
from recovery.domain.monitoring.policy import Contagion
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.monitoring.review_loans import review_shard
from recovery.use_cases.monitoring.weigh_together import weigh_together
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from recovery.use_cases.route_changes import route_loan
from tests.builders import FIRST_DUE, a_loan, a_policy, a_schedule, a_state, an_actor

LATE_ON = FIRST_DUE + timedelta(days=91)


@pytest.fixture(autouse=True)
def loans(wiring) -> None:
    """One loan whose first instalment is never paid, and one that is due only later."""
    later = a_schedule(3, first_due=date(2026, 9, 1))
    for loan in (a_loan("L-1"), replace(a_loan("L-2"), schedule=later)):
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan, next_review_on=FIRST_DUE)), [])
    wiring.borrowers.loans["B-1"] = ["L-1", "L-2"]


def review_on(wiring, day: date) -> None:
    review_shard("umoja", 0, day, wiring)
    for loan_id in ("L-1", "L-2"):
        route_loan("umoja", loan_id, wiring)


def pulled(wiring) -> list[str | None]:
    return [wiring.loans.load(each).state.pulled_to for each in ("L-1", "L-2")]


def put_in_force(wiring, version: int, contagion: Contagion | None) -> None:
    policy = a_policy(version=version, contagion=contagion, effective_from=date(2026, 1, version))
    wiring.institutions.save_policy("umoja", policy)


def test_the_others_are_marked_from_the_day_and_released_by_payment(wiring) -> None:
    put_in_force(wiring, 2, Contagion(from_days=91))
    review_on(wiring, LATE_ON - timedelta(days=1))
    assert pulled(wiring) == [None, None]
    announced = wiring.loans.load("L-1").state.next_review_on
    assert announced is not None and announced <= LATE_ON
    review_on(wiring, LATE_ON)
    assert pulled(wiring) == [None, "91+"]
    assert wiring.loans.load("L-2").state.standing.pulled_to == "91+"
    assert "LoanMarked" in [each.name for each in wiring.bus.events]
    route_loan("umoja", "L-2", wiring)
    assert any("marked 91+" in each.text for each in wiring.timeline.entries("L-2"))
    stored = wiring.loans.load("L-1")
    paid = replace(stored.state, version=stored.state.version + 1, closed="settled")
    wiring.loans.save_state(paid, stored.loan)
    weigh_together("umoja", "B-1", LATE_ON, wiring)
    assert pulled(wiring) == [None, None]


def test_a_loan_sold_outside_marks_no_other_from_the_next_day(wiring) -> None:
    put_in_force(wiring, 2, Contagion(from_days=91))
    wiring.institutions.days["umoja"] = InstitutionDay(LATE_ON)
    review_on(wiring, LATE_ON)
    sale = OwnerChange(
        change_id="list-7", kind="sale", executed_on=LATE_ON, creditor="Fondo", outside=True
    )
    transfer_loans([NamedLoan(1, "L-1")], sale, "umoja", an_actor(), wiring.now(), wiring)
    review_on(wiring, LATE_ON)
    assert pulled(wiring) == [None, "91+"]
    review_on(wiring, LATE_ON + timedelta(days=1))
    assert pulled(wiring) == [None, None]


def test_marking_again_changes_nothing(wiring) -> None:
    put_in_force(wiring, 2, Contagion(from_days=91))
    review_on(wiring, LATE_ON)
    version = wiring.loans.load("L-2").state.version
    weigh_together("umoja", "B-1", LATE_ON, wiring)
    assert wiring.loans.load("L-2").state.version == version


def test_nobody_is_marked_below_the_share_or_without_the_policy(wiring) -> None:
    put_in_force(wiring, 2, Contagion(from_days=91, over_percent=Decimal(90)))
    review_on(wiring, LATE_ON)
    assert pulled(wiring) == [None, None]
    put_in_force(wiring, 3, None)
    weigh_together("umoja", "B-1", LATE_ON, wiring)
    assert pulled(wiring) == [None, None]
