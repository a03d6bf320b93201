"""Two lives in arrears: a plan kept to the end, and one that breaks and is refitted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.agreements.assessment_record import CapacityInForce
from tests.builders import a_schedule
from tests.households import a_capacity
from tests.life import OFFICER, Life

DAY = timedelta(days=1)
ASKED = date(2026, 4, 10)
PRESSING = {
    *("first_days_late", "we_would_like_to_help", "meeting_with_your_advisor"),
    "notice_before_judicial_recovery",
}
PLAN = {"option": "payment_plan", "yes": "read_aloud", "witness": "W-1", "signed_by": ["B-1"]}


def a_household(free_minor: int) -> CapacityInForce:
    return CapacityInForce(
        assessment_id="A-1",
        person_id="B-1",
        assessed_on=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        policy_version=1,
        capacity=a_capacity(free_minor),
    )


@pytest.fixture
def life(wiring) -> Life:
    """Two instalments of 100.00 overdue; the household can pay 150.00 in a month."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(8, Components(10_000), date(2026, 3, 2)))
    life.ports.people.capacities["B-1"] = a_household(15_000)
    life.until(ASKED)
    assert life.standing()["overdue"]["total"] == "200.00"
    return life


def offered(life: Life, fact_id: str = "OF-1", **fields):
    taken = life.say("L-1", "offer", fact_id=fact_id, difficulty="more_costs", **fields)
    return {each.kind: each for each in taken.record.fact.options}


def agreed(life: Life, fact_id: str = "AG-1", by=OFFICER, **fields):
    said = {**PLAN, "offer_id": "OF-1", **fields}
    return life.say("L-1", "agreement", by=by, fact_id=fact_id, **said).record.fact


def status(life: Life) -> str:
    return life.standing()["plans"][-1]["status"]


def events(life: Life, name: str):
    return [each.detail for each in life.ports.bus.events if each.name == name]


def pays(life: Life, payments) -> None:
    """Play the days, and pay each of these on its day."""
    for each in payments:
        life.until(each.due_date)
        life.pay("L-1", each.amount_minor)


def test_a_plan_is_kept_to_the_end(life: Life) -> None:
    assert life.mails()  # the first kind message came before anything was offered
    option = offered(life)["payment_plan"]
    assert sum(each.amount_minor for each in option.parts) == 20_000
    plan = agreed(life)
    assert plan.payments and plan.payments[-1].due_date == plan.parts[-1].due_date
    before = len(events(life, "MessageSent"))
    life.until(plan.payments[0].due_date - DAY)
    assert life.standing()["days_past_due"] > 30 and status(life) == "kept"
    pays(life, plan.payments)
    life.until(life.today + DAY)
    assert status(life) == "completed"
    assert life.standing()["overdue"]["total"] == "0.00"
    assert not life.tasks("call") and not events(life, "AgreementBreached")
    mark, last = life.standing()["forbearance"], plan.payments[-1].due_date
    assert (mark["marked"], mark["since"]) == (True, f"{ASKED}")
    assert (mark["days_past_due"], mark["bucket"]) == (39, "31-60")
    assert mark["cured_on"] == f"{last}" and mark["redefaulted_on"] is None
    assert mark["probation_until"] == f"{last + 365 * DAY}"
    [made] = events(life, "AgreementMade")
    assert made["option"] == "payment_plan" and "schedule_version" not in made
    kinds = {each["kind"] for each in events(life, "MessageSent")[before:]}
    assert not kinds & PRESSING
    thanks = [text for _, subject, text, _ in life.ports.messenger.emails if "Thank" in subject]
    assert thanks and not any("When could you pay" in each for each in thanks)


def test_a_plan_that_breaks_brings_one_call_and_is_refitted(life: Life) -> None:
    offered(life)
    stage = life.standing()["case"]["stage"]
    plan = agreed(life)
    first = plan.payments[0]
    assert life.standing()["case"]["stage"] == "keep_agreement"
    life.until(plan.judged_on(first) - DAY)
    assert status(life) == "late" and not life.tasks("call")
    life.until(plan.judged_on(first))
    assert status(life) == "breached"
    [call] = life.tasks("call")
    assert "AG-1" in call.reason and "refit" in call.reason
    [breached] = events(life, "AgreementBreached")
    assert breached["on"] == f"{plan.judged_on(first)}"
    life.until(life.today + 5 * DAY)
    assert life.standing()["case"]["stage"] == stage
    assert len(events(life, "AgreementBreached")) == 1
    offered(life, "OF-2")
    refitted = agreed(life, "AG-2", offer_id="OF-2")
    assert refitted.arrears_minor == 30_000
    life.until(life.today + DAY)
    assert status(life) == "kept" and not life.tasks("call")
    pays(life, refitted.payments)
    life.until(life.today + DAY)
    assert status(life) == "completed"
    assert life.standing()["overdue"]["total"] == "0.00"


def test_what_comes_after_a_breach_cures_it(life: Life) -> None:
    offered(life)
    plan = agreed(life)
    first = plan.payments[0]
    life.until(plan.judged_on(first) + DAY)
    assert status(life) == "breached" and life.tasks("call")
    life.pay("L-1", first.amount_minor)
    life.until(life.today + DAY)
    assert status(life) == "cured" and not life.tasks("call")
