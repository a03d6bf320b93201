"""S04: the guarantor pays, the borrower pays, and the first payment turns out to be a mistake."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from recovery.domain.accounting.loan import Components, PayerKind, Payment
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.payment import PaymentRequest
from recovery.ports.accounting import StoredLoan
from recovery.settings import Settings
from recovery.use_cases.accounting.posting import Taken
from recovery.use_cases.accounting.read_parties import read_parties
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.wiring import Wiring
from tests import fakes
from tests.adapters.conftest import in_memory_aws, table  # noqa: F401  fixtures
from tests.builders import a_borrower, a_loan, a_schedule, a_state, an_actor, an_institution

ANA = an_actor()
PAID_ON, A_WEEK_LATER = date(2026, 4, 20), date(2026, 4, 27)
GUARANTOR = Party(
    person_id="G-1", role="guarantor", from_on=date(2026, 1, 2), limit_minor=50_000, subsidiary=True
)


@pytest.fixture(params=["fakes", "dynamodb"])
def ports(request: pytest.FixtureRequest, wiring) -> Any:
    """A loan of four instalments of 100, of which three are overdue, and its guarantor."""
    clock = fakes.FakeClock(datetime(2026, 4, 27, 9, tzinfo=UTC))
    ports = wiring
    if request.param == "dynamodb":
        request.getfixturevalue("table")
        ports = Wiring(Settings(table="recovery", shards=1)).of("umoja")
        ports.institutions.save(an_institution())
    vars(ports).update(now=clock.now)
    for person_id in ("B-1", "G-1"):
        ports.borrowers.save_contact_details(a_borrower(person_id))
    loan = a_loan(schedule=a_schedule(4, Components(10_000)))
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    record_party("L-1", GUARANTOR, ANA, ports.now(), ports)
    return ports


def pay(ports, payment_id: str, on: date, kind: PayerKind, payer_id: str | None = None) -> Taken:
    payment = Payment(payment_id, on, 20_000, payer_kind=kind, payer_id=payer_id)
    request = PaymentRequest(payment, "L-1", "EUR", reference="L-1")
    return take_payment(request, ANA, ports.now(), ports)


def guarantor_pays(ports) -> Taken:
    return pay(ports, "P-1", PAID_ON, "guarantor", "G-1")


def borrower_pays(ports) -> Taken:
    return pay(ports, "P-2", A_WEEK_LATER, "borrower")


def arrears(ports) -> str:
    return read_standing("L-1", ports.now(), ports)["overdue"]["total"]


def guarantee(ports) -> tuple[str, str]:
    owed = read_parties("L-1", ports.now(), ports)["owed_by"]
    used = next(each["guarantee"] for each in owed if each["person_id"] == "G-1")
    return used["used"], used["remaining"]


def recourse(ports) -> list[tuple[str, str, str, str]]:
    return [
        (each["holder_id"], each["against_id"], each["amount"], each["basis"])
        for each in read_parties("L-1", ports.now(), ports)["recourses"]
    ]


def told(ports) -> tuple[list[str], list[str]]:
    """Return the texts of the timeline to be, and the names of the events."""
    outboxes = ports.loans.outboxes("L-1")
    texts = [entry.text for outbox in outboxes for entry in outbox.timeline]
    return texts, [event.name for outbox in outboxes for event in outbox.events]


def test_her_payment_lowers_the_arrears_uses_the_limit_and_gives_recourse(ports) -> None:
    assert arrears(ports) == "300.00"
    assert guarantee(ports) == ("0.00", "500.00")
    taken = guarantor_pays(ports)
    assert taken.receipt["payer"] == {"kind": "guarantor", "id": "G-1"}
    assert not guarantor_pays(ports).posted  # taken once
    assert arrears(ports) == "100.00"
    assert guarantee(ports) == ("200.00", "300.00")
    assert recourse(ports) == [("G-1", "B-1", "200.00", "guarantor")]
    [first] = read_parties("L-1", ports.now(), ports)["recourses"]
    assert first["subrogated"] and first["after_institution"]  # while 100 is still open


def test_the_staff_reads_who_paid_and_other_systems_do_not(ports) -> None:
    guarantor_pays(ports)
    texts, events = told(ports)
    assert texts == [
        "guarantor G-1, limit 500.00 EUR, from 2026-01-02",
        "payment of 200.00 EUR received from guarantor G-1",
        "guarantor G-1: 200.00 EUR of the guarantee used, 300.00 EUR left",
        "G-1 may reclaim 200.00 EUR from B-1",
    ]
    assert events == ["PartyRecorded", "PaymentPosted", "GuaranteeUseChanged"]
    details = [event.detail for each in ports.loans.outboxes("L-1") for event in each.events]
    assert details[-1] == {
        "loan_id": "L-1",
        "payment_id": "P-1",
        "used": "200.00",
        "remaining": "300.00",
        "currency": "EUR",
    }
    assert "G-1" not in str(details)


def test_his_payment_clears_the_rest_goes_on_and_settling_her_recourse_is_proposed(ports) -> None:
    guarantor_pays(ports)
    receipt = borrower_pays(ports).receipt
    assert arrears(ports) == "0.00"
    assert (receipt["allocated"]["principal"], receipt["to_credit"]) == ("200.00", "0.00")
    position = ports.loans.load("L-1").state.position
    assert [paid.total for paid in position.paid] == [10_000] * 4
    assert guarantee(ports) == ("200.00", "300.00")
    assert recourse(ports) == [("G-1", "B-1", "200.00", "guarantor")]
    texts, _ = told(ports)
    assert texts[-1] == (
        "P-2 is 100.00 EUR more than was overdue: propose to settle with G-1, who may reclaim"
        " 200.00 EUR"
    )


def test_reversing_hers_restores_limit_arrears_and_recourse_in_one_step(ports) -> None:
    guarantor_pays(ports)
    borrower_pays(ports)
    version = ports.loans.load("L-1").state.version
    reverse_payment("umoja", "P-1", "meant for another loan", ANA, ports.now(), ports)
    assert ports.loans.load("L-1").state.version == version + 1
    assert arrears(ports) == "100.00"
    assert guarantee(ports) == ("0.00", "500.00")
    assert recourse(ports) == []
    texts, events = told(ports)
    assert texts[-3:] == [
        "payment of 200.00 EUR reversed: meant for another loan",
        "guarantor G-1: 0.00 EUR of the guarantee used, 500.00 EUR left",
        "G-1 has nothing to reclaim from B-1 any more",
    ]
    assert events[-2:] == ["PaymentReversed", "GuaranteeUseChanged"]


def test_a_payment_before_the_guarantor_was_recorded_counts_all_the_same(ports) -> None:
    """Facts come in any order: what follows from them is derived."""
    pay(ports, "P-3", PAID_ON, "guarantor", "G-2")
    assert recourse(ports) == [("G-2", "B-1", "200.00", "third_party")]
    ports.borrowers.save_contact_details(a_borrower("G-2"))
    late = Party(person_id="G-2", role="guarantor", from_on=date(2026, 1, 2))
    record_party("L-1", late, ANA, ports.now(), ports)
    assert recourse(ports) == [("G-2", "B-1", "200.00", "guarantor")]
