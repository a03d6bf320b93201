"""The warning is monotone, says why, and says when it rests on defaults only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.monitoring.early_warning import (
    CAREFUL_DEFAULTS,
    PatternPoints,
    WarningPolicy,
    Weights,
    chance_permille,
    early_warning,
    warning_problems,
    weights_in_force,
)
from recovery.domain.monitoring.pattern import REASSURING, Pattern, PatternKind
from recovery.domain.monitoring.treatment import Treatment
from tests.payers import a_line, a_payer, found

ON = date(2026, 6, 1)
POLICY = WarningPolicy()
LEVELS = st.dictionaries(st.sampled_from(list(PatternKind)), st.integers(1, 9))
WEIGHTS = st.dictionaries(st.sampled_from(list(PatternKind)), st.integers(0, 300)).map(
    lambda points: replace(
        CAREFUL_DEFAULTS,
        trials=500,
        points=tuple(PatternPoints(pattern=k, points=p) for k, p in points.items()),
    )
)


def patterns(levels: dict[PatternKind, int]) -> list[Pattern]:
    return [Pattern(kind, level, level, 9) for kind, level in levels.items()]


def some_weights(**changes: object) -> Weights:
    own = replace(
        CAREFUL_DEFAULTS, version="2026-1", valid_from=ON, valid_to=date(2027, 6, 1), trials=900
    )
    return replace(own, **changes)


@given(LEVELS, WEIGHTS, st.sampled_from(list(PatternKind)))
def test_more_of_a_pattern_never_moves_the_points_the_wrong_way(levels, weights, kind) -> None:
    policy = replace(POLICY, weights=(weights,))
    before = early_warning(patterns(levels), policy, ON)
    more = early_warning(patterns({**levels, kind: levels.get(kind, 0) + 1}), policy, ON)
    step = more.points - before.points
    assert step <= 0 if kind in REASSURING else step >= 0
    chances = before.chance_permille, more.chance_permille
    assert chances == tuple(sorted(chances, reverse=kind in REASSURING))


@given(st.lists(st.integers(-20, 40), min_size=1, max_size=9), st.integers(1, 30))
def test_paying_the_last_one_later_never_lowers_the_warning(late, more_days) -> None:
    """But for what is irregular and sound, which weighs nothing."""
    later = [*late[:-1], late[-1] + more_days]
    as_of = max(a_line(len(late) + 1, None).due_date - timedelta(days=7), date(2026, 2, 1))
    points = [
        early_warning(found(a_payer(*each, as_of=as_of)), POLICY, as_of).points
        for each in (late, later)
    ]
    assert points[0] <= points[1]


def test_it_names_the_two_patterns_that_weigh_most_and_none_that_reassures() -> None:
    levels = {
        PatternKind.LATE_LAST_TIME: 1,
        PatternKind.DRIFTING_LATER: 2,
        PatternKind.FREQUENT_DELAYS: 5,
        PatternKind.EARLY_PAYER: 2,
    }
    warning = early_warning(patterns(levels), POLICY, ON)
    assert warning.because == (PatternKind.DRIFTING_LATER, PatternKind.FREQUENT_DELAYS)
    assert early_warning([], POLICY, ON).because == ()


def test_without_weights_of_its_own_it_says_that_it_uses_careful_defaults() -> None:
    warning = early_warning([], POLICY, ON)
    assert warning.is_careful_default and warning.version == "careful-2"
    own = replace(POLICY, weights=(some_weights(),))
    assert not early_warning([], own, ON).is_careful_default
    assert early_warning([], own, ON - timedelta(days=1)).is_careful_default
    assert early_warning([], own, date(2027, 6, 1)).is_careful_default


def test_weights_with_too_little_history_are_not_used_and_the_newest_wins() -> None:
    few = some_weights(version="few", trials=POLICY.least_trials - 1)
    assert weights_in_force(replace(POLICY, weights=(few,)), ON) is CAREFUL_DEFAULTS
    old = some_weights(version="old", valid_from=date(2025, 6, 1))
    new = some_weights(version="new")
    assert weights_in_force(replace(POLICY, weights=(new, old, few)), ON) is new


def test_bands_begin_at_their_percent_and_a_sound_payer_is_in_none() -> None:
    for points, band in ((-86, "unlikely"), (-84, "possible"), (-1, "possible"), (0, "likely")):
        own = replace(POLICY, weights=(some_weights(base_points=points, points=()),))
        assert early_warning([], own, ON).band == band
    assert early_warning(found(a_payer(*[0] * 9)), POLICY, ON).band == "unlikely"


def test_the_seller_who_drifts_within_the_grace_days_is_warned_of_for_that() -> None:
    warning = early_warning(found(a_payer(0, 0, 1, 1, 2, 3, 3, 4, 4)), POLICY, ON)
    assert warning.band != "unlikely"
    assert PatternKind.DRIFTING_LATER in warning.because


@pytest.mark.parametrize(("points", "permille"), [(0, 500), (110, 750), (-110, 250), (9_999, 1000)])
def test_points_are_hundredths_of_log_odds(points: int, permille: int) -> None:
    assert chance_permille(points) == permille


def test_careful_defaults_never_reward_a_warning_pattern_nor_punish_a_reassuring_one() -> None:
    assert all(each.points >= 0 for each in CAREFUL_DEFAULTS.points)
    assert list(warning_problems(replace(POLICY, weights=(CAREFUL_DEFAULTS,)))) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days_before": 0}, "days_before"),
        ({"possible_from_percent": 60}, "likely_from_percent"),
        ({"least_trials": 1}, "least_trials"),
        ({"treatments": (Treatment(band="unlikely", acts=("call",)),)}, "treatments.0"),
        ({"alone_from_percent": 20}, "alone_from_percent"),
        ({"weights": (some_weights(valid_to=ON),)}, "weights.0.valid_to"),
        (
            {"weights": (some_weights(points=CAREFUL_DEFAULTS.points * 2),)},
            "weights.0.points",
        ),
        (
            {
                "weights": (
                    some_weights(
                        points=(PatternPoints(pattern=PatternKind.LATE_LAST_TIME, points=-1),)
                    ),
                )
            },
            "weights.0.points.late_last_time",
        ),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(changes, field: str) -> None:
    assert field in {each.field for each in warning_problems(replace(POLICY, **changes))}
