"""Fit the early warning's weights: logistic regression whose weights cannot go below zero.

Method, so that anyone can repeat it: the log odds that an instalment is late are a constant plus a
weight for each level of each pattern (less a weight, for a reassuring one). The weights maximise
the likelihood of the trials less a penalty for leaving the careful defaults (the distance squared,
times five), subject to no weight being negative: a short history hardly moves them, a long one
overrules them. Coordinate descent with Newton steps, cut off at zero, until nothing moves. The
problem is convex, so the order of trials and the starting point do not matter. How common lateness
is changes faster than what it comes from, so the constant alone is then fitted to the last half
year. Weights are rounded to whole points, hundredths of log odds.

scikit-learn would add nothing here: its logistic regression cannot hold weights at or above zero,
which is what keeps the warning monotone. Trials with the same patterns are counted together, so
that even a large portfolio is fitted in seconds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from recovery.domain.monitoring.early_warning import (
    CAREFUL_DEFAULTS,
    PatternPoints,
    Weights,
)
from recovery.domain.monitoring.pattern import REASSURING, PatternKind
from recovery.domain.portfolio.back_test import Trial

_RIDGE = 10.0
_RECENT = timedelta(days=182)
_MOST_ROUNDS = 500
_STILL = 1e-6
_MOST_LOG_ODDS = 10.0
_LEAST_CURVE = 1e-9

_KINDS = tuple(PatternKind)
_DEFAULTS = {each.pattern: each.points / 100 for each in CAREFUL_DEFAULTS.points}
_CENTRE = tuple(_DEFAULTS.get(kind, 0.0) for kind in _KINDS)


def fit(trials: Iterable[Trial], version: str, valid_from: date, valid_to: date) -> Weights:
    """Fit weights to trials; all of their outcomes must be known before ``valid_from``.

    Raises ValueError if one is not, or if the trials do not have both outcomes.
    """
    known = list(trials)
    for trial in known:
        if trial.known_on >= valid_from:
            raise ValueError(f"what became of {trial.loan_id} is known on {trial.known_on} only")
    if len({trial.was_late for trial in known}) < 2:
        raise ValueError("the trials need both outcomes")
    base, weights = _descend(_rows(known))
    recent = _rows(trial for trial in known if trial.known_on >= valid_from - _RECENT)
    base += _recentred(recent, base, weights)
    return Weights(
        version=version,
        valid_from=valid_from,
        valid_to=valid_to,
        base_points=round(100 * base),
        points=tuple(
            PatternPoints(pattern=kind, points=points)
            for kind, weight in zip(_KINDS, weights, strict=True)
            if (points := round(100 * weight))
        ),
        trials=len(known),
    )


_Row = tuple[tuple[int, ...], int, int]  # signed levels, how many trials have them, how many late


def _rows(trials: Iterable[Trial]) -> list[_Row]:
    """Count trials with the same levels together."""
    late: Counter[tuple[int, ...]] = Counter()
    seen: Counter[tuple[int, ...]] = Counter()
    for trial in trials:
        row = tuple(_signed(kind, trial) for kind in _KINDS)
        seen[row] += 1
        late[row] += trial.was_late
    return [(row, n, late[row]) for row, n in sorted(seen.items())]


def _recentred(rows: list[_Row], base: float, weights: list[float]) -> float:
    """Return by how much the constant moves for these trials, the weights being kept."""
    scores = [base + _score(row, weights) for row, _, _ in rows]
    everywhere = [(at, 1) for at in range(len(rows))]
    moved = 0.0
    for _ in range(_MOST_ROUNDS):
        step = _step(rows, scores, everywhere, _RIDGE / 2, moved)
        moved += step
        if abs(step) < _STILL:
            break
    return moved


def _score(row: tuple[int, ...], weights: list[float]) -> float:
    return sum(level * weight for level, weight in zip(row, weights, strict=True))


def _signed(kind: PatternKind, trial: Trial) -> int:
    level = trial.levels.get(kind, 0)
    return -level if kind in REASSURING else level


def _descend(rows: list[_Row]) -> tuple[float, list[float]]:
    total, late = sum(n for _, n, _ in rows), sum(k for _, _, k in rows)
    base = math.log(late / (total - late))
    weights = list(_CENTRE)
    scores = [base + _score(row, weights) for row, _, _ in rows]
    columns = [
        [(at, row[place]) for at, (row, _, _) in enumerate(rows) if row[place]]
        for place in range(len(_KINDS))
    ]
    everywhere = [(at, 1) for at in range(len(rows))]
    for _ in range(_MOST_ROUNDS):
        moved = _step(rows, scores, everywhere, 0.0, 0.0)
        base += moved
        largest = abs(moved)
        for place, column in enumerate(columns):
            if not column:
                continue
            off = weights[place] - _CENTRE[place]
            moved = _step(rows, scores, column, _RIDGE, off, least=-_CENTRE[place])
            weights[place] += moved
            largest = max(largest, abs(moved))
        if largest < _STILL:
            break
    return base, weights


def _step(
    rows: list[_Row],
    scores: list[float],
    column: list[tuple[int, int]],
    ridge: float,
    off: float,
    least: float = -math.inf,
) -> float:
    """Move one weight, ``off`` its centre, by a Newton step, no lower than ``least`` off it; return
    by how much."""
    slope, curve = -ridge * off, ridge + _LEAST_CURVE
    for at, value in column:
        _, n, k = rows[at]
        chance = 1 / (1 + math.exp(-max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, scores[at]))))
        slope += value * (k - n * chance)
        curve += value * value * n * chance * (1 - chance)
    moved = max(off + max(-1.0, min(1.0, slope / curve)), least) - off
    for at, value in column:
        scores[at] += value * moved
    return moved
