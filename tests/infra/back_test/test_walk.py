"""Walking forward: no month is scored by what it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from infra.back_test.figures import figures
from infra.back_test.walk import NEVER, Scored, walk_forward, weights_before
from recovery.domain.monitoring.early_warning import CAREFUL_DEFAULTS
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.portfolio.back_test import Trial, trials_of
from tests.back_test_histories import Mechanism, by_chance, by_drift, by_habit, histories

UNTIL = date(2025, 1, 1)


def trials(mechanism: Mechanism, people: int = 120, seed: int = 1) -> list[Trial]:
    policy, loans = DEFAULT_POLICY, histories(mechanism, people=people, seed=seed)
    return list(trials_of(loans, policy.monitoring, policy.accounting.allocation, UNTIL))


def fitted(mechanism: Mechanism, people: int = 120, seed: int = 1) -> list[Scored]:
    scored = walk_forward(trials(mechanism, people, seed), 200)
    return [each for each in scored if each.is_fitted]


def test_what_comes_later_changes_no_score() -> None:
    whole = trials(by_habit)
    until = date(2022, 12, 1)
    past = [each for each in whole if each.on < until]
    turned = [each if each.on < until else replace(each, was_late=True) for each in whole]
    scores = [list(walk_forward(each, 100)) for each in (past, whole, turned)]
    count = len(past)
    points = [[each.points for each in found[:count]] for found in scores]
    assert points[0] == points[1] == points[2]
    assert any(each.is_fitted for each in scores[0])


def test_until_enough_is_known_the_careful_defaults_score() -> None:
    found = list(walk_forward(trials(by_habit), 200))
    first = found[0].trial.on
    assert not found[0].is_fitted and found[-1].is_fitted
    assert weights_before(trials(by_habit), first, 200) is CAREFUL_DEFAULTS


def test_what_is_paid_is_never_warned_of() -> None:
    paid = replace(trials(by_habit)[0], is_paid=True)
    [only] = walk_forward([paid], 200)
    assert (only.points, only.chance_permille) == (NEVER, 0)


@pytest.mark.parametrize(("mechanism", "least"), [(by_habit, 0.75), (by_drift, 0.9)])
def test_where_there_is_a_mechanism_the_warning_finds_it(mechanism, least: float) -> None:
    found = figures(fitted(mechanism), draws=60)
    auc = found.rules["warning"].auc
    assert auc is not None and auc.low > least
    assert found.calibration_error.value < 0.05


def test_a_habit_is_found_beyond_the_naive_rule() -> None:
    naive = figures(fitted(by_habit, people=200), draws=60).rules["late_last_time"]
    assert naive.warning_finds_more[20].low > 0
    assert all(each.value > -0.01 for each in naive.warning_finds_more.values())


@pytest.mark.parametrize("seed", range(1, 6))
def test_where_lateness_is_chance_the_warning_finds_nothing(seed: int) -> None:
    found = figures(fitted(by_chance, people=200, seed=seed), draws=60)
    auc = found.rules["warning"].auc
    assert auc is not None and abs(auc.value - 0.5) < 0.06
    assert found.calibration_error.value < 0.05
