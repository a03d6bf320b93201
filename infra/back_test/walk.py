"""Walk forward through a portfolio's past: each month is scored by weights fitted before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from infra.back_test.fit import fit
from recovery.domain.monitoring.early_warning import (
    CAREFUL_DEFAULTS,
    Weights,
    chance_permille,
    signed_points,
)
from recovery.domain.portfolio.back_test import Trial

NEVER = -100_000
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Scored:
    """A trial with the points and the chance that the warning gave it at the time.

    ``points`` are those of the patterns, without the constant: it is the same for all who compete
    for a contact at one time, and follows how common lateness is, which the chance has to.
    ``is_fitted`` is False where the history was still too short and the careful defaults were used.
    """

    trial: Trial
    points: int
    chance_permille: int
    is_fitted: bool


def walk_forward(trials: Iterable[Trial], least_trials: int) -> Iterator[Scored]:
    """Score the trials in the order of time.

    At the start of each month the weights are fitted anew to every trial whose outcome was known
    before it; until there are ``least_trials`` of them, the careful defaults are used.
    """
    in_order = sorted(trials, key=lambda each: (each.on, each.loan_id, each.number))
    for month, of_month in groupby(in_order, key=lambda each: each.on.replace(day=1)):
        weights = weights_before(in_order, month, least_trials)
        for trial in of_month:
            points = points_of(trial, weights)
            chance = chance_permille(weights.base_points + points)
            yield Scored(trial, points, chance, weights is not CAREFUL_DEFAULTS)


def points_of(trial: Trial, weights: Weights) -> int:
    """Return the points of a trial's patterns; what is paid cannot be late any more."""
    return NEVER if trial.is_paid else sum(signed_points(weights, trial.levels).values())


def weights_before(trials: Iterable[Trial], on: date, least_trials: int) -> Weights:
    """Fit to what became of unpaid instalments before this day; the careful defaults if too few."""
    known = [each for each in trials if each.known_on < on and not each.is_paid]
    outcomes = {each.was_late for each in known}
    if len(known) < least_trials or len(outcomes) < 2:
        return CAREFUL_DEFAULTS
    return fit(known, f"fitted-{on}", on, on + _YEAR)
