"""Parties come and go on record; what each owes follows from what the contract says (S21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import WriteOff
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.shared.errors import NotOnRecordError, RefusedError
from recovery.ports.accounting import LoanNotFoundError, StoredLoan
from recovery.use_cases.accounting.read_parties import read_parties
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.accounting.record_party import end_party, record_party
from recovery.use_cases.accounting.take_payment import take_payment
from tests.builders import FIRST_DUE, a_borrower, a_loan, a_schedule, a_state, an_actor, fields

ANA = an_actor()
SIGNED, MAY = date(2026, 1, 2), date(2026, 5, 1)
CO_BORROWER = Party(person_id="C-1", role="co_borrower", from_on=SIGNED)


@pytest.fixture
def ports(wiring):
    """600 overdue of borrower B-1; C-1, G-1 and the borrower are people on record."""
    wiring.clock.at = wiring.clock.at.replace(month=3, day=2)
    loan = a_loan(schedule=a_schedule(2, Components(30_000)))
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    for person_id in ("C-1", "G-1"):
        wiring.borrowers.save_contact_details(a_borrower(person_id))
    return wiring


def record(ports, party: Party):
    return record_party("L-1", party, ANA, ports.now(), ports)


def end(ports, person_id: str, until: date):
    return end_party("L-1", person_id, until, "divorced", ANA, ports.now(), ports)


def overdue(ports) -> dict[str, str]:
    owed = read_parties("L-1", ports.now(), ports)["owed_by"]
    return {each["person_id"]: each["overdue"] for each in owed}


def pay(ports, amount_minor: int, kind: str, payer_id: str) -> None:
    payment = Payment(
        f"P-{payer_id}", date(2026, 3, 2), amount_minor, payer_kind=kind, payer_id=payer_id
    )
    take_payment(PaymentRequest(payment, "L-1", "EUR"), ANA, ports.now(), ports)


def test_a_silent_contract_splits_the_debt_and_ones_payment_settles_her_part(ports) -> None:
    record(ports, CO_BORROWER)
    assert overdue(ports) == {"B-1": "300.00", "C-1": "300.00"}
    pay(ports, 30_000, "co_borrower", "C-1")
    assert overdue(ports) == {"B-1": "300.00", "C-1": "0.00"}
    assert read_parties("L-1", ports.now(), ports)["recourses"] == []


def test_a_solidary_contract_lets_either_be_asked_for_what_is_left(ports) -> None:
    whole = "joint_and_several"
    record(ports, replace(CO_BORROWER, liability=whole))
    record(ports, Party(person_id="B-1", role="borrower", from_on=SIGNED, liability=whole))
    assert overdue(ports) == {"B-1": "600.00", "C-1": "600.00"}
    pay(ports, 30_000, "co_borrower", "C-1")
    assert overdue(ports) == {"B-1": "300.00", "C-1": "300.00"}
    [recourse] = read_parties("L-1", ports.now(), ports)["recourses"]
    assert (recourse["holder_id"], recourse["amount"]) == ("C-1", "150.00")


def test_the_same_row_twice_is_recorded_once(ports) -> None:
    assert record(ports, CO_BORROWER).recorded
    repeat = record(ports, CO_BORROWER)
    assert not repeat.recorded
    assert repeat.record.recorded_by == ANA.id
    assert len(ports.loans.recorded("L-1").parties) == 1
    end(ports, "C-1", MAY)
    assert not record(ports, CO_BORROWER).recorded  # a late repeat brings nobody back


def test_an_unknown_person_or_a_contradiction_is_refused_with_every_reason(ports) -> None:
    record(ports, CO_BORROWER)
    wrong = replace(CO_BORROWER, person_id="X-1", liability="share", share_pct=Decimal(120))
    with pytest.raises(RefusedError) as refused:
        record(ports, wrong)
    assert fields(refused.value.problems) == {"person_id", "share_pct"}
    with pytest.raises(RefusedError) as refused:
        record(ports, replace(CO_BORROWER, role="guarantor", from_on=MAY))
    assert [each.code for each in refused.value.problems] == ["duplicate"]
    with pytest.raises(LoanNotFoundError):
        record_party("L-9", CO_BORROWER, ANA, ports.now(), ports)


def test_a_party_ends_and_stays_on_record_with_the_reason(ports) -> None:
    record(ports, CO_BORROWER)
    ended = end(ports, "C-1", date(2026, 3, 1))
    assert ended.recorded
    assert not end(ports, "C-1", date(2026, 3, 1)).recorded
    assert overdue(ports) == {"B-1": "600.00"}
    [row] = read_parties("L-1", ports.now(), ports)["parties"]
    assert (row["until"], row["ended_because"]) == ("2026-03-01", "divorced")
    again = record(ports, replace(CO_BORROWER, from_on=date(2026, 3, 2)))
    assert again.recorded
    assert overdue(ports) == {"B-1": "300.00", "C-1": "300.00"}


def test_a_row_recorded_by_mistake_is_called_off(ports) -> None:
    record(ports, CO_BORROWER)
    end(ports, "C-1", date(2026, 1, 1))
    assert overdue(ports) == {"B-1": "600.00"}
    assert record(ports, replace(CO_BORROWER, role="guarantor")).recorded


def test_an_end_that_cannot_be_is_refused(ports) -> None:
    with pytest.raises(NotOnRecordError):
        end(ports, "C-1", MAY)
    record(ports, CO_BORROWER)
    with pytest.raises(RefusedError) as too_early:
        end(ports, "C-1", date(2025, 12, 31))
    end(ports, "C-1", FIRST_DUE)
    with pytest.raises(RefusedError) as too_late:
        end(ports, "C-1", MAY)
    for refused in (too_early, too_late):
        assert fields(refused.value.problems) == {"until"}


def test_the_timeline_names_role_and_id_and_the_event_the_role_alone(ports) -> None:
    record(ports, Party(person_id="G-1", role="guarantor", from_on=SIGNED, limit_minor=50_000))
    end(ports, "G-1", MAY)
    outboxes = ports.loans.outboxes("L-1")
    assert [entry.text for each in outboxes for entry in each.timeline] == [
        "guarantor G-1, limit 500.00 EUR, from 2026-01-02",
        "guarantor G-1, limit 500.00 EUR, until 2026-05-01: divorced",
    ]
    events = [event for each in outboxes for event in each.events]
    assert [event.name for event in events] == ["PartyRecorded", "PartyRecorded"]
    assert events[1].detail == {
        "loan_id": "L-1",
        "role": "guarantor",
        "from_on": "2026-01-02",
        "until": "2026-05-01",
    }


def test_what_was_written_off_is_still_owed_by_the_guarantor(ports) -> None:
    record(ports, Party(person_id="G-1", role="guarantor", from_on=SIGNED, limit_minor=50_000))
    write_off(ports)
    owed = read_parties("L-1", ports.now(), ports)["owed_by"]
    assert {each["person_id"]: each["outstanding"] for each in owed} == {
        "B-1": "600.00",
        "G-1": "500.00",
    }
    pay(ports, 20_000, "guarantor", "G-1")
    owed = read_parties("L-1", ports.now(), ports)["owed_by"]
    assert {each["person_id"]: each["outstanding"] for each in owed} == {
        "B-1": "400.00",
        "G-1": "300.00",
    }
    [recourse] = read_parties("L-1", ports.now(), ports)["recourses"]
    assert recourse["amount"] == "200.00"


def write_off(ports) -> None:
    """Record the write-off of the whole loan, which people decided."""
    fact = WriteOff(date(2026, 3, 2))
    request = FactRequest(fact_id="W-1", loan_id="L-1", fact=fact, reason="decided")
    record_fact(request, ANA, ports.now(), ports)
