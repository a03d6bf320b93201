"""What leads a case to court, keeps it there, and brings it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.domain.agreements.restraints import Block, Kind
from recovery.domain.cases.court_path import next_look, on_court_path
from recovery.domain.cases.signals import follow
from recovery.domain.cases.stage import next_dates
from recovery.domain.cases.stages import BEFORE_COURT_ON, IN_COURT, Stage
from recovery.domain.policy import DEFAULT_POLICY
from tests.domain.cases.test_stage import NO_COURT, TODAY, case, holding, standing
from tests.domain.cases.test_stage import decision as decided

NOTICED = TODAY - timedelta(days=40)


def decision(days: int, state, restraints=(), **more):
    from recovery.domain.cases.stage import decide

    policy = DEFAULT_POLICY.cases
    return decide(*(policy, standing(days), (), state, TODAY, "EUR"), restraints=restraints, **more)


def test_pre_action_waits_until_it_is_ready_and_says_why_it_is() -> None:
    waits = case(Stage.PRE_ACTION, notice_on=NOTICED)
    assert decision(120, waits) is None
    ready = decision(120, waits, ready="what comes before ES_MONITORIO is proven")
    assert ready.to is Stage.JUDICIAL_RECOVERY and ready.reason.endswith("is proven")


def test_being_ready_opens_no_way_to_court_from_elsewhere() -> None:
    for stage in (Stage.PREVENTION, Stage.EARLY_MANAGEMENT, Stage.INTERMEDIATE_RECOVERY):
        found = decision(120, case(stage), ready="ready")
        assert found is None or found.to not in BEFORE_COURT_ON


def test_while_judicial_steps_are_held_nothing_becomes_ready() -> None:
    waits = case(Stage.PRE_ACTION, notice_on=NOTICED)
    assert decision(120, waits, NO_COURT, ready="ready") is None


@pytest.mark.parametrize("stage", [Stage.JUDICIAL_RECOVERY, Stage.FILING])
def test_a_restraint_withdraws_what_is_not_filed_yet(stage) -> None:
    held = decision(120, case(stage, notice_on=NOTICED), NO_COURT)
    assert held.to is Stage.PRE_ACTION
    assert "the dossier is withdrawn" in held.reason and Kind.HARDSHIP not in held.reason


@pytest.mark.parametrize("stage", [Stage.JUDICIAL_RECOVERY, Stage.FILING])
def test_news_renews_the_dossier_and_nothing_else_does(stage) -> None:
    waits = case(stage, notice_on=NOTICED)
    assert decision(120, waits) is None
    renewed = decision(120, waits, news=True)
    assert renewed.to is Stage.JUDICIAL_RECOVERY
    assert renewed.reason.startswith("facts came since the dossier")


def test_a_dossier_from_before_there_were_any_is_made_in_a_new_execution() -> None:
    old = case(Stage.JUDICIAL_RECOVERY, notice_on=NOTICED, definition=3)
    found = decision(120, old)
    followed, signal = follow("L1", old, 1, found, TODAY, 1)
    assert (signal.to, signal.resume_at) == ("continue_as_new", "judicial_recovery")
    assert followed.definition == 4


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.ON_HOLD, *IN_COURT)])
def test_what_is_with_the_court_is_in_proceedings_wherever_the_case_was(stage) -> None:
    found = decision(120, case(stage, notice_on=NOTICED), court="pending")
    assert found.to is Stage.IN_PROCEEDINGS


def test_a_suit_on_record_moves_the_case_whatever_is_held() -> None:
    found = decision(120, case(Stage.FILING), (holding(Block.JUDICIAL),), court="pending")
    assert found.to is Stage.IN_PROCEEDINGS


@pytest.mark.parametrize("stage", IN_COURT)
@pytest.mark.parametrize("days", [5, 40, 120])
def test_proceedings_go_on_until_nothing_is_overdue_or_facts_end_them(stage, days) -> None:
    waits = case(stage)
    for court in ("pending", "title"):
        assert decision(days, waits, court=court) is None
        assert decision(days, waits, court=court, news=True) is None
    assert decision(days, waits).to is Stage.INTERMEDIATE_RECOVERY
    assert decision(0, waits, court="pending").to is Stage.PREVENTION


def test_a_case_with_a_suit_opens_in_proceedings() -> None:
    assert decision(40, None, court="pending").to is Stage.IN_PROCEEDINGS
    assert decision(0, None, court="pending") is None


@pytest.mark.parametrize("stage", [Stage.FILING, *IN_COURT])
def test_an_agreement_and_a_lasting_hold_are_kept_and_lead_back(stage) -> None:
    """Death and insolvency stay the case too; afterwards the facts say where it is."""
    court = "" if stage is Stage.FILING else "pending"
    waits = case(stage, notice_on=NOTICED)
    agreed = replace(
        holding(Block.ESCALATION, Block.JUDICIAL, Block.CALLS, kind=Kind.AGREEMENT),
        until=TODAY + timedelta(days=90),
    )
    kept = decision(120, waits, (agreed,), court=court)
    assert kept.to is Stage.KEEP_AGREEMENT
    dead = holding(Block.ESCALATION, Block.JUDICIAL, kind=Kind.DEATH, until=None)
    assert decision(120, waits, (dead,), court=court).to is Stage.ON_HOLD
    held, _ = follow("L1", waits, 1, kept, TODAY, 1)
    assert held.held_at is stage
    back = decision(120, held, court=court).to
    assert back is (Stage.JUDICIAL_RECOVERY if stage is Stage.FILING else stage)


def test_a_lighter_standing_leads_back_from_every_step_before_court() -> None:
    for stage in (Stage.PRE_ACTION, Stage.JUDICIAL_RECOVERY, Stage.FILING):
        waits = case(stage, notice_on=NOTICED)
        assert decided(40, waits).to is Stage.INTERMEDIATE_RECOVERY
        assert decided(0, waits).to is Stage.PREVENTION
        assert decided(0, waits, outstanding=0).to == "paid_off"


def test_pre_action_is_looked_at_every_week_on_announced_days() -> None:
    since = TODAY - timedelta(days=20)
    assert next_look(since, TODAY) == since + timedelta(days=21)
    assert next_look(TODAY, TODAY) == TODAY + timedelta(days=7)
    waits = case(Stage.PRE_ACTION, notice_on=NOTICED, since=since)
    assert since + timedelta(days=21) in next_dates(DEFAULT_POLICY.cases, standing(120), waits)


def test_nothing_changes_for_a_case_that_is_not_on_the_way() -> None:
    target = Stage.EARLY_MANAGEMENT
    assert on_court_path(target, target, "late", "", (), TODAY) == (target, "late")
