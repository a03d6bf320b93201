"""Where a case should be: the ladder, its gates, and the way back down."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import NOTHING, Components
from recovery.domain.agreements.restraints import EVERYTHING, Block, Kind, Restraint
from recovery.domain.cases.stage import CaseState, Decision, bar_to, decide, next_dates
from recovery.domain.cases.stages import DEFINITION, Outcome, Stage
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
    since = more.pop("since", TODAY - timedelta(days=20))
    known = {"definition": DEFINITION, **more}
    return CaseState("L1-C1", TODAY - timedelta(days=20), target_stage, since, **known)


def decision(
    days_past_due: int,
    state: CaseState | None,
    risks=(),
    policy=DEFAULT_POLICY.cases,
    restraints=(),
    **more,
):
    return decide(
        policy, standing(days_past_due, **more), risks, state, TODAY, "EUR", restraints=restraints
    )


def holding(*blocks: str, kind: str = Kind.HARDSHIP, until: date | None = TODAY) -> Restraint:
    return Restraint(kind, TODAY - timedelta(days=5), until, frozenset(blocks), "form 7")


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
        (120, Stage.FILING),
    ],
)
def test_a_case_already_at_its_stage_gets_no_signal(days_past_due, target_stage) -> None:
    assert decision(days_past_due, case(target_stage)) is None


def test_judicial_recovery_lasts_as_long_as_its_notice_holds() -> None:
    """Also after a hold that outlasted the pause which an answer brought."""
    assert (
        decision(120, case(Stage.JUDICIAL_RECOVERY, notice_on=TODAY - timedelta(days=40))) is None
    )
    back = decision(120, case(Stage.JUDICIAL_RECOVERY))
    assert (back.to, back.reason) == (
        Stage.INTERMEDIATE_RECOVERY,
        "the notice before judicial recovery is answered",
    )


def test_judicial_recovery_needs_a_notice_and_time_to_answer() -> None:
    target_stage = Stage.INTERMEDIATE_RECOVERY
    assert decision(120, case(target_stage)) is None
    young = case(target_stage, notice_on=TODAY - timedelta(days=13))
    assert decision(120, young) is None
    ripe = case(target_stage, notice_on=TODAY - timedelta(days=14))
    assert decision(120, ripe).to is Stage.PRE_ACTION
    assert "went unanswered" in decision(120, ripe).reason


def test_a_notice_from_an_earlier_stage_leaves_its_whole_time_to_answer() -> None:
    """Else a hold that ends would lead through intermediate recovery in a day."""
    old = TODAY - timedelta(days=40)
    fresh = case(Stage.INTERMEDIATE_RECOVERY, notice_on=old, since=TODAY - timedelta(days=13))
    assert decision(120, fresh) is None
    assert TODAY + timedelta(days=1) in next_dates(DEFAULT_POLICY.cases, standing(120), fresh)
    ripe = replace(fresh, target_stage_since=TODAY - timedelta(days=14))
    assert decision(120, ripe).to is Stage.PRE_ACTION


def test_after_a_person_declines_judicial_recovery_waits_out_the_pause() -> None:
    ripe = case(
        Stage.INTERMEDIATE_RECOVERY,
        notice_on=TODAY - timedelta(days=20),
        judicial_not_before=TODAY + timedelta(days=1),
    )
    assert decision(120, ripe) is None
    assert decision(120, replace(ripe, judicial_not_before=TODAY)).to is Stage.PRE_ACTION


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


def test_days_past_due_alone_write_nothing_off() -> None:
    policy = replace(DEFAULT_POLICY.cases, write_off_from_days=365)
    late = case(Stage.JUDICIAL_RECOVERY, notice_on=TODAY - timedelta(days=300))
    assert decision(400, late, policy=policy) is None


def test_an_old_or_busy_execution_continues_as_new() -> None:
    old = case(Stage.EARLY_MANAGEMENT, execution_since=TODAY - timedelta(days=300))
    assert decision(10, old).to == "continue_as_new"
    busy = case(Stage.EARLY_MANAGEMENT, execution_signals=500)
    assert decision(10, busy).to == "continue_as_new"


NO_ESCALATION = (holding(Block.ESCALATION),)
NO_COURT = (holding(Block.JUDICIAL),)


@pytest.mark.parametrize(
    ("days_past_due", "stage"),
    [(0, Stage.PREVENTION), (10, Stage.EARLY_MANAGEMENT), (40, Stage.EARLY_MANAGEMENT)],
)
def test_while_escalation_is_held_a_case_opens_no_further_than_early(days_past_due, stage) -> None:
    assert decision(days_past_due, None, LATE, restraints=NO_ESCALATION).to is stage


def test_a_held_opening_says_until_when_but_not_why() -> None:
    opened = decision(120, None, restraints=NO_ESCALATION)
    assert opened.to is Stage.EARLY_MANAGEMENT
    assert "escalation is held until 2026-06-01" in opened.reason
    assert "hardship" not in opened.reason
    endless = (holding(Block.ESCALATION, until=None),)
    assert "until further notice" in decision(120, None, restraints=endless).reason


@pytest.mark.parametrize(
    ("days_past_due", "target_stage"),
    [
        (3, Stage.PREVENTION),
        (31, Stage.EARLY_MANAGEMENT),
        (120, Stage.EARLY_MANAGEMENT),
        (120, Stage.INTERMEDIATE_RECOVERY),
    ],
)
def test_while_escalation_is_held_no_case_moves_up(days_past_due, target_stage) -> None:
    ripe = case(target_stage, notice_on=TODAY - timedelta(days=14))
    assert decision(days_past_due, ripe) is not None
    assert decision(days_past_due, ripe, restraints=NO_ESCALATION) is None
    ended = (holding(Block.ESCALATION, until=TODAY - timedelta(days=1)),)
    assert decision(days_past_due, ripe, restraints=ended) is not None


@pytest.mark.parametrize("days_past_due", [0, 10, 40, 120])
@pytest.mark.parametrize("target_stage", Stage)
def test_a_restraint_never_stops_a_case_from_easing_or_ending(days_past_due, target_stage) -> None:
    calm = None if days_past_due else TODAY - timedelta(days=30)
    state = case(target_stage, current_since=calm)
    free = decision(days_past_due, state)
    held = decision(days_past_due, state, restraints=(holding(*EVERYTHING),))
    order = list(Stage)
    if free and free.to in order and order.index(free.to) > order.index(target_stage):
        assert held is None
    elif held and held.to is Stage.PRE_ACTION:  # nothing is filed while it holds
        assert (free, target_stage) == (None, Stage.FILING)
    else:
        assert held == free
    paid = decision(0, state, outstanding=0, restraints=(holding(*EVERYTHING),))
    assert paid.to is Outcome.PAID_OFF


def test_an_old_execution_continues_as_new_while_everything_is_held() -> None:
    old = case(Stage.EARLY_MANAGEMENT, execution_since=TODAY - timedelta(days=300))
    assert decision(40, old, restraints=(holding(*EVERYTHING),)).to == "continue_as_new"


def test_while_judicial_steps_are_held_amicable_recovery_goes_on() -> None:
    early = case(Stage.EARLY_MANAGEMENT)
    assert decision(120, early, restraints=NO_COURT).to is Stage.INTERMEDIATE_RECOVERY
    ripe = case(Stage.INTERMEDIATE_RECOVERY, notice_on=TODAY - timedelta(days=14))
    assert decision(120, ripe, restraints=NO_COURT) is None


def test_messages_calls_and_charges_that_are_held_move_no_stage() -> None:
    others = holding(*(EVERYTHING - {Block.ESCALATION, Block.JUDICIAL}))
    ripe = case(Stage.INTERMEDIATE_RECOVERY, notice_on=TODAY - timedelta(days=14))
    assert decision(120, ripe, restraints=(others,)).to is Stage.PRE_ACTION


def test_filing_is_barred_by_either_and_the_longer_one_is_named() -> None:
    longer = holding(Block.JUDICIAL, until=TODAY + timedelta(days=9))
    bars = (*NO_ESCALATION, longer)
    assert bar_to(Stage.FILING, Stage.JUDICIAL_RECOVERY, bars, TODAY) == longer
    assert bar_to(Stage.FILING, Stage.JUDICIAL_RECOVERY, NO_ESCALATION, TODAY) == NO_ESCALATION[0]
    assert bar_to(Stage.INTERMEDIATE_RECOVERY, Stage.JUDICIAL_RECOVERY, bars, TODAY) is None
    assert bar_to(Stage.FILING, Stage.JUDICIAL_RECOVERY, (), TODAY) is None


@pytest.mark.parametrize("is_held", [False, True])
def test_a_case_that_waits_for_approval_goes_back_once_its_notice_is_answered(is_held) -> None:
    waiting = case(Stage.JUDICIAL_RECOVERY, notice_on=TODAY - timedelta(days=30))
    answered = replace(waiting, notice_on=None, judicial_not_before=TODAY + timedelta(days=30))
    if is_held:
        waiting, answered = (
            replace(each, target_stage=Stage.ON_HOLD, held_at=Stage.JUDICIAL_RECOVERY)
            for each in (waiting, answered)
        )
    back = decision(100, answered)
    assert (back.to, "is answered" in back.reason) == (Stage.INTERMEDIATE_RECOVERY, True)
    still = decision(100, waiting)
    assert still is None or still.to is Stage.JUDICIAL_RECOVERY


def test_a_case_that_was_filed_stays_with_people_whatever_answers_its_notice() -> None:
    pause_ends = TODAY + timedelta(days=30)
    assert decision(100, case(Stage.FILING, judicial_not_before=pause_ends)) is None


def test_a_plan_in_force_keeps_the_case_apart_however_short_and_a_breach_brings_it_back() -> None:
    kept = Restraint(
        Kind.AGREEMENT,
        TODAY - timedelta(days=1),
        TODAY + timedelta(days=5),
        frozenset({Block.CALLS, Block.ARREARS, Block.ESCALATION}),
        "plan",
    )
    early = case(Stage.EARLY_MANAGEMENT)
    assert decision(20, early, restraints=(kept,)).to is Stage.KEEP_AGREEMENT
    waiting = case(Stage.KEEP_AGREEMENT, held_at=Stage.EARLY_MANAGEMENT)
    assert decision(100, waiting, restraints=(kept,)) is None
    assert decision(0, waiting, restraints=(kept,)) is None  # the arrears are in, parts to come
    breached = replace(kept, blocks=frozenset({Block.ESCALATION, Block.JUDICIAL}))
    back = decision(100, waiting, restraints=(breached,))
    assert back.to is Stage.EARLY_MANAGEMENT and "the hold has ended" in back.reason
    hardship = replace(kept, kind=Kind.HARDSHIP, until=None)
    assert decision(20, waiting, restraints=(kept, hardship)).to is Stage.ON_HOLD
    on_hold = replace(waiting, target_stage=Stage.ON_HOLD)
    assert decision(20, on_hold, restraints=(kept,)).to is Stage.KEEP_AGREEMENT
