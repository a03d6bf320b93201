"""S21, as far as agreements go: co-borrowers who separated."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.party import Party
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.accounting.record_party import record_party
from tests.builders import a_borrower, a_schedule
from tests.households import a_capacity
from tests.life import SUPERVISOR, Life

DAY = timedelta(days=1)
ASKED = date(2026, 4, 10)
SHELTER = "b-2.safe@example.org"
YES = {"yes": "paper", "proof": "DOC-1"}


@pytest.fixture(params=[None, "joint_and_several"], ids=["silent", "solidary"])
def life(request, wiring) -> Life:
    """Two debtors of one contract, 600.00 overdue, a guarantor; the other's address is safe."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(8, Components(30_000), date(2026, 3, 2)))
    for person_id, role in (("B-2", "co_borrower"), ("G-1", "guarantor")):
        life.ports.borrowers.save_contact_details(a_borrower(person_id, email=SHELTER))
        liability = request.param if role == "co_borrower" else None
        party = Party(
            person_id=person_id, role=role, from_on=date(2026, 1, 16), liability=liability
        )
        record_party("L-1", party, SUPERVISOR, life.ports.now(), life.ports)
    life.ports.people.capacities["B-1"] = CapacityInForce(
        assessment_id="A-1",
        person_id="B-1",
        assessed_on=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        policy_version=1,
        capacity=a_capacity(45_000),
    )
    life.until(ASKED)
    assert life.standing()["overdue"]["total"] == "600.00"
    return life


def test_a_new_schedule_needs_both_and_the_guarantor_is_asked_or_free(life: Life) -> None:
    """Given two debtors who live apart, and a guarantor; when one of them says yes to a new
    schedule; then it is refused until the other does too, and the guarantor consents or is known to
    be free before anyone agrees; and nothing that is said of it names where the other lives."""
    offer = life.say("L-1", "offer", fact_id="OF-1", difficulty="less_income").record.fact
    assert offer.signers == ("B-1", "B-2") and offer.guarantors == ("G-1",)
    kind = next(each.kind for each in offer.options if each.action)
    said = {"fact_id": "AG-1", "offer_id": "OF-1", "option": kind, **YES}
    before = life.ports.loans.load("L-1")
    for signed in (["B-1"], ["B-2"], ["B-1", "G-1"]):
        with pytest.raises(RefusedError) as raised:
            life.say("L-1", "agreement", by=SUPERVISOR, **said, signed_by=signed, lost=["G-1"])
        assert "signed_by" in {each.field for each in raised.value.problems}
    both = ["B-1", "B-2"]
    with pytest.raises(RefusedError, match="free if they do not consent"):
        life.say("L-1", "agreement", by=SUPERVISOR, **said, signed_by=both)
    assert life.ports.loans.load("L-1") == before
    life.say("L-1", "agreement", by=SUPERVISOR, **said, signed_by=both, lost=["G-1"])
    assert life.standing()["overdue"]["total"] == "0.00"
    free = next(e for e in life.ports.loans.recorded("L-1").parties if e.party.role == "guarantor")
    assert free.party.until == ASKED
    told = json.dumps([each.detail for each in life.ports.bus.events], default=str)
    told += json.dumps(life.standing(), default=str)
    assert SHELTER not in told


def test_the_promise_of_one_and_the_insolvency_of_the_other_leave_the_plan_to_both(
    life: Life,
) -> None:
    """Given the same two; when one pays what she promised and the other is declared insolvent; then
    her promise is kept, the debt falls by what she paid, and a plan still needs both yeses."""
    life.say("L-1", "promise", amount="300.00", pay_on=f"{ASKED + 5 * DAY}", channel="phone")
    life.until(ASKED + 5 * DAY)
    life.pay("L-1", 30_000)
    life.tell("B-2", "hold", by=SUPERVISOR, because="insolvency")
    life.until(ASKED + 8 * DAY)
    assert life.promise() == "kept" and life.standing()["overdue"]["total"] == "300.00"
    offer = life.say("L-1", "offer", fact_id="OF-1", difficulty="more_costs").record.fact
    plan = offer.find("payment_plan")
    assert plan is not None and sum(each.amount_minor for each in plan.parts) == 30_000
    said = {"fact_id": "AG-1", "offer_id": "OF-1", "option": "payment_plan", **YES}
    with pytest.raises(RefusedError, match="lacks B-2"):
        life.say("L-1", "agreement", **said, signed_by=["B-1"], consented=["G-1"])
    life.say("L-1", "agreement", **said, signed_by=["B-1", "B-2"], consented=["G-1"])
    assert life.standing()["plans"][0]["status"] == "kept"
