"""The figures by plain counting."""

from __future__ import annotations

import pytest

from infra.back_test.figures import RULES, bins_of, calibration_error, figures
from infra.back_test.walk import Scored
from tests.infra.back_test.test_fit import a_trial


def scored(points: int, was_late: bool, *, permille: int = 500, person: int = 0) -> Scored:
    trial = a_trial(was_late)
    object.__setattr__(trial, "borrower_id", f"B-{person}")
    return Scored(trial, points, permille, True)


def some(*rows: tuple[int, bool]) -> list[Scored]:
    return [scored(points, late, person=at) for at, (points, late) in enumerate(rows)]


def test_auc_is_the_share_of_pairs_in_order_and_a_tie_is_half() -> None:
    trials = some((9, True), (8, False), (7, True), (7, False))
    auc = figures(trials, draws=20).rules["warning"].auc
    pairs = [1, 1, 0, 0.5]  # 9 over both, 7 under 8, 7 tied with 7
    assert auc is not None and auc.value == pytest.approx(sum(pairs) / 4)


def test_recall_and_precision_at_a_budget_count_a_tied_group_by_its_share() -> None:
    trials = some((9, True), *((5, at < 2) for at in range(9)))
    own = figures(trials, draws=20).rules["warning"]
    assert own.recall[10].value == pytest.approx(1 / 3)
    assert own.precision[10].value == pytest.approx(1)
    assert own.recall[50].value == pytest.approx((1 + 2 * 4 / 9) / 3)
    assert own.precision[50].value == pytest.approx((1 + 2 * 4 / 9) / 5)


def test_a_rule_that_knows_nothing_finds_the_budgets_share() -> None:
    trials = some(*((0, at % 4 == 0) for at in range(400)))
    own = figures(trials, draws=50).rules["warning"]
    for budget, found in own.recall.items():
        assert found.value == pytest.approx(budget / 100)
        assert found.low <= found.value <= found.high
    assert own.auc is not None and own.auc.value == pytest.approx(0.5)


def test_intervals_hold_the_value_and_widen_when_all_trials_are_few_persons() -> None:
    rows = [(at % 7, at % 3 == 0) for at in range(300)]
    many = figures([scored(*row, person=at) for at, row in enumerate(rows)])
    few = figures([scored(points, points < 3, person=points) for points, _ in rows])
    one = many.rules["warning"].auc
    assert one is not None and one.low < one.value < one.high
    of_few, of_many = (each.rules["warning"].recall[50] for each in (few, many))
    assert of_few.high - of_few.low > of_many.high - of_many.low
    assert (few.borrowers, many.borrowers) == (7, 300)


def test_the_warning_finds_nothing_more_than_itself_and_figures_are_repeatable() -> None:
    trials = some(*((at % 5, at % 3 == 0) for at in range(100)))
    found = figures(trials, draws=30)
    assert set(found.rules) == set(RULES)
    more = found.rules["warning"].warning_finds_more
    assert {(each.value, each.low, each.high) for each in more.values()} == {(0.0, 0.0, 0.0)}
    assert figures(trials, draws=30) == found


def test_without_both_outcomes_there_is_no_auc_and_without_trials_no_figures() -> None:
    assert figures(some((1, False), (2, False)), draws=20).rules["warning"].auc is None
    with pytest.raises(ValueError, match="no trials"):
        figures([])


def test_calibration_compares_expected_and_observed_in_bins() -> None:
    sound = [scored(0, at < 20, permille=200) for at in range(100)]
    wrong = [scored(0, at < 50, permille=800) for at in range(100)]
    bins = bins_of(sound + wrong)
    assert [(each.count, each.expected, each.observed) for each in bins] == [
        (100, pytest.approx(0.2), pytest.approx(0.2)),
        (100, pytest.approx(0.8), pytest.approx(0.5)),
    ]
    assert calibration_error(bins) == pytest.approx(0.15)
    found = figures(sound + wrong, draws=20).calibration_error
    assert found.value == pytest.approx(0.15)
