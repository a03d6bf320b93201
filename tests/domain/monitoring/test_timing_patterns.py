"""Delays, drift, seasons, checkpoints and the first payment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.monitoring.pattern import PatternKind as Kind
from recovery.domain.monitoring.pattern_policy import PatternPolicy
from tests.payers import a_line, a_payer, found, kinds, one

SELLER = (0, 0, 1, 1, 2, 3, 3, 4, 4)  # nine instalments, all within five days of grace


def test_drifting_later_is_seen_within_the_grace_days_with_every_date_as_evidence() -> None:
    drift = one(found(a_payer(*SELLER)), Kind.DRIFTING_LATER)
    assert (drift.count, drift.looked_at) == (9, 9)
    late = [(row.paid_off_on - row.due_date).days for row in drift.evidence if row.paid_off_on]
    assert tuple(late) == SELLER


@pytest.mark.parametrize(
    "late",
    [
        (0,) * 9,
        (4,) * 9,  # always late is another pattern
        (0, 3, 1, 4, 0, 2, 4, 1, 3),  # no trend
        (0, 0, 0, 0, 0, 0, 0, 0, 20),  # one outlier
        (-9, -8, -7, -6, -5, -4, -3, -2, -1),  # early all the same
        tuple(reversed(SELLER)),
        (0, 1, 2, 3),  # too few
    ],
)
def test_what_is_no_trend_is_not_drifting(late) -> None:
    assert Kind.DRIFTING_LATER not in kinds(a_payer(*late))


def test_frequent_delays_count_those_in_sight_and_grow_with_them() -> None:
    assert Kind.FREQUENT_DELAYS not in kinds(a_payer(0, 0, 3, 0))
    few, more = (
        one(found(a_payer(*days)), Kind.FREQUENT_DELAYS) for days in ((2, 0, 3), (2, 3, 3))
    )
    assert (few.count, few.looked_at, more.count) == (2, 3, 3)
    assert more.level > few.level
    long_ago = (9, 9, *(0,) * 9)
    assert Kind.FREQUENT_DELAYS not in kinds(a_payer(*long_ago))


def test_the_last_delay_weighs_with_its_days() -> None:
    levels = [one(found(a_payer(0, days)), Kind.LATE_LAST_TIME).level for days in (1, 3, 9, 24)]
    assert levels == sorted(set(levels))
    assert Kind.LATE_LAST_TIME not in kinds(a_payer(9, 0))


def test_a_policy_may_call_late_only_what_is_later() -> None:
    policy = replace(PatternPolicy(), late_from_days=3)
    assert Kind.LATE_LAST_TIME not in kinds(a_payer(0, 2), policy)
    assert Kind.LATE_LAST_TIME in kinds(a_payer(0, 3), policy)


@pytest.mark.parametrize(("late", "is_one"), [((4, 0), False), ((5, 0), True), ((0, 30), False)])
def test_first_payment_default_is_about_the_first_one_alone(late, is_one: bool) -> None:
    assert (Kind.FIRST_PAYMENT_DEFAULT in kinds(a_payer(*late))) is is_one


def test_a_first_payment_that_never_came_is_one_too() -> None:
    payer = a_payer(None, as_of=date(2026, 2, 10))
    assert Kind.FIRST_PAYMENT_DEFAULT in kinds(payer)
    assert Kind.FIRST_PAYMENT_DEFAULT not in kinds(replace(payer, as_of=date(2026, 2, 4)))


def test_a_season_is_the_same_months_in_different_years() -> None:
    year = [6 if month in (3, 4) else 0 for month in range(12)]
    seasons = one(found(a_payer(*year, *year)), Kind.SEASONAL)
    assert {row.due_date.month for row in seasons.evidence} == {5, 6}
    assert Kind.SEASONAL not in kinds(a_payer(*year))  # one year is no season
    assert Kind.SEASONAL not in kinds(a_payer(*[6] * 24))
    scattered = [6 if month in (1, 5, 8, 14, 18, 22) else 0 for month in range(24)]
    assert Kind.SEASONAL not in kinds(a_payer(*scattered))


@pytest.mark.parametrize(("late_ones", "is_behind"), [(0, False), (1, False), (2, True), (4, True)])
def test_who_pays_weekly_is_looked_at_inside_the_month(late_ones: int, is_behind: bool) -> None:
    days = [3] * late_ones + [0] * (4 - late_ones)
    lines = [a_line(n, late, gap_days=7) for n, late in enumerate((*[0] * 8, *days), start=1)]
    payer = a_payer(lines=tuple(lines), as_of=lines[-1].due_date + timedelta(days=4))
    assert (Kind.BEHIND_AT_CHECKPOINT in kinds(payer)) is is_behind


def test_who_pays_daily_has_the_checkpoint_too_and_who_pays_monthly_has_none() -> None:
    lines = [a_line(n, 2 if n > 20 else 0, gap_days=1) for n in range(1, 41)]
    payer = a_payer(lines=tuple(lines), as_of=lines[-1].due_date + timedelta(days=3))
    behind = one(found(payer), Kind.BEHIND_AT_CHECKPOINT)
    assert behind.count == 20
    assert Kind.BEHIND_AT_CHECKPOINT not in kinds(a_payer(*[9] * 12))


@pytest.mark.parametrize(
    ("late", "is_one"),
    [
        ((-6, 3, -2, 4), True),
        ((-6, 3, -2, 9), False),  # not sound
        ((0, 1, 0, 1), False),  # not irregular
        ((-9, -1, -7, 0), False),  # never late
    ],
)
def test_irregular_but_sound(late, is_one: bool) -> None:
    assert (Kind.IRREGULAR_BUT_SOUND in kinds(a_payer(*late))) is is_one


def test_an_early_payer_pays_early_again_and_again() -> None:
    assert Kind.EARLY_PAYER in kinds(a_payer(0, -4, -3))
    assert Kind.EARLY_PAYER not in kinds(a_payer(-4, -4, 0))
    assert Kind.EARLY_PAYER not in kinds(a_payer(0, 0, -4))


def test_on_time_in_a_row_ends_with_the_first_delay() -> None:
    row = one(found(a_payer(0, 2, 0, 0, -1)), Kind.ON_TIME_IN_A_ROW)
    assert row.count == 3
    assert Kind.ON_TIME_IN_A_ROW not in kinds(a_payer(0, 0, 1))


def test_what_a_third_party_paid_is_not_ones_own_punctuality() -> None:
    lines = [a_line(1, 9), a_line(2, 9), a_line(3, 0, by_others=True), a_line(4, None)]
    payer = a_payer(lines=tuple(lines), as_of=lines[-1].due_date - timedelta(days=7))
    assert Kind.ON_TIME_IN_A_ROW not in kinds(payer)
    assert one(found(payer), Kind.LATE_LAST_TIME).evidence[0].number == 2


def test_what_a_third_party_paid_late_the_borrower_had_not_paid_by_then() -> None:
    lines = [a_line(1, 9, by_others=True), a_line(2, None)]
    payer = a_payer(lines=tuple(lines), as_of=lines[-1].due_date - timedelta(days=7))
    assert kinds(payer) >= {Kind.FIRST_PAYMENT_DEFAULT, Kind.LATE_LAST_TIME}


def test_earlier_loans_count_for_delays_but_not_for_the_drift_of_this_one() -> None:
    before = tuple(a_line(n, n, first_due=date(2025, 1, 1), loan_id="L-0") for n in range(1, 8))
    new = a_payer(elsewhere=before)
    assert kinds(new) >= {Kind.LATE_LAST_TIME, Kind.FREQUENT_DELAYS}
    assert Kind.DRIFTING_LATER not in kinds(new)
