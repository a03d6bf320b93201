"""Offers and agreements on record: who says yes, who approves, and what undoing leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.agreed import Offer
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.party import Party, PartyRecord
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.policy import PlanPolicy
from recovery.domain.outbox import Outbox
from recovery.domain.shared.errors import FactConflictError, RefusedError
from recovery.ports.accounting import LoanChange
from tests.builders import a_policy, a_schedule
from tests.conftest import wiring_of_fakes
from tests.households import a_capacity
from tests.life import ANOTHER, OFFICER, SUPERVISOR, Life

DAY = timedelta(days=1)
TODAY = date(2026, 4, 10)
KNOWN = CapacityInForce(
    assessment_id="A-1",
    person_id="B-1",
    assessed_on=date(2026, 1, 1),
    valid_until=date(2027, 1, 1),
    policy_version=1,
    capacity=a_capacity(15_000),
)


def a_life(wiring) -> Life:
    """200.00 overdue; the household can pay 150.00 in a month."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(8, Components(10_000), date(2026, 3, 2)))
    life.ports.people.capacities["B-1"] = KNOWN
    life.until(TODAY)
    return life


@pytest.fixture
def life(wiring) -> Life:
    return a_life(wiring)


def offer(life: Life, fact_id: str = "OF-1", **fields) -> Offer:
    fields.setdefault("difficulty", "more_costs")
    fact = life.say("L-1", "offer", fact_id=fact_id, **fields).record.fact
    assert isinstance(fact, Offer)
    return fact


def agree(life: Life, by=OFFICER, **fields):
    said = {
        **{"fact_id": "AG-1", "offer_id": "OF-1", "option": "payment_plan"},
        **{"yes": "paper", "proof": "DOC-1", "signed_by": ["B-1"]},
        **fields,
    }
    return life.say("L-1", "agreement", by=by, **said)


def refused(life: Life, by=OFFICER, **fields) -> set[str]:
    before = life.ports.loans.load("L-1"), life.ports.loans.recorded("L-1")
    with pytest.raises(RefusedError) as raised:
        agree(life, by=by, **fields)
    assert (life.ports.loans.load("L-1"), life.ports.loans.recorded("L-1")) == before
    return {each.field for each in raised.value.problems}


def add_party(life: Life, person_id: str, role: str) -> None:
    party = Party(person_id=person_id, role=role, from_on=date(2026, 1, 2))
    record = PartyRecord(party=party, recorded_by="ana", recorded_at=life.ports.now())
    stored, outbox = life.ports.loans.load("L-1"), Outbox(f"party-{person_id}", life.today)
    change = LoanChange(stored.loan, stored.loan, stored.state, outbox, parties=(record,))
    life.ports.loans.commit(change)
    life.settle()


def is_forbearance(options) -> str:
    """Return an option that makes a new schedule."""
    return next(each.kind for each in options if each.action)


def test_an_offer_keeps_all_that_was_considered(life: Life) -> None:
    made = offer(life)
    kinds = [each.kind for each in (*made.options, *made.refused)]
    assert len(kinds) == len(set(kinds)) == 12
    assert (made.assessment_id, made.overdue_minor, made.signers) == ("A-1", 20_000, ("B-1",))
    assert made.expires_on == TODAY + 14 * DAY
    assert made.difficulty == "more_costs" and made.days_past_due == 39


def test_a_plan_starts_on_a_later_day_and_is_in_force_at_once(life: Life) -> None:
    plan = offer(life, difficulty="one_off", starts_on="2026-06-01").find("payment_plan")
    assert plan.parts[0].due_date == date(2026, 6, 2)
    assert sum(each.amount_minor for each in plan.parts) == 20_000
    assert plan.payments[0].due_date == date(2026, 5, 2)  # what falls due meanwhile goes on
    agree(life)
    life.until(date(2026, 5, 1))
    assert life.standing()["plans"][0]["status"] == "kept" and not life.tasks("call")


def test_an_offer_needs_a_capacity_in_force(life: Life) -> None:
    life.ports.people.capacities["B-1"] = replace(KNOWN, valid_until=TODAY - DAY)
    with pytest.raises(RefusedError, match="not known"):
        offer(life)


def test_a_repeat_changes_nothing_and_another_body_is_a_conflict(life: Life) -> None:
    offer(life)
    assert agree(life).recorded and not agree(life).recorded
    with pytest.raises(FactConflictError):
        agree(life, proof="DOC-2")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"offer_id": "OF-9"}, "offer_id"),
        ({"option": "settlement"}, "option"),
        ({"proof": None}, "proof"),
        ({"yes": "read_aloud", "proof": None}, "proof"),
        ({"signed_by": ["B-9"]}, "signed_by"),
        ({"consented": ["B-9"]}, "consented"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_half_agreed(life: Life, fields, field) -> None:
    offer(life)
    body = {"proof": "DOC-1", **fields}
    assert field in refused(life, **body)


def test_an_offer_ends_with_its_last_day_and_with_a_change_of_the_arrears(life: Life) -> None:
    offer(life, expires_on="2026-04-12")
    life.until(date(2026, 4, 12))
    assert "offer_id" not in refused(life, signed_by=["B-9"])
    life.pay("L-1", 100)
    assert "offer_id" in refused(life)
    offer(life, "OF-2", expires_on="2026-04-12")
    life.until(date(2026, 4, 13))
    assert refused(life, offer_id="OF-2") == {"offer_id"}


def test_all_debtors_sign_and_each_guarantor_consents_or_is_given_up(life: Life) -> None:
    add_party(life, "B-2", "co_borrower")
    add_party(life, "B-3", "guarantor")
    made = offer(life)
    assert (made.signers, made.guarantors) == (("B-1", "B-2"), ("B-3",))
    assert refused(life) == {"signed_by", "consented"}
    both = {"signed_by": ["B-1", "B-2"]}
    assert refused(life, **both, consented=["B-3"], lost=["B-3"]) == {"lost"}
    agreed = agree(life, **both, lost=["B-3"]).record.fact
    assert agreed.lost == ("B-3",)
    [row] = [e for e in life.ports.loans.recorded("L-1").parties if e.party.person_id == "B-3"]
    assert row.party.until == life.today and "without consent" in row.ended_because
    assert offer_to_all(life).guarantors == ()
    life.say("L-1", "undo", by=SUPERVISOR, undoes="AG-1")
    [row] = [e for e in life.ports.loans.recorded("L-1").parties if e.party.person_id == "B-3"]
    assert (row.party.until, row.ended_because, row.was_until) == (None, None, None)


def offer_to_all(life: Life) -> Offer:
    """An offer of the next day."""
    life.until(life.today + DAY)
    return offer(life, "OF-9")


def test_the_officer_does_not_approve_what_hides_arrears(life: Life) -> None:
    made = offer(life, difficulty="less_income")
    kind = is_forbearance(made.options)
    assert refused(life, option=kind) == {"by"}
    also_officer = replace(SUPERVISOR, name=OFFICER.name)
    assert refused(life, by=also_officer, option=kind) == {"by"}
    assert agree(life, by=SUPERVISOR, option=kind).recorded


def test_a_new_schedule_comes_with_the_yes_and_goes_with_its_undoing(life: Life) -> None:
    kind = is_forbearance(offer(life, difficulty="less_income").options)
    before = life.ports.loans.load("L-1")
    shown = life.ports.loans.recorded("L-1").facts[-1].fact.find(kind)
    agree(life, by=SUPERVISOR, option=kind)
    after = life.ports.loans.load("L-1")
    owed = sum(each.due.total for each in after.loan.schedule)
    paid = sum(each.total for each in after.state.position.paid)
    assert owed - paid == shown.total_minor
    assert after.loan.schedule_version == 2 and life.standing()["overdue"]["total"] == "0.00"
    [made] = [e.detail for e in life.ports.bus.events if e.name == "AgreementMade"]
    assert made["schedule_version"] == 2 and made["parts"] == []
    with pytest.raises(RefusedError, match="came with agreement AG-1"):
        life.say("L-1", "undo", undoes="AG-1.schedule")
    life.say("L-1", "undo", by=SUPERVISOR, undoes="AG-1")
    back = life.ports.loans.load("L-1")
    assert back.loan == before.loan and back.state.position == before.state.position
    assert life.standing()["overdue"]["total"] == "200.00"
    counting = life.ports.loans.recorded("L-1").counting()
    assert not any(isinstance(each.fact, ScheduleVersion) for each in counting)


def test_agreement_then_undo_is_as_before(life: Life) -> None:
    offer(life)
    before = life.ports.loans.load("L-1")
    agree(life)
    assert life.standing()["plans"] and life.standing()["held_by"]
    with pytest.raises(RefusedError, match="was accepted as agreement AG-1"):
        life.say("L-1", "undo", undoes="OF-1")
    life.say("L-1", "undo", undoes="AG-1")
    after = life.ports.loans.load("L-1")
    assert after.loan == before.loan
    assert after.state.case.target_stage is before.state.case.target_stage
    for name in ("position", "restraints", "standing", "closed"):
        assert getattr(after.state, name) == getattr(before.state, name)
    assert after.state.facts.plans == ()


def test_a_second_plan_waits_for_the_first_to_end_and_a_third_for_a_supervisor(life: Life) -> None:
    offer(life)
    agree(life)
    assert refused(life, fact_id="AG-2") == {"offer_id"}
    life.say("L-1", "agreement_end", agreement_id="AG-1")
    assert life.standing()["plans"][0]["status"] == "ended"
    with pytest.raises(RefusedError, match="ended already"):
        life.say("L-1", "agreement_end", agreement_id="AG-1")
    agree(life, fact_id="AG-2")
    life.say("L-1", "agreement_end", agreement_id="AG-2")
    assert refused(life, fact_id="AG-3") == {"offer_id"}
    assert agree(life, by=SUPERVISOR, fact_id="AG-3").recorded


def test_two_people_agree_above_an_amount(life: Life) -> None:
    policy = a_policy(plans=PlanPolicy(two_people_from={"EUR": 20_000}), version=2)
    life.ports.institutions.save_policy("umoja", policy)
    for each in ("OF-0", "OF-1"):
        offer(life, each)
    assert agree(life, by=SUPERVISOR, fact_id="AG-0", offer_id="OF-0").asks
    asked = agree(life, by=SUPERVISOR)
    assert asked.asks and not asked.recorded and life.standing()["plans"] == []
    assert agree(life, by=SUPERVISOR).asks.decision_id == asked.asks.decision_id
    assert life.standing()["plans"] == []
    assert agree(life, by=ANOTHER).recorded
    assert life.standing()["plans"][0]["status"] == "kept"
    withdrawn, decision = life.ports.cases.decisions_of("L-1")
    assert (withdrawn.about, withdrawn.outcome) == ("OF-0.payment_plan", "withdrawn")
    assert decision.outcome == "approved" and decision.decided_by.name == ANOTHER.name


class CrashError(Exception):
    """The process stopped."""


class Stopping:
    """Lets the write of this number stop the process."""

    def __init__(self, at: int) -> None:
        self.at, self.made = at, 0

    def count(self) -> None:
        self.made += 1
        if self.made == self.at:
            raise CrashError


def crashing(life: Life, at: int) -> Stopping:
    stopping = Stopping(at)

    def stops(port, method: str) -> None:
        works = getattr(port, method)

        def may_stop(*args, **kwargs):
            stopping.count()
            return works(*args, **kwargs)

        setattr(port, method, may_stop)

    ports = life.ports
    for port, methods in (
        (ports.loans, ("commit", "save_state", "acknowledge")),
        (ports.tasks, ("add",)),
        (ports.timeline, ("add",)),
        (ports.bus, ("publish",)),
    ):
        for method in methods:
            stops(port, method)
    return stopping


@pytest.mark.parametrize("difficulty", ["more_costs", "less_income"])
def test_nothing_is_half_agreed_after_a_crash_at_any_step(difficulty) -> None:
    plan_only = difficulty == "more_costs"
    whole = {"agreement"} if plan_only else {"agreement", "schedule_version"}
    for at in range(1, 40):
        life = a_life(wiring_of_fakes())
        options = offer(life, difficulty=difficulty).options
        kind = "payment_plan" if plan_only else is_forbearance(options)
        stopping = crashing(life, at)
        try:
            agree(life, by=SUPERVISOR, option=kind)
        except (CrashError, AssertionError):  # the latter: a review reports that it failed
            assert stopping.made >= at
        is_last, stopping.at = stopping.made < at, 0
        kinds = {each.kind for each in life.ports.loans.recorded("L-1").facts} - {"offer"}
        assert kinds in (set(), whole)
        state = life.ports.loans.load("L-1").state
        assert bool(state.facts.plans) == (plan_only and bool(kinds))
        agree(life, by=SUPERVISOR, option=kind)
        life.until(TODAY + DAY)
        assert life.standing()["overdue"]["total"] == ("200.00" if plan_only else "0.00")
        assert [each for each in life.ports.bus.events if each.name == "AgreementMade"]
        if is_last:
            break
    assert is_last and at > 3
