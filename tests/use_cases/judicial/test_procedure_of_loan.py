"""The decision from a loan's record: each fact with its origin, friendly ways with evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from recovery.documents.questions.procedure import answer_procedure
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.agreements.restraints import EVERYTHING, Restraint
from recovery.ports.accounting import LoanNotFoundError, StoredLoan
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of
from tests.builders import a_borrower, a_loan, a_state
from tests.fakes import FakeLoanRepository

AS_OF = date(2026, 6, 15)
PROFILE = LoanProfile(purpose="consumer", law="ES", place="ES-M")
COMPLETED = {
    "title": "signed_private_contract",
    "liquid_due": True,
    "address_known": True,
    "creditor_type": "legal_person",
    "acceleration_requested": False,
    "masc": {"kind": "invitation", "received": "2026-04-01", "to": ["B-1"], "proof": "burofax"},
}


@pytest.fixture
def ports(wiring) -> SimpleNamespace:
    give(wiring)
    wiring.borrowers.save_contact_details(replace(a_borrower(), country="ES"))
    return wiring


def give(wiring, **state: Any) -> None:
    loan = a_loan(annual_rate_pct=Decimal(18), profile=PROFILE)
    wiring.loans = FakeLoanRepository()
    wiring.loans.add_loan(StoredLoan(loan, replace(a_state(loan), **state)), [])


def asked_of(ports, as_of: date = AS_OF, **facts: Any) -> dict[str, Any]:
    values = dict(procedure_question_of("L-1", as_of, ports).values)
    return answer_procedure({**values, "facts": {**values["facts"], **facts}})


def test_each_fact_has_its_origin_and_what_is_not_on_record_is_asked_for(ports) -> None:
    found = procedure_question_of("L-1", AS_OF, ports)
    facts = found.values["facts"]
    assert found.values["jurisdiction"] == "ES"
    assert (facts["principal"], facts["due"], facts["debtor_type"]) == (
        "500.00",
        "2026-02-01",
        "consumer",
    )
    assert set(facts) | {"jurisdiction"} == set(found.origins)
    assert not set(facts) & set(found.ask)
    assert {"title", "masc", "address_known", "amicable.contact"} <= set(found.ask)


def test_without_friendly_ways_on_record_nothing_is_filed(ports) -> None:
    answer = asked_of(ports, **COMPLETED)
    assert (answer["procedure"], answer["status"]) == ("ES_MONITORIO", "NEEDS_PREREQUISITE")
    assert answer["missing"] == ["AMICABLE_NOT_EXHAUSTED"]
    met = {each["item"]: each["met"] for each in answer["checklist"]}
    assert met == {
        **dict.fromkeys(met, False),
        "complaint": True,
        "dispute": True,
    }


@pytest.mark.parametrize(
    ("kind", "procedure", "blocking"),
    [
        ("promise", "AMICABLE", ["RESTRAINED"]),
        ("hardship", "AMICABLE", ["RESTRAINED"]),
        ("kind from a later version", "AMICABLE", ["RESTRAINED"]),
        ("death", "HUMAN_REVIEW", ["DECEASED"]),
        ("insolvency", "INSOLVENCY_CLAIM", ["CONCURSO"]),
        ("breathing_space", "NONE", ["MORATORIUM"]),
    ],
)
def test_a_restraint_on_record_is_a_hard_stop_until_its_last_day(
    ports, kind, procedure, blocking
) -> None:
    held = Restraint(kind, date(2026, 6, 1), date(2026, 6, 30), EVERYTHING, "x")
    give(ports, restraints=(held, replace(held, of_person=True)))
    answer = asked_of(ports, **COMPLETED)
    assert (answer["procedure"], answer["status"]) == (procedure, "BLOCKED")
    assert answer["blocking"] == blocking
    for day in (date(2026, 5, 31), date(2026, 7, 1)):
        assert asked_of(ports, day, **COMPLETED)["blocking"] == []


def test_what_holds_only_something_else_or_only_a_part_is_no_stop(ports) -> None:
    calls = Restraint("stop", AS_OF, None, frozenset({"calls"}), "x")
    part = Restraint("dispute", AS_OF, None, EVERYTHING, "x", part=5_000)
    give(ports, restraints=(calls, part))
    assert asked_of(ports, **COMPLETED)["status"] == "NEEDS_PREREQUISITE"


def test_nothing_due_is_not_claimed_and_what_is_too_old_neither(ports) -> None:
    before = asked_of(ports, date(2026, 1, 15), **COMPLETED | {"masc": None})
    assert before["blocking"] == ["NOT_YET_DUE"]
    some = asked_of(ports, date(2031, 2, 15), **COMPLETED)
    assert some["blocking"] == [] and some["prescribes"] == "2031-03-01"
    assert (
        "1"
        in procedure_question_of("L-1", date(2031, 2, 15), ports).values["facts"]["parts_left_out"]
    )
    late = asked_of(ports, date(2033, 1, 1), **{**COMPLETED, "masc": None})
    assert late["blocking"] == ["PRESCRIBED"]


def test_the_law_that_nobody_recorded_is_asked_for(ports) -> None:
    loan = a_loan(profile=LoanProfile())
    ports.loans = FakeLoanRepository()
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    found = procedure_question_of("L-1", AS_OF, ports)
    assert {"jurisdiction", "debtor_type"} <= set(found.ask)


def test_a_loan_that_nobody_has_is_said_so(ports) -> None:
    with pytest.raises(LoanNotFoundError):
        procedure_question_of("L-9", AS_OF + timedelta(days=1), ports)
