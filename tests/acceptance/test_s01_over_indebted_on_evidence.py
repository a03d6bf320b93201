"""S01: over-indebted on evidence, affordable on her word.

Given a household of which 600 a month is evidenced and 300 unknown, 200 of instalments at the
bureau, and 60 on our own books that she did not mention. When she asks for an instalment of 140,
and later cannot pay the 60. Then nobody accepts what only her word carries, she reads what would
make it yes, and the arrangement is measured by the same figures.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from functions.notes_api import handler
from recovery.domain.accounting.loan import Components
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from tests.builders import a_borrower, a_loan, a_schedule, a_state, an_actor
from tests.conftest import Context

ANA = "arn:aws:iam::111122223333:user/advisor-ana"
FIRST = date(2026, 5, 1)
HOUSEHOLD = {
    "incomes": [
        {"source": "wage", "amount": "600.00", "evidence": "documented"},
        {"source": "casual", "amount": "300.00", "evidence": "unknown", "earner": 2},
    ],
    "expenses": "100.00",
    "debts": [{"instalments": "200.00"}],
    "bureau": {"instalments": "200.00"},
}
ASKED = {
    "assessment_id": "A-1",
    "currency": "INR",
    "household": HOUSEHOLD,
    "asked": {"instalment": "140.00"},
}


@pytest.fixture
def call(wiring, load_event):
    """She lives in India; 60 a month is due on a loan of ours, the first since yesterday."""
    wiring.clock.at = datetime(2026, 5, 2, 7, tzinfo=UTC)
    loan = a_loan("L-7", currency="INR", schedule=a_schedule(12, Components(5_000, 1_000), FIRST))
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-7"]
    wiring.borrowers.save_contact_details(a_borrower(country="IN"))
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", Role.ADVISOR, id=ANA))

    def call(name: str, body: object, path: str = ""):
        event = load_event(name)
        event["body"], event["path"] = json.dumps(body), path or event["path"]
        answer = handler(event, Context(), wiring)
        return json.loads(answer["body"])

    return call


def test_her_word_alone_refers_and_she_reads_why(call) -> None:
    made = call("notes_api.assess", ASKED)
    assert (made["verdict"], made["decided_by"]) == ("refer", "a person")
    assert made["share_of_income_percent"] == {"proven": "66.7", "believed": "44.4"}
    share, found = made["reasons"]
    assert (share["code"], share["most_percent"]) == ("share_not_proven", 50)
    assert share["about"] == "in.capacity.shares.household_income"
    assert (found["code"], found["amount"], found["about"]) == (
        "debt_found_on_our_books",
        "60.00",
        "L-7",
    )
    words = made["in_words"]
    assert words["verdict"].startswith("We cannot say yes yet")
    assert "44.4%" in words["reasons"][0] and "66.7%" in words["reasons"][0]
    assert "L-7" in words["reasons"][1]


def test_what_would_make_it_yes_is_forty_now_or_two_hundred_more_proven(call) -> None:
    made = call("notes_api.assess", ASKED)
    changes = {each["kind"]: each["amount"] for each in made["would_be_yes"]}
    assert changes == {"instalment": "40.00", "income": "200.00"}
    forty = {**ASKED, "assessment_id": "A-2", "asked": {"instalment": "40.00"}}
    assert call("notes_api.assess", forty)["verdict"] == "accept"
    more = {**ASKED, "assessment_id": "A-3", "asked": {"instalment": "40.01"}}
    assert call("notes_api.assess", more)["verdict"] == "refer"
    incomes = [
        {**HOUSEHOLD["incomes"][0], "amount": "800.00"},
        {**HOUSEHOLD["incomes"][1], "amount": "100.00"},
    ]
    proven = {**ASKED, "assessment_id": "A-4", "household": {**HOUSEHOLD, "incomes": incomes}}
    assert call("notes_api.assess", proven)["verdict"] == "accept"


def test_unknown_counts_neither_as_zero_nor_as_proven(call) -> None:
    month = call("notes_api.assess", ASKED)["months"][0]
    assert month["income"] == {"proven": "600.00", "believed": "900.00"}
    too_much = {**ASKED, "assessment_id": "A-2", "asked": {"instalment": "190.01"}}
    assert call("notes_api.assess", too_much)["verdict"] == "decline"  # a proposal, no decision
    at_most = {**ASKED, "assessment_id": "A-3", "asked": {"instalment": "190.00"}}
    assert call("notes_api.assess", at_most)["verdict"] == "refer"


def test_it_is_kept_with_its_date_and_the_version_of_the_policy(call, wiring) -> None:
    call("notes_api.assess", ASKED)
    record = wiring.assessments.find("B-1", "A-1")
    assert (record.assessed_on.isoformat(), record.policy_version) == ("2026-05-02", 1)
    assert record.question["household"]["incomes"][1]["evidence"] == "unknown"


def test_every_later_plan_is_measured_by_the_same_figures(call, wiring) -> None:
    """Half of the 600 that are proven, less the 200 elsewhere: 100 a month, her loan included."""
    call("notes_api.assess", ASKED)
    found = call(
        "notes_api.options",
        {"reason": "less_income"},
        "/institutions/umoja/loans/L-7/options",
    )
    assert found["assessment_id"] == "A-1"
    assert found["options"]
    for each in found["options"]:
        assert float(each["each_month_at_most"]) <= 210  # 300 free, less the margin of 30 %
        amounts = [float(payment["amount"]) for payment in each["payments"]]
        assert sum(amounts) / max(len(amounts), 1) <= 100
    known = wiring.people.capacity("B-1").capacity
    assert (known.ceiling_minor, set(known.usable())) == (10_000, {21_000})
