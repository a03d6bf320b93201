"""A settlement from the yes to the end: the rest is let go once the sum is in, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.history import Waiver
from recovery.domain.accounting.loan import Components
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.policy import OptionsPolicy, PlanPolicy, SettlementTier
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from tests.builders import a_policy, a_schedule
from tests.conftest import wiring_of_fakes
from tests.households import a_capacity
from tests.life import ANOTHER, BANK, OFFICER, SUPERVISOR, Life
from tests.use_cases.agreements.test_agree import CrashError, crashing

DAY = timedelta(days=1)
ASKED = date(2026, 4, 10)
TIERS = (SettlementTier(role="advisor", most_percent=5),)
TIERS += (SettlementTier(role="supervisor", most_percent=40),)
DUE = Components(8_000, 2_000)


def a_life(wiring, *, free_minor: int = 1_000, **plans) -> Life:
    """800.00 owed, 200.00 of it overdue, by a household with 10.00 a month to spare."""
    life = Life(wiring, date(2026, 1, 15))
    policy = a_policy(
        options=OptionsPolicy(tiers=TIERS, most_extra_instalments=4),
        plans=PlanPolicy(**plans),
        version=2,
    )
    life.ports.institutions.save_policy("umoja", policy)
    life.lend(schedule=a_schedule(8, DUE, date(2026, 3, 2)))
    life.ports.people.capacities["B-1"] = CapacityInForce(
        assessment_id="A-1",
        person_id="B-1",
        assessed_on=date(2026, 1, 1),
        valid_until=date(2027, 6, 1),
        policy_version=1,
        capacity=a_capacity(free_minor),
    )
    life.until(ASKED)
    return life


@pytest.fixture
def life(wiring) -> Life:
    return a_life(wiring)


def offer(life: Life, lump_sum: str = "600.00", fact_id: str = "OF-1"):
    said = {"difficulty": "lasting", "lump_sum": lump_sum}
    fact = life.say("L-1", "offer", fact_id=fact_id, **said).record.fact
    return fact.find("settlement")


def settle(life: Life, by=SUPERVISOR, **fields):
    said = {
        **{"fact_id": "AG-1", "offer_id": "OF-1", "option": "settlement"},
        **{"yes": "paper", "proof": "DOC-1", "signed_by": ["B-1"]},
        **fields,
    }
    return life.say("L-1", "agreement", by=by, **said)


def waivers(life: Life) -> list[Waiver]:
    counting = life.ports.loans.recorded("L-1").counting()
    return [each.fact for each in counting if isinstance(each.fact, Waiver)]


def case(life: Life):
    return life.ports.loans.load("L-1").state.case


def owed(life: Life) -> str:
    return life.standing()["outstanding"]["total"]


def test_the_rest_is_let_go_once_the_sum_is_in(life: Life) -> None:
    option = offer(life)
    assert (option.total_minor, option.let_go_minor) == (60_000, 20_000)
    settle(life)
    assert life.standing()["case"]["stage"] == "keep_agreement"
    life.until(ASKED + 5 * DAY)
    life.pay("L-1", 59_999)
    assert owed(life) == "200.01" and not waivers(life)
    life.until(ASKED + 6 * DAY)
    before = life.ports.loans.load("L-1").state.case.case_id
    life.pay("L-1", 1)
    assert owed(life) == "0.00"
    assert {each.component for each in waivers(life)} == {"principal", "interest"}
    assert all(each.on == life.today for each in waivers(life))
    assert life.ports.cases.load("L-1", before).pending[-1].to == "settled"
    assert case(life) is None and life.standing()["plans"][0]["status"] == "completed"
    assert events(life, "MessageSent")[-1]["kind"] == "clearance_letter"
    assert life.mails()[-1] == "Your loan is settled"
    assert [each["kind"] for each in events(life, "FactRecorded")][-2:] == ["waiver", "waiver"]


def test_what_was_paid_stays_paid_if_the_rest_does_not_come(life: Life) -> None:
    settle_on = offer(life).payments[-1].due_date
    stage = life.standing()["case"]["stage"]
    settle(life)
    life.until(ASKED + 5 * DAY)
    life.pay("L-1", 10_000)
    life.until(settle_on + 30 * DAY)
    assert life.standing()["plans"][0]["status"] == "breached"
    assert owed(life) == "700.00" and not waivers(life)
    assert life.standing()["case"]["stage"] in (stage, "intermediate_recovery")
    assert len(events(life, "AgreementBreached")) == 1
    life.pay("L-1", 50_000)  # too late: it pays the debt, and lets nothing go
    assert owed(life) == "200.00" and not waivers(life)


def test_money_taken_back_brings_back_what_was_let_go(life: Life) -> None:
    offer(life)
    settle(life)
    life.pay("L-1", 60_000)
    [payment] = life.ports.loans.recorded("L-1").payments
    assert owed(life) == "0.00"
    paid = payment.payment.payment_id
    reverse_payment("umoja", paid, "not ours", BANK, life.ports.now(), life.ports)
    life.settle()
    assert owed(life) == "800.00" and not waivers(life)
    life.pay("L-1", 60_000)
    assert owed(life) == "0.00" and len(waivers(life)) == 2
    [again] = [e for e in life.ports.loans.recorded("L-1").payments if not e.reversed_on]
    life.say("L-1", "chargeback", payment_id=again.payment.payment_id, amount="600.00")
    assert owed(life) == "800.00" and not waivers(life)


def test_undoing_it_brings_back_what_was_let_go(life: Life) -> None:
    offer(life)
    settle(life)
    life.pay("L-1", 60_000)
    [one, _] = [e.fact_id for e in life.ports.loans.recorded("L-1").facts if e.kind == "waiver"]
    with pytest.raises(RefusedError, match="came with agreement AG-1"):
        life.say("L-1", "undo", undoes=one)
    life.say("L-1", "undo", by=SUPERVISOR, undoes="AG-1")
    assert owed(life) == "200.00" and not waivers(life)
    life.until(life.today + DAY)
    assert life.standing()["plans"] == []


def test_it_is_paid_in_parts_that_fit(wiring) -> None:
    life = a_life(wiring, free_minor=5_000)
    option = offer(life, lump_sum="250.00")
    assert option is not None and len(option.payments) > 2
    assert option.total_minor + option.let_go_minor == 80_000
    assert option.let_go_minor <= 32_000
    settle(life)
    for each in option.payments:
        assert not waivers(life)
        life.until(each.due_date)
        life.pay("L-1", each.amount_minor)
    assert owed(life) == "0.00" and waivers(life)
    assert not life.tasks("call")


def test_who_may_let_so_much_go(life: Life) -> None:
    option = offer(life)
    assert option.approved_by == "supervisor"
    for by in (OFFICER, replace(SUPERVISOR, name=OFFICER.name)):
        with pytest.raises(RefusedError) as raised:
            settle(life, by=by)
        assert {each.field for each in raised.value.problems} == {"by"}
    assert settle(life).recorded


def test_the_officer_lets_nothing_go_on_an_own_loan_even_within_the_tier(life: Life) -> None:
    assert offer(life, lump_sum="780.00").approved_by == "advisor"
    with pytest.raises(RefusedError, match="hide"):
        settle(life, by=OFFICER)


def test_two_people_decide_above_the_amount_that_is_ended(wiring) -> None:
    life = a_life(wiring, two_people_from={"EUR": 80_000})
    offer(life)
    assert settle(life).asks and not settle(life, by=SUPERVISOR).recorded
    assert settle(life, by=ANOTHER).recorded


def test_a_third_within_a_year_needs_a_supervisor(wiring) -> None:
    life = a_life(wiring, most_plans=1)
    offer(life)
    settle(life)
    life.say("L-1", "agreement_end", agreement_id="AG-1")
    offer(life, lump_sum="780.00", fact_id="OF-2")
    another = replace(OFFICER, id="joy", name="Joy Wanjiku")
    with pytest.raises(RefusedError, match="would be plan 2"):
        settle(life, by=another, fact_id="AG-2", offer_id="OF-2")


def test_the_debt_that_was_shown_is_the_debt_that_is_settled(life: Life) -> None:
    offer(life)
    life.say("L-1", "charge", by=SUPERVISOR, component="fee", amount="5.00", instalment=8)
    with pytest.raises(RefusedError, match=r"settles 800\.00 EUR, and 805\.00 EUR is owed"):
        settle(life)


def test_a_late_fee_of_an_earlier_day_is_let_go_too(life: Life) -> None:
    offer(life)
    settle(life)
    life.until(ASKED + 5 * DAY)
    life.pay("L-1", 60_000)
    life.until(ASKED + 7 * DAY)
    on = f"{ASKED + 3 * DAY}"
    life.say("L-1", "charge", by=SUPERVISOR, component="penalty", amount="5.00", on=on)
    assert owed(life) == "0.00"


def events(life: Life, name: str):
    return [each.detail for each in life.ports.bus.events if each.name == name]


def test_nothing_is_half_let_go_after_a_crash_at_any_step() -> None:
    for at in range(1, 40):
        life = a_life(wiring_of_fakes())
        offer(life)
        settle(life)
        stopping = crashing(life, at)
        try:
            life.pay("L-1", 60_000)
        except (CrashError, AssertionError):
            assert stopping.made >= at
        is_last, stopping.at = stopping.made < at, 0
        is_paid = bool(life.ports.loans.recorded("L-1").payments)
        assert bool(waivers(life)) == is_paid
        if not is_paid:
            life.pay("L-1", 60_000)
        life.until(ASKED + DAY)
        assert owed(life) == "0.00"
        assert case(life) is None
        if is_last:
            break
    assert is_last and at > 3
