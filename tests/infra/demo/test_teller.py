"""Every story of the demo, played on fakes to its end."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from infra.demo.agreed import read_agreed
from infra.demo.house_rules import put_in_force
from infra.demo.sample_portfolio import make_sample_portfolio
from infra.demo.stories import stories, with_stories, write_facts
from infra.demo.teller import Teller
from recovery.documents.intake.files import stage_portfolio
from recovery.documents.intake.manifest import Manifest
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.payment_plan import plans_of
from recovery.domain.shared.money import to_minor
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.intake.import_portfolio import import_portfolio
from recovery.use_cases.judicial.read_judicial import read_judicial
from tests.conftest import wiring_of_fakes
from tests.life import BANK, Life

START = date(2026, 5, 28)
DAY = timedelta(days=1)
FILES = ("borrowers", "loans", "instalments", "payments", "facts")


class Told(Life):
    """The stories on fakes, with tasks done as the demo's staff does them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(wiring_of_fakes(), START - DAY)
        sample = make_sample_portfolio(loans=1, seed=1, start=START, end=START)
        with_stories(sample, START).write(folder)
        write_facts(folder, START)
        streams = {kind: (folder / f"{kind}.csv").open("rb") for kind in FILES}
        with stage_portfolio(streams, workspace=folder) as staged:
            assert list(staged.rejections()) == []
            names = {kind: f"{kind}.csv" for kind in FILES}
            imported = import_portfolio(
                *(staged, "umoja", self._now(), self.ports),
                delivery_id="D-1",
                manifest=Manifest(names),
            )
        assert imported.rejections == []
        for each in stories():
            self.ports.borrowers.loans[each.person_id] = [each.loan]
        put_in_force("umoja", START, self.ports)
        self.teller = Teller("umoja", self.ports, stories(), START, self._paid)
        self.settle()

    def play(self, days: int) -> None:
        self.until(START + days * DAY, self._day)

    def _day(self) -> None:
        self.teller.pay_what_is_due(self.today)
        self.settle()
        self.teller.take(self.today)
        self.settle()

    def _paid(self, loan_id: str, payment_id: str, amount: str, currency: str, on: date) -> None:
        payment = Payment(payment_id, on, to_minor(amount, currency))
        request = PaymentRequest(payment, loan_id, currency)
        take_payment(request, BANK, self._now(), self.ports)
        self.settle()


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    told = Told(tmp_path_factory.mktemp("stories"))
    told.play(182)
    return told


def stages(told: Told, loan_id: str) -> list[str]:
    """Return where the case went, in order, as the timeline says."""
    texts = (e.text for e in told.ports.timeline.entries(loan_id) if e.kind == "decision")
    found = (re.search(r" (?:opens at|goes to) ([a-z ]+):", each) for each in texts)
    return [each[1] for each in found if each]


def plans(told: Told, loan_id: str) -> list[str]:
    return [each["status"] for each in told.standing(loan_id)["plans"]]


def test_every_story_is_told_to_the_end(told: Told) -> None:
    assert told.teller.unfinished() == []


def test_a_plan_is_kept_to_the_end_after_kind_words(told: Told) -> None:
    record = told.ports.loans.recorded("PLAN-KEPT")
    [plan] = plans_of(record)
    assert plan.turns[-1].status == "completed"
    way = stages(told, "PLAN-KEPT")
    assert way[0] == "early management" and way.count("keep agreement") == 1
    assert way[-1] == "cured"


def test_a_plan_that_breaks_is_refitted_and_the_second_one_kept(told: Told) -> None:
    first, second = plans_of(told.ports.loans.recorded("PLAN-REFITTED"))
    assert "breached" in [each.status for each in first.turns]
    assert second.turns[-1].status == "completed"
    assert told.standing("PLAN-REFITTED")["overdue"]["total"] == "0.00"


def test_in_a_lean_season_the_due_days_move_and_the_core_confirms(told: Told) -> None:
    kinds = [each.kind for each in told.ports.loans.recorded("LEAN-SEASON").counting()]
    assert {"shift", "booked"} & set(kinds) and "agreement" in kinds
    stored = told.ports.loans.load("LEAN-SEASON")
    assert stored.loan.schedule != stored.loan.schedule_agreed
    assert told.standing("LEAN-SEASON")["days_past_due"] == 0


def test_who_no_lower_instalment_helps_settles(told: Told) -> None:
    recorded = told.ports.loans.recorded("SETTLEMENT")
    [offer] = [each.fact for each in recorded.counting() if each.kind == "offer"]
    assert [each.kind for each in offer.options] == ["settlement"]
    assert told.ports.loans.load("SETTLEMENT").state.position and plans(told, "SETTLEMENT") == [
        "completed"
    ]


def test_what_broke_goes_to_judgment_with_a_complete_dossier(told: Told) -> None:
    way = stages(told, "TO-JUDGMENT")
    assert way[1:] == ["pre action", "judicial recovery", "in proceedings"]
    [suit] = read_judicial("TO-JUDGMENT", told.ports.now(), told.ports)["proceedings"]
    assert suit["judgment"]["for"] == "creditor" and suit["title_on"]
    decisions = told.ports.cases.decisions_of("TO-JUDGMENT")
    by = {each.decided_by.name for each in decisions if each.outcome == "approved"}
    assert len(by) == 2
    dossier = told.ports.dossiers.find("TO-JUDGMENT", decisions[0].decision_id.removesuffix("-2"))
    assert dossier.contents["decision"]["procedure"] == "ES_MONITORIO"
    assert dossier.contents["decision"]["missing"] == ["AMICABLE_NOT_EXHAUSTED"]
    assert dossier.contents["confirmed"] == ["AMICABLE_NOT_EXHAUSTED"]


def test_from_court_a_way_leads_back_into_a_plan_that_is_kept(told: Told) -> None:
    way = stages(told, "FROM-COURT")
    assert way[:2] == ["in proceedings", "keep agreement"] and way[-1] == "cured"
    assert plans(told, "FROM-COURT") in ([], ["completed"])


def test_nothing_goes_to_court_that_is_too_old_disputed_declined_or_just_paid(told: Told) -> None:
    assert stages(told, "TOO-OLD")[-1] == stages(told, "DISPUTED")[-1] == "on hold"
    limits = [e for e in told.ports.timeline.entries("TOO-OLD") if e.kind == "limitation"]
    assert limits
    outcomes = {
        loan_id: [each.outcome for each in told.ports.cases.decisions_of(loan_id)]
        for loan_id in ("DECLINED", "PAID-THAT-DAY")
    }
    assert outcomes["DECLINED"] == ["declined"]
    assert sorted(outcomes["PAID-THAT-DAY"]) == ["approved", "withdrawn"]
    for loan_id in ("TOO-OLD", "DISPUTED", "DECLINED", "PAID-THAT-DAY"):
        assert not {"filing", "in proceedings"} & set(stages(told, loan_id))


def test_the_summary_counts_what_is_on_record(told: Told) -> None:
    loan_ids = [each.loan for each in stories()]
    found = read_agreed(loan_ids, told.teller.lost_minor, told.today, told.ports)
    assert (found.accepted, found.broken, found.refitted) == (6, 1, 1)
    assert found.kept + found.in_force == 5 and found.offered > found.accepted
    assert all(minor > 0 for minor in found.cured.values()) and len(found.cured) == 3
    assert found.lost["EUR"] > 0
