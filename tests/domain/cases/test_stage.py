"""Where a case should be: the ladder, its gates, and the way back down."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import NOTHING, Components
from recovery.domain.cases.stage import CaseState, Decision, Outcome, Stage, decide
from recovery.domain.monitoring.behaviour import RiskSignal
from recovery.domain.monitoring.buckets import bucket_of
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.policy import DEFAULT_POLICY

TODAY = date(2026, 6, 1)
LATE = (RiskSignal("late payment", "instalment 2, due 2026-05-01, was paid 9 days late"),)


def standing(days_past_due: int, outstanding: int = 500) -> Standing:
    oldest = TODAY - timedelta(days=days_past_due) if days_past_due else None
    return Standing(
        as_of=TODAY,
        days_past_due=days_past_due,
        days_delinquent=days_past_due,
        bucket=bucket_of(DEFAULT_POLICY.monitoring.buckets, days_past_due),
        overdue=Components(100) if days_past_due else NOTHING,
        outstanding=Components(outstanding),
        credit_minor=0,
        oldest_due_date=oldest,
        delinquent_since=oldest,
        next_due_date=None,
        next_due=NOTHING,
    )


def case(target_stage: Stage, **more) -> CaseState:
    return CaseState("L1-C1", TODAY - timedelta(days=20), target_stage, TODAY, **more)


def decision(
    days_past_due: int, state: CaseState | None, risks=(), policy=DEFAULT_POLICY.cases, **more
):
    return decide(policy, standing(days_past_due, **more), risks, state, TODAY, "EUR")


@pytest.mark.parametrize(
    ("days_past_due", "stage"),
    [
        (1, Stage.EARLY_MANAGEMENT),
        (30, Stage.EARLY_MANAGEMENT),
        (31, Stage.INTERMEDIATE_RECOVERY),
        (90, Stage.INTERMEDIATE_RECOVERY),
        (91, Stage.INTERMEDIATE_RECOVERY),  # never opens in court
        (400, Stage.INTERMEDIATE_RECOVERY),
    ],
)
def test_a_case_opens_at_the_stage_for_its_days_but_never_in_court(days_past_due, stage) -> None:
    assert decision(days_past_due, None).to is stage


def test_a_healthy_loan_has_no_case_and_a_risk_signal_opens_prevention() -> None:
    assert decision(0, None) is None
    opened = decision(0, None, LATE)
    assert opened.to is Stage.PREVENTION
    assert "9 days late" in opened.reason


def test_the_reason_states_days_amount_date_and_threshold() -> None:
    assert decision(31, None).reason == (
        "31 days delinquent, 1.00 EUR overdue since 2026-05-01; intermediate recovery starts at 31"
    )


@pytest.mark.parametrize(
    ("days_past_due", "target_stage", "to"),
    [
        (31, Stage.EARLY_MANAGEMENT, Stage.INTERMEDIATE_RECOVERY),
        (95, Stage.EARLY_MANAGEMENT, Stage.INTERMEDIATE_RECOVERY),
        (5, Stage.INTERMEDIATE_RECOVERY, Stage.EARLY_MANAGEMENT),
        (0, Stage.INTERMEDIATE_RECOVERY, Stage.PREVENTION),
        (0, Stage.EARLY_MANAGEMENT, Stage.PREVENTION),
        (40, Stage.JUDICIAL_RECOVERY, Stage.INTERMEDIATE_RECOVERY),
        (0, Stage.FILING, Stage.PREVENTION),
        (3, Stage.PREVENTION, Stage.EARLY_MANAGEMENT),
    ],
)
def test_a_case_moves_up_step_by_step_and_down_at_once(days_past_due, target_stage, to) -> None:
    assert decision(days_past_due, case(target_stage)).to is to


@pytest.mark.parametrize(
    ("days_past_due", "target_stage"),
    [
        (10, Stage.EARLY_MANAGEMENT),
        (60, Stage.INTERMEDIATE_RECOVERY),
        (120, Stage.JUDICIAL_RECOVERY),
        (120, Stage.FILING),
    ],
)
def test_a_case_already_at_its_stage_gets_no_signal(days_past_due, target_stage) -> None:
    assert decision(days_past_due, case(target_stage)) is None


def test_judicial_recovery_needs_a_notice_and_time_to_answer() -> None:
    target_stage = Stage.INTERMEDIATE_RECOVERY
    assert decision(120, case(target_stage)) is None
    young = case(target_stage, notice_on=TODAY - timedelta(days=13))
    assert decision(120, young) is None
    ripe = case(target_stage, notice_on=TODAY - timedelta(days=14))
    assert decision(120, ripe).to is Stage.JUDICIAL_RECOVERY
    assert "went unanswered" in decision(120, ripe).reason


def test_after_a_person_declines_judicial_recovery_waits_out_the_pause() -> None:
    ripe = case(
        Stage.INTERMEDIATE_RECOVERY,
        notice_on=TODAY - timedelta(days=20),
        judicial_not_before=TODAY + timedelta(days=1),
    )
    assert decision(120, ripe) is None
    assert decision(120, replace(ripe, judicial_not_before=TODAY)).to is Stage.JUDICIAL_RECOVERY


def test_probation_closes_a_calm_case_as_cured_unless_a_risk_remains() -> None:
    calm = case(Stage.PREVENTION, current_since=TODAY - timedelta(days=30))
    assert decision(0, calm) == Decision(
        Outcome.CURED, "nothing overdue for 30 days, probation is 30"
    )
    assert decision(0, calm, LATE) is None
    short = case(Stage.PREVENTION, current_since=TODAY - timedelta(days=29))
    assert decision(0, short) is None


def test_paying_everything_ends_any_case() -> None:
    for target_stage in Stage:
        assert decision(0, case(target_stage), outstanding=0).to is Outcome.PAID_OFF
    assert decision(0, None, outstanding=0) is None


def test_write_off_happens_only_if_the_policy_says_so() -> None:
    assert decision(400, case(Stage.JUDICIAL_RECOVERY)) is None
    policy = replace(DEFAULT_POLICY.cases, write_off_from_days=365)
    assert decision(400, case(Stage.JUDICIAL_RECOVERY), policy=policy).to is Outcome.WRITTEN_OFF
    assert decision(400, case(Stage.FILING), policy=policy) is None


def test_an_old_or_busy_execution_continues_as_new() -> None:
    old = case(Stage.EARLY_MANAGEMENT, execution_since=TODAY - timedelta(days=300))
    assert decision(10, old).to == "continue_as_new"
    busy = case(Stage.EARLY_MANAGEMENT, execution_signals=500)
    assert decision(10, busy).to == "continue_as_new"
