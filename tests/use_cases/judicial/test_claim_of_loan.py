"""A claim from a loan's record: what the record says, where it says it, and what it lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from recovery.documents.questions.claim import answer_claim
from recovery.documents.questions.limitation import answer_limitation
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.accounting.party import Party
from recovery.ports.accounting import LoanNotFoundError, StoredLoan
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.judicial.claim_of_loan import claim_question_of, limitation_question_of
from tests.builders import a_borrower, a_loan, a_payment, a_state, an_actor
from tests.fakes import FakeLoanRepository
from tests.recorded import record

AS_OF = date(2026, 6, 15)
PROFILE = LoanProfile(purpose="consumer", law="ES", place="ES-V")


@pytest.fixture
def ports(wiring) -> SimpleNamespace:
    loan = a_loan(annual_rate_pct=Decimal(18), profile=PROFILE)
    wiring.loans = FakeLoanRepository()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    return wiring


def values(ports, as_of: date = AS_OF) -> dict:
    return dict(claim_question_of("L-1", as_of, ports).values)


def test_the_contract_and_its_instalments_are_taken_from_the_record(ports) -> None:
    found = claim_question_of("L-1", AS_OF, ports)
    assert found.values["law"] == "ES" and found.values["capacity"] == "consumer"
    assert found.values["ordinary_rate_pct"] == "18"
    assert found.values["history"]["region"] == "ES-V"
    assert len(found.values["parts"]) == 12
    assert found.values["parts"][0] == {
        "part": "1",
        "due_date": "2026-02-01",
        "principal": "100.00",
        "interest": "15.00",
    }
    assert found.origins["parts"] == "schedule as agreed"
    assert set(found.ask) == {"late_rate_pct", "history.acts", "history.called_in_on"}
    answer = answer_claim(found.values)
    assert (answer["principal"], answer["interest"]) == ("500.00", "75.00")
    assert [each["why"] for each in answer["not_claimed"]] == ["not_due"] * 7


def test_what_the_profile_does_not_say_is_asked_for(ports) -> None:
    loan = a_loan("L-2", profile=LoanProfile(place="the market"))
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    found = claim_question_of("L-2", AS_OF, ports)
    assert not {"law", "ordinary_rate_pct"} & set(found.values)
    assert "region" not in found.values["history"]
    asked = {each["fact"] for each in answer_claim(found.values)["ask"]}
    assert {"law", "capacity"} <= asked


def test_payments_count_as_money_and_as_acts_of_who_paid(ports) -> None:
    payments = [
        a_payment("P-1", value_date=date(2026, 2, 3), amount_minor=20_000),
        a_payment("P-2", value_date=date(2026, 7, 1), amount_minor=1_000),
    ]
    loan = a_loan("L-3", profile=PROFILE)
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [
        replace(each, loan_id="L-3") for each in payments
    ])  # fmt: skip
    found = claim_question_of("L-3", AS_OF, ports)
    assert [each["id"] for each in found.values["payments"]] == ["P-1"], "the other came later"
    [act] = found.values["history"]["acts"]
    assert (act["act"], act["on"], act["persons"]) == ("payment", "2026-02-03", ["B-1"])
    clocks = answer_limitation(limitation_question_of("L-3", AS_OF, ports).values)["clocks"]
    assert clocks[0]["prescribes_on"] == "2031-02-03"
    assert answer_claim(found.values)["total"] == "375.00"


def test_the_parties_are_those_of_the_day(ports) -> None:
    ports.borrowers.save_contact_details(a_borrower("G-1"))
    guarantor = Party(person_id="G-1", role="guarantor", from_on=date(2026, 1, 2))
    record_party("L-1", guarantor, an_actor(), ports.now(), ports)
    parties = limitation_question_of("L-1", AS_OF, ports).values["parties"]
    assert parties == [
        {"id": "B-1", "role": "debtor", "solidary": False},
        {"id": "G-1", "role": "guarantor", "solidary": False},
    ]


def test_a_disputed_part_is_left_out_until_it_is_answered(ports) -> None:
    record(
        ports,
        fact_id="D-1",
        kind="dispute",
        on="2026-02-02",
        amount="150.00",
        about="wrong_amount",
        reason="it says so",
    )
    parts = values(ports)["parts"]
    assert [each.get("disputed") for each in parts[:3]] == ["115.00", "35.00", None]
    answer = answer_claim(values(ports))
    assert Decimal(answer["total"]) == Decimal(575) - 150
    assert all("disputed" not in each for each in values(ports, date(2026, 2, 1))["parts"])


def test_fees_are_named_and_not_claimed(ports) -> None:
    record(
        ports,
        fact_id="C-1",
        kind="charge",
        on="2026-02-02",
        component="fee",
        amount="12.00",
        reason="visit",
    )
    found = claim_question_of("L-1", AS_OF, ports)
    assert found.ask["fees"].startswith("12.00 of fees")
    assert answer_claim(found.values)["total"] == "575.00"


def test_an_unknown_loan_is_refused(ports) -> None:
    with pytest.raises(LoanNotFoundError):
        claim_question_of("L-9", AS_OF, ports)
    with pytest.raises(LoanNotFoundError):
        limitation_question_of("L-9", AS_OF, ports)
