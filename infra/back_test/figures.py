"""How good a ranking of trials is: precision and recall at a contact budget, AUC, calibration.

Ties are never broken by luck: of a group with equal scores that fits a budget in part, the expected
share counts. Intervals are percentiles of a bootstrap that draws whole borrowers, because the
trials of one person are not independent; all rules are measured on the same draws, so differences
have intervals of their own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from infra.back_test.walk import Scored

BUDGETS_PERCENT = (5, 10, 15, 20, 25, 30, 40, 50)
_LEAST_IN_BIN = 100
_MOST_BINS = 10
_SEED = 13
_TAIL = 0.025

Score = Callable[[Scored], float]
RULES: Mapping[str, Score] = {
    "warning": lambda each: each.points,
    "late_last_time": lambda each: each.trial.late_last_time,
    "late_last_time_unpaid": lambda each: each.trial.late_last_time - 2 * each.trial.is_paid,
    "days_past_due": lambda each: each.trial.days_late_last_time,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate and its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Trials with similar chances: how many, the mean chance, and the share that was late."""

    count: int
    expected: float
    observed: float


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """One rule: AUC, and by contact budget in percent the recall, the precision, and what the
    warning finds more (the difference of the recalls)."""

    auc: Figure | None
    recall: Mapping[int, Figure]
    precision: Mapping[int, Figure]
    warning_finds_more: Mapping[int, Figure]


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a group of trials; ``calibration_error`` is a share, 0.05 is five points."""

    trials: int
    borrowers: int
    late: int
    rules: Mapping[str, RuleFigures]
    bins: tuple[Bin, ...]
    calibration_error: Figure


class _Measure(NamedTuple):
    """AUC, None without both outcomes; recall and precision by budget."""

    auc: float | None
    recall: Mapping[int, float]
    precision: Mapping[int, float]


class _Sample:
    """One ranking of the trials as groups of equal score, best first: (borrower, was late)."""

    def __init__(self, scored: Sequence[Scored], score: Score, people: Mapping[str, int]) -> None:
        in_order = sorted(scored, key=score, reverse=True)
        self.groups = [
            [(people[each.trial.borrower_id], each.trial.was_late) for each in group]
            for _, group in groupby(in_order, key=score)
        ]

    def measure(self, weights: Sequence[int]) -> _Measure:
        """Measure this ranking where each borrower counts so many times."""
        sums = []
        for group in self.groups:
            late = sum(weights[who] for who, was_late in group if was_late)
            sums.append((late, sum(weights[who] for who, _ in group)))
        total, late_total = sum(n for _, n in sums), sum(k for k, _ in sums)
        on_time_total = total - late_total
        if not late_total:
            nothing = dict.fromkeys(BUDGETS_PERCENT, 0.0)
            return _Measure(None, nothing, nothing)
        contacted = {each: total * each / 100 for each in BUDGETS_PERCENT}
        found = {each: _found(sums, most) for each, most in contacted.items()}
        return _Measure(
            _auc(sums, late_total, on_time_total) if on_time_total else None,
            {each: found[each] / late_total for each in BUDGETS_PERCENT},
            {each: found[each] / contacted[each] for each in BUDGETS_PERCENT},
        )


def _auc(sums: Iterable[tuple[int, int]], late_total: int, on_time_total: int) -> float:
    won, on_time_left = 0.0, on_time_total
    for late, count in sums:
        on_time = count - late
        on_time_left -= on_time
        won += late * (on_time_left + on_time / 2)
    return won / late_total / on_time_total


def _found(sums: Iterable[tuple[int, int]], budget: float) -> float:
    found = 0.0
    for late, count in sums:
        if budget <= 0:
            break
        if count:
            found += late * min(1.0, budget / count)
        budget -= count
    return found


def figures(scored: Sequence[Scored], draws: int = 300) -> Figures:
    """Measure every rule on these trials. Raises ValueError if there are none."""
    if not scored:
        raise ValueError("there are no trials to measure")
    people = {name: at for at, name in enumerate(sorted({e.trial.borrower_id for e in scored}))}
    samples = {name: _Sample(scored, score, people) for name, score in RULES.items()}
    chance = random.Random(_SEED)
    drawn = [_draw(len(people), chance) for _ in range(draws)]
    late = sum(each.trial.was_late for each in scored)
    measured = {
        name: [sample.measure([1] * len(people)), *(sample.measure(each) for each in drawn)]
        for name, sample in samples.items()
    }
    return Figures(
        trials=len(scored),
        borrowers=len(people),
        late=late,
        rules={name: _of_rule(own, measured["warning"]) for name, own in measured.items()},
        bins=bins_of(scored),
        calibration_error=_calibration(scored, people, drawn),
    )


def bins_of(scored: Sequence[Scored]) -> tuple[Bin, ...]:
    """Group trials by chance into at most ten bins of about equal size, 100 or more where there are
    as many. Equal chances are ordered by time, never by outcome."""
    rows = [(each.chance_permille, each.trial.was_late, 1) for each in _by_chance(scored)]
    return _bins(rows, max(1, min(_MOST_BINS, len(rows) // _LEAST_IN_BIN)))


def calibration_error(bins: Iterable[Bin]) -> float:
    """Return how far expected and observed are apart, on average over the trials."""
    known = list(bins)
    total = sum(each.count for each in known)
    apart = sum(each.count * abs(each.expected - each.observed) for each in known)
    return apart / total if total else 0.0


def _calibration(
    scored: Sequence[Scored], people: Mapping[str, int], drawn: Sequence[Sequence[int]]
) -> Figure:
    in_order = _by_chance(scored)
    count = max(1, min(_MOST_BINS, len(in_order) // _LEAST_IN_BIN))
    values = [calibration_error(bins_of(scored))]
    for weights in drawn:
        rows = [
            (each.chance_permille, each.trial.was_late, weight)
            for each in in_order
            if (weight := weights[people[each.trial.borrower_id]])
        ]
        values.append(calibration_error(_bins(rows, count)))
    return _figure(values)


def _by_chance(scored: Sequence[Scored]) -> list[Scored]:
    def order(each: Scored) -> tuple[int, date, str, int]:
        return each.chance_permille, each.trial.on, each.trial.loan_id, each.trial.number

    return sorted(scored, key=order)


def _bins(rows: Sequence[tuple[int, bool, int]], count: int) -> tuple[Bin, ...]:
    found = []
    for at in range(count):
        part = rows[at * len(rows) // count : (at + 1) * len(rows) // count]
        weight = sum(each for *_, each in part)
        if weight:
            expected = sum(chance * each for chance, _, each in part) / weight / 1000
            observed = sum(was_late * each for _, was_late, each in part) / weight
            found.append(Bin(weight, expected, observed))
    return tuple(found)


def _of_rule(own: Sequence[_Measure], warning: Sequence[_Measure]) -> RuleFigures:
    """Join a rule's measures: the first is of the trials themselves, the others of the draws."""
    aucs = [each.auc for each in own if each.auc is not None]
    more = {
        budget: [w.recall[budget] - o.recall[budget] for w, o in zip(warning, own, strict=True)]
        for budget in BUDGETS_PERCENT
    }
    return RuleFigures(
        auc=_figure(aucs) if own[0].auc is not None else None,
        recall={budget: _figure([e.recall[budget] for e in own]) for budget in BUDGETS_PERCENT},
        precision={
            budget: _figure([e.precision[budget] for e in own]) for budget in BUDGETS_PERCENT
        },
        warning_finds_more={budget: _figure(each) for budget, each in more.items()},
    )


def _draw(people: int, chance: random.Random) -> list[int]:
    weights = [0] * people
    for who in chance.choices(range(people), k=people):
        weights[who] += 1
    return weights


def _figure(measured: Sequence[float]) -> Figure:
    """Return the first value with the interval of the others."""
    value, *drawn = measured
    values = sorted(drawn) or [value]
    low, high = (values[min(len(values) - 1, int(len(values) * at))] for at in (_TAIL, 1 - _TAIL))
    return Figure(value, low, high)
