"""Security on record, and the claim that a death or disability opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.accounting.collateral import Collateral, LifeEvent, Valuation
from recovery.domain.accounting.history import Chargeback
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.agreements.restraints import EVERYTHING
from recovery.domain.shared.errors import NotOnRecordError, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.open_claims import open_claims
from recovery.use_cases.accounting.record_collateral import (
    end_collateral,
    record_collateral,
    value_collateral,
)
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.accounting.take_payment import take_payment
from tests.builders import FIRST_DUE, a_borrower, a_loan, a_state, an_actor, fields

ANA = an_actor()
SIGNED, TODAY = date(2026, 1, 2), date(2026, 2, 2)
INSURANCE = Collateral(
    collateral_id="K-1",
    kind="credit_life_insurance",
    person_id="B-1",
    from_on=SIGNED,
    valuations=(Valuation(SIGNED, 100_000),),
    covers=frozenset({"death", "disability"}),
)
SAVINGS = replace(INSURANCE, collateral_id="K-2", kind="pledged_savings", covers=frozenset[str]())
DEATH = LifeEvent("death", "B-1", date(2026, 2, 1))


@pytest.fixture
def ports(wiring):
    """A loan of 1,380 with insurance of the borrower's life for 1,000."""
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    record(wiring, INSURANCE)
    return wiring


def record(ports, collateral: Collateral):
    return record_collateral("L-1", collateral, ANA, ports.now(), ports)


def happens(ports, event: LifeEvent):
    return open_claims("L-1", event, ANA, ports.now(), ports)


def test_security_is_recorded_once_and_keeps_every_value(ports) -> None:
    assert not record(ports, INSURANCE).recorded
    raised = Valuation(TODAY, 120_000)
    assert value_collateral("L-1", "K-1", raised, ports.now(), ports).recorded
    assert not value_collateral("L-1", "K-1", raised, ports.now(), ports).recorded
    [known] = ports.collateral.of_loan("L-1")
    assert known.collateral.valuations == (Valuation(SIGNED, 100_000), raised)
    assert not record(ports, INSURANCE).recorded  # a late repeat takes no value back


def test_an_id_is_one_security_and_a_day_has_one_value(ports) -> None:
    with pytest.raises(RefusedError) as other:
        record(ports, replace(INSURANCE, insurer="Other Life"))
    assert fields(other.value.problems) == {"collateral_id"}
    with pytest.raises(RefusedError) as second:
        value_collateral("L-1", "K-1", Valuation(SIGNED, 1), ports.now(), ports)
    assert fields(second.value.problems) == {"on"}
    with pytest.raises(NotOnRecordError):
        value_collateral("L-1", "K-9", Valuation(TODAY, 1), ports.now(), ports)


def test_released_security_stays_on_record(ports) -> None:
    assert end_collateral("L-1", "K-1", TODAY, ports.now(), ports).recorded
    assert not end_collateral("L-1", "K-1", TODAY, ports.now(), ports).recorded
    with pytest.raises(RefusedError):
        end_collateral("L-1", "K-1", date(2025, 1, 1), ports.now(), ports)
    [known] = ports.collateral.of_loan("L-1")
    assert known.collateral.until == TODAY


def test_what_happens_to_security_is_told(ports) -> None:
    value_collateral("L-1", "K-1", Valuation(TODAY, 120_000), ports.now(), ports)
    end_collateral("L-1", "K-1", TODAY, ports.now(), ports)
    outboxes = ports.loans.outboxes("L-1")
    assert [entry.text for each in outboxes for entry in each.timeline] == [
        "credit life insurance K-1, worth 1000.00 EUR from 2026-01-02",
        "credit life insurance K-1, worth 1200.00 EUR from 2026-02-02",
        "credit life insurance K-1, until 2026-02-02",
    ]
    details = [event.detail for each in outboxes for event in each.events]
    assert [(each["value"], each["until"]) for each in details] == [
        ("1000.00", None),
        ("1200.00", None),
        ("1200.00", "2026-02-02"),
    ]


def test_a_death_opens_the_claim_once_and_stops_all_pressure(ports) -> None:
    record(ports, SAVINGS)
    opened = happens(ports, DEATH)
    [insurance] = opened.records
    assert opened.opened
    assert [each.claim.amount_minor for each in insurance.claims] == [100_000]
    [restraint] = ports.borrowers.load("B-1").restraints
    assert (restraint.kind, restraint.blocks) == ("death", EVERYTHING)
    version = ports.loans.load("L-1").state.version
    again = happens(ports, DEATH)
    assert (again.records, again.opened) == ((insurance,), False)
    assert ports.loans.load("L-1").state.version == version


def test_the_news_of_a_claim_does_not_say_what_happened_to_whom(ports) -> None:
    happens(ports, DEATH)
    outbox = ports.loans.outboxes("L-1")[-1]
    assert [entry.text for entry in outbox.timeline] == [
        "claim of 1000.00 EUR to make on insurance K-1"
    ]
    [event] = outbox.events
    assert event.name == "ClaimOpened"
    for word in ("death", "B-1"):
        assert word not in str(event.detail) + str(outbox.timeline)


def test_a_disability_opens_the_claim_and_leaves_the_rest_to_people(ports) -> None:
    assert happens(ports, replace(DEATH, kind="disability")).opened
    assert ports.loans.load("L-1").state.restraints == ()


def test_a_death_without_insurance_still_stops_all_pressure(ports) -> None:
    end_collateral("L-1", "K-1", date(2026, 1, 31), ports.now(), ports)
    assert happens(ports, DEATH).records == ()
    assert len(ports.borrowers.load("B-1").restraints) == 1


def test_an_event_of_a_stranger_or_to_come_is_refused(ports) -> None:
    with pytest.raises(RefusedError) as refused:
        happens(ports, LifeEvent("death", "X-1", date(2027, 1, 1)))
    assert fields(refused.value.problems) == {"on", "person_id"}


def returned_for_death(ports, kind: str, payer_id: str | None) -> None:
    payment = Payment("P-1", FIRST_DUE, 11_500, payer_kind=kind, payer_id=payer_id)
    take_payment(PaymentRequest(payment, "L-1", "EUR"), ANA, ports.now(), ports)
    fact = Chargeback("P-1", TODAY, 11_500, "MD07")
    request = FactRequest(fact_id="R-1", loan_id="L-1", fact=fact, reason="returned")
    record_fact(request, ANA, ports.now(), ports)


def test_a_debit_returned_for_death_opens_the_claim_too(ports) -> None:
    returned_for_death(ports, "borrower", None)
    [known] = ports.collateral.of_loan("L-1")
    assert [each.claim.event.kind for each in known.claims] == ["death"]
    assert [event.name for event in ports.loans.outboxes("L-1")[-1].events] == [
        "FactRecorded",
        "ClaimOpened",
    ]


def test_the_death_of_another_payer_is_not_the_borrowers(ports) -> None:
    ports.borrowers.save_contact_details(a_borrower("G-1"))
    returned_for_death(ports, "guarantor", "G-1")
    assert ports.loans.load("L-1").state.restraints == ()
    assert ports.borrowers.load("B-1").restraints == ()
    assert [each.kind for each in ports.borrowers.load("G-1").restraints] == ["death"]
    [known] = ports.collateral.of_loan("L-1")
    assert known.claims == ()


def test_the_death_of_a_payer_who_is_not_known_is_nobodys_on_record(ports) -> None:
    returned_for_death(ports, "relative", None)
    assert ports.loans.load("L-1").state.restraints == ()
