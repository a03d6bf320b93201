"""The fit is monotone, repeatable, and never sees what it predicts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from infra.back_test.fit import fit
from recovery.domain.monitoring.early_warning import CAREFUL_DEFAULTS
from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.monitoring.segments import Segment
from recovery.domain.portfolio.back_test import Trial

START, END = date(2026, 1, 1), date(2027, 1, 1)


def a_trial(was_late: bool, known_on: date = START, **levels: int) -> Trial:
    return Trial(
        borrower_id="B-1",
        loan_id="L-1",
        number=1,
        on=known_on - timedelta(days=8),
        known_on=known_on,
        was_late=was_late,
        is_paid=False,
        levels={PatternKind(name): level for name, level in levels.items()},
        late_last_time="late_last_time" in levels,
        days_late_last_time=0,
        is_new=False,
        segment=Segment.PUNCTUAL,
    )


def many(late: int, on_time: int, **levels: int) -> list[Trial]:
    return [a_trial(n < late, **levels) for n in range(late + on_time)]


def points_of(trials: list[Trial]) -> dict[str, int]:
    weights = fit(trials, "t", END, date(2028, 1, 1))
    return {"base": weights.base_points, **{str(e.pattern): e.points for e in weights.points}}


def test_it_finds_the_log_odds_of_a_long_history() -> None:
    """One in ten late without the pattern, one in two with it: log odds -2.197 and 0."""
    found = points_of(many(1_000, 9_000) + many(5_000, 5_000, rolled_risk=1))
    assert found["base"] == pytest.approx(-220, abs=2)
    assert found["rolled_risk"] == pytest.approx(220, abs=3)


def test_a_weight_never_turns_against_its_pattern() -> None:
    upside_down = many(5_000, 5_000) + many(100, 9_900, rolled_risk=1)
    upside_down += many(9_000, 1_000, on_time_in_a_row=1)
    found = points_of(upside_down)
    assert found.get("rolled_risk", 0) == 0 and found.get("on_time_in_a_row", 0) == 0


def test_with_hardly_any_history_the_weights_stay_near_the_careful_defaults() -> None:
    found = points_of(many(2, 8, late_last_time=1) + many(1, 9))
    for each in CAREFUL_DEFAULTS.points:
        assert found[each.pattern] == pytest.approx(each.points, abs=10)


def test_the_order_of_trials_changes_nothing() -> None:
    trials = many(30, 70, late_last_time=2) + many(10, 90) + many(5, 60, on_time_in_a_row=2)
    shuffled = trials[:]
    random.Random(3).shuffle(shuffled)
    assert points_of(shuffled) == points_of(trials)


def test_the_constant_follows_the_last_half_year() -> None:
    long_ago = [replace(each, known_on=START - timedelta(days=900)) for each in many(900, 2_100)]
    recent = [replace(each, known_on=END - timedelta(days=9)) for each in many(100, 1_900)]
    assert points_of(long_ago + recent)["base"] == pytest.approx(-292, abs=6)


def test_it_refuses_what_is_known_only_later_and_what_has_one_outcome() -> None:
    later = a_trial(True, known_on=END)
    with pytest.raises(ValueError, match="known on 2027-01-01 only"):
        fit([*many(5, 5), later], "t", END, date(2028, 1, 1))
    with pytest.raises(ValueError, match="both outcomes"):
        fit(many(0, 5), "t", END, date(2028, 1, 1))
