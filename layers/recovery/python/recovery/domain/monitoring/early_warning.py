"""The early warning: how likely the next instalment is late, from the patterns alone.

Points per pattern and level, added up: never a fact about who somebody is or where they live, so
nothing forbidden can enter, not even through a neighbourhood. More of a warning pattern never
lowers the points, more of a reassuring one never raises them, whatever the weights.

Points are hundredths of log odds, so 70 points double the odds. The weights are data with a version
and a validity, fitted offline on the institution's own history (``recovery backtest --calibrate``).
Without them, or once they are past, careful defaults are used, and the warning says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.domain.monitoring.pattern import REASSURING, Pattern, PatternKind
from recovery.domain.monitoring.segments import Segment
from recovery.domain.monitoring.treatment import (
    DEFAULT_TREATMENTS,
    Band,
    Treatment,
    treatment_problems,
)
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

_MOST_POINTS = 1_000
_REASONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPoints:
    """Points for each level of a pattern; of a reassuring one they are taken off."""

    pattern: PatternKind
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCure:
    """How many percent of a segment's late payments came within a few days of the due date."""

    segment: Segment
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Calibrated weights, from ``valid_from`` until before ``valid_to``.

    ``base_points`` is the score without any pattern. ``trials`` is on how many past due dates they
    were fitted; 0 for the careful defaults. ``self_cure`` names the segments with enough history to
    say.
    """

    version: str
    valid_from: date
    valid_to: date
    base_points: int
    points: tuple[PatternPoints, ...]
    trials: int = 0
    self_cure: tuple[SelfCure, ...] = ()


def _points(**by_name: int) -> tuple[PatternPoints, ...]:
    return tuple(
        PatternPoints(pattern=PatternKind(name), points=points) for name, points in by_name.items()
    )


# Careful: without a history of its own, an institution hears of the plain signs of trouble only,
# with round weights that nothing was fitted to.
CAREFUL_DEFAULTS = Weights(
    version="careful-2",
    valid_from=date.min,
    valid_to=date.max,
    base_points=-140,
    points=_points(
        first_payment_default=60,
        late_last_time=25,
        frequent_delays=40,
        drifting_later=100,
        incomplete_payments=60,
        shrinking_payments=60,
        behind_at_checkpoint=40,
        broken_promises=50,
        rolled_risk=40,
        several_loans_one_strain=60,
        early_payer=40,
        on_time_in_a_row=20,
        partly_ahead=40,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPolicy:
    """When a warning is given and what it rests on.

    It comes ``days_before`` the due date. From ``possible_from_percent`` and
    ``likely_from_percent`` chance of a late payment the bands begin. ``least_trials``: weights
    fitted on fewer due dates are not used. ``treatments`` say who hears what; the first that fits
    is used, and without one that does something a review neither warns nor gets a day of its own.
    A segment of which ``alone_from_percent`` of the late payments came by themselves within a few
    days, by the weights in force, is left alone.
    """

    days_before: int = 7
    possible_from_percent: int = 30
    likely_from_percent: int = 50
    least_trials: int = 200
    weights: tuple[Weights, ...] = ()
    treatments: tuple[Treatment, ...] = DEFAULT_TREATMENTS
    alone_from_percent: int = 90


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """``chance_permille`` is the chance that the next instalment is late.

    ``because`` are the patterns that weigh most, at most two, so that it can be said in two
    sentences. ``version`` names the weights; ``is_careful_default`` says that none of the
    institution's own were in force.
    """

    points: int
    chance_permille: int
    band: Band
    because: tuple[PatternKind, ...]
    version: str
    is_careful_default: bool


def early_warning(patterns: Iterable[Pattern], policy: WarningPolicy, as_of: date) -> EarlyWarning:
    """Weigh the patterns found at ``as_of``."""
    weights = weights_in_force(policy, as_of)
    levels = {each.kind: each.level for each in patterns}
    points = weights.base_points + sum(signed_points(weights, levels).values())
    chance = chance_permille(points)
    weighed = {kind: part for kind, part in signed_points(weights, levels).items() if part > 0}
    order = sorted(weighed, key=lambda kind: (-weighed[kind], kind))
    band: Band = "unlikely"
    if chance >= 10 * policy.possible_from_percent:
        band = "likely" if chance >= 10 * policy.likely_from_percent else "possible"
    return EarlyWarning(
        points,
        chance,
        band,
        tuple(order[:_REASONS]),
        weights.version,
        weights is CAREFUL_DEFAULTS,
    )


def weights_in_force(policy: WarningPolicy, as_of: date) -> Weights:
    """Return the newest valid weights with enough history behind them, or the careful defaults."""
    valid = (
        each
        for each in policy.weights
        if each.valid_from <= as_of < each.valid_to and each.trials >= policy.least_trials
    )
    return max(valid, key=lambda each: each.valid_from, default=CAREFUL_DEFAULTS)


def cures_alone(policy: WarningPolicy, segment: Segment, as_of: date) -> bool:
    """Whether the segment's late payments come by themselves, by the weights in force."""
    known = {each.segment: each.percent for each in weights_in_force(policy, as_of).self_cure}
    return known.get(segment, 0) >= policy.alone_from_percent


def signed_points(weights: Weights, levels: Mapping[PatternKind, int]) -> dict[PatternKind, int]:
    """Return what each pattern adds, or takes off if it reassures."""
    return {
        each.pattern: each.points * level * (-1 if each.pattern in REASSURING else 1)
        for each in weights.points
        if (level := levels.get(each.pattern, 0))
    }


def chance_permille(points: int) -> int:
    """Return the chance in thousandths for a sum of points in hundredths of log odds."""
    odds = (Decimal(max(-2_000, min(2_000, points))) / 100).exp()
    return int(1000 * odds / (1 + odds) + Decimal("0.5"))


def warning_problems(policy: WarningPolicy) -> Iterator[Problem]:
    """Yield every problem with the warning's policy."""
    yield from range_problems("days_before", policy.days_before, 1, 60)
    yield from range_problems("possible_from_percent", policy.possible_from_percent, 1, 100)
    least = policy.possible_from_percent
    yield from range_problems("likely_from_percent", policy.likely_from_percent, least, 100)
    yield from range_problems("least_trials", policy.least_trials, 50, 1_000_000)
    yield from range_problems("alone_from_percent", policy.alone_from_percent, 50, 100)
    yield from treatment_problems(policy.treatments)
    for index, weights in enumerate(policy.weights):
        path = f"weights.{index}"
        if weights.valid_to <= weights.valid_from:
            yield Problem(f"{path}.valid_to", "is not after valid_from", "Give a later day")
        base = weights.base_points
        yield from range_problems(f"{path}.base_points", base, -_MOST_POINTS, _MOST_POINTS)
        if len({each.pattern for each in weights.points}) < len(weights.points):
            remedy = "Give each pattern its points once"
            yield Problem(f"{path}.points", "name a pattern twice", remedy, "duplicate")
        for each in weights.points:
            name = f"{path}.points.{each.pattern}"
            yield from range_problems(name, each.points, 0, _MOST_POINTS)
        for alone in weights.self_cure:
            name = f"{path}.self_cure.{alone.segment}"
            yield from range_problems(name, alone.percent, 0, 100)
