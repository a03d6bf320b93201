"""Reading a loan: what is shown agrees with the standing, whatever happened to the loan."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.policy import AccountingPolicy
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import LoanNotFoundError, StoredLoan
from recovery.use_cases.accounting.read_loan import read_loan
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.monitoring.read_standing import read_standing
from tests.builders import FIRST_DUE, a_borrower, a_loan, a_policy, a_state, an_actor
from tests.fakes import FakeInstitutionRepository, FakeLoanRepository
from tests.recorded import record, write_off

CHARGES = AccountingPolicy(
    late_charges=(LateCharge(amount_minor=200, per="day", cap_minor=900, from_days=5),)
)


@pytest.fixture
def ports(wiring) -> SimpleNamespace:
    wiring.clock.at += timedelta(days=40)  # 2026-03-14, two instalments late
    lend(wiring)
    return wiring


def lend(ports) -> None:
    profile = LoanProfile(product="group", purpose="business", law="ES")
    loan = a_loan(annual_rate_pct=Decimal("24.50"), profile=profile)
    ports.loans = FakeLoanRepository()
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])


def shown(ports) -> dict[str, Any]:
    return dict(read_loan("L-1", ports.now(), ports))


def test_the_contract_shows_what_was_agreed_and_no_borrower(ports) -> None:
    document = shown(ports)
    assert document["contract"] == {
        "borrower_id": "B-1",
        "portfolio": "2026",
        "currency": "EUR",
        "principal": "1200.00",
        "disbursed_on": "2026-01-02",
        "annual_rate_pct": "24.50",
        "advisor_name": "Peter Otieno",
        "profile": {
            "product": "group",
            "branch": None,
            "place": None,
            "sector": None,
            "employer": None,
            "purpose": "business",
            "law": "ES",
        },
    }
    assert document["parties"] == []
    assert "Grace" not in json.dumps(document)
    assert "+254" not in json.dumps(document)


def test_the_first_schedule_is_version_1_and_a_restructuring_freezes_days_past_due(ports) -> None:
    first = {"number": 1, "on": "2026-01-02", "kind": "agreed"}
    due = {"first_due_date": "2026-02-01", "last_due_date": "2027-01-01"}
    assert shown(ports)["versions"] == [first | due]
    assert shown(ports)["standing"]["restructured"] is None
    record(ports, fact_id="R-1", kind="reage", frequency="MONTHS", every=1, start="2026-04-15",
           instalments=6)  # fmt: skip
    document = shown(ports)
    assert document["versions"] == [
        first | due,
        {
            "number": 2,
            "on": "2026-03-14",
            "kind": "reage",
            "first_due_date": "2026-04-15",
            "last_due_date": "2026-09-15",
        },
    ]
    assert document["standing"]["days_past_due"] == 0
    assert document["standing"]["restructured"] == {"on": "2026-03-14", "days_past_due": 41}
    record(ports, fact_id="U-1", kind="undo", undoes="R-1")
    document = shown(ports)
    assert document["versions"] == [first | due]
    assert [each.get("undone") for each in document["facts"]] == [True, None]
    assert document["standing"]["restructured"] is None


def test_a_pause_is_shown_while_it_runs(ports) -> None:
    record(ports, fact_id="P-1", kind="pause", **{"from": "2026-03-01", "to": "2026-03-14"})
    assert shown(ports)["standing"]["paused"] is None
    record(ports, fact_id="P-2", kind="pause", **{"from": "2026-03-14", "to": "2026-04-01"})
    running = {"from": "2026-03-14", "until": "2026-04-01"}
    assert shown(ports)["standing"]["paused"] == running
    record(ports, fact_id="P-3", kind="resume", pause_id="P-2")
    assert shown(ports)["standing"]["paused"] is None
    record(ports, fact_id="P-4", kind="pause", **{"from": "2026-03-14"})
    assert shown(ports)["standing"]["paused"] == {"from": "2026-03-14", "until": None}


def test_a_loan_written_off_says_so_and_shows_the_loss(ports) -> None:
    assert shown(ports)["standing"]["written_off"] is None
    write_off(ports)
    standing = shown(ports)["standing"]
    assert standing["written_off"]["on"] == "2026-03-14"
    assert standing["written_off"]["loss"]["total"] == "1380.00"
    assert (standing["days_past_due"], standing["bucket"]) == (0, None)


def test_an_unknown_loan_is_not_found(ports) -> None:
    with pytest.raises(LoanNotFoundError):
        read_loan("L-9", ports.now(), ports)


def test_the_parties_on_record_are_shown(ports) -> None:
    guarantor = Party(person_id="G-1", role="guarantor", from_on=FIRST_DUE, limit_minor=50_000)
    ports.borrowers.save_contact_details(a_borrower("G-1"))
    record_party("L-1", guarantor, an_actor(), ports.now(), ports)
    [shown_party] = shown(ports)["parties"]
    assert (shown_party["person_id"], shown_party["role"]) == ("G-1", "guarantor")
    assert (shown_party["limit"], shown_party["until"]) == ("500.00", None)


DAYS = st.integers(0, 60).map(lambda days: (FIRST_DUE - timedelta(days=20 - days)).isoformat())
AMOUNTS = st.integers(1, 60_000).map(lambda minor: f"{minor // 100}.{minor % 100:02}")
FACTS = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("charge"),
            "on": DAYS,
            "component": st.sampled_from(["fee", "penalty"]),
            "amount": AMOUNTS,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("waiver"),
            "on": DAYS,
            "component": st.sampled_from(["principal", "interest", "penalty"]),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("pause"), "from": DAYS, "to": DAYS}),
    st.fixed_dictionaries({"kind": st.just("reamortise"), "on": DAYS}),
    st.fixed_dictionaries({"kind": st.just("undo"), "undoes": st.sampled_from("0123")}),
)


@given(st.lists(FACTS, max_size=5), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happened_the_schedule_adds_up_to_what_is_outstanding(
    ports, facts, with_charges: bool
) -> None:
    lend(ports)
    ports.institutions = FakeInstitutionRepository()
    accounting = CHARGES if with_charges else AccountingPolicy()
    ports.institutions.save_policy("umoja", a_policy(accounting=accounting))
    taken = 0
    for number, fact in enumerate(facts):
        try:
            record(ports, fact_id=str(number), **fact)
            taken += 1
        except RefusedError:
            continue
    document, standing = shown(ports), read_standing("L-1", ports.now(), ports)
    for component, outstanding in standing["outstanding"].items():
        rows = document["schedule"]
        due, paid = (sum(Decimal(row[name][component]) for row in rows) for name in ("due", "paid"))
        assert due - paid == Decimal(outstanding)
    assert all(document["standing"][name] == standing[name] for name in document["standing"])
    assert len(document["facts"]) == taken
    undone = sum(each["kind"] == "undo" for each in document["facts"])
    assert sum("undone" in each for each in document["facts"]) == undone
    numbers = [each["number"] for each in document["versions"]]
    assert numbers == sorted(set(numbers)) and numbers[0] == 1
    assert Decimal(document["late_charges"]) >= 0 and (
        with_charges or document["late_charges"] == "0.00"
    )
