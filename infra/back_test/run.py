"""One back test: walk forward, measure, and say what the data cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from infra.back_test.fairness import Share, as_weights, false_alarms, self_cures
from infra.back_test.figures import Figures, figures
from infra.back_test.histories import Past
from infra.back_test.walk import Scored, walk_forward, weights_before
from recovery.domain.monitoring.early_warning import CAREFUL_DEFAULTS, Weights
from recovery.domain.monitoring.segments import Segment
from recovery.domain.policy import Policy
from recovery.domain.portfolio.back_test import trials_of

FEW = 30  # trials in a segment, below which no figures are given


@dataclass(frozen=True, slots=True)
class BackTest:
    """The result. ``groups`` are: all trials; those of people known before; those still unpaid.

    ``fitted`` of the ``trials`` were scored by fitted weights; only they are measured, unless the
    history is too short for any. ``weights`` are fitted to everything known at the end, to be used
    from then on.
    """

    until: date
    trials: int
    fitted: int
    groups: Mapping[str, Figures]
    segments: Mapping[Segment, Figures]
    weights: Weights
    notes: tuple[str, ...]
    false_alarms: Mapping[str, Mapping[str, Share]]
    self_cures: Mapping[Segment, Share]


def back_test(past: Past, policy: Policy, draws: int = 300) -> BackTest:
    """Test the early warning on this past. Raises ValueError if it has no due date to test on."""
    monitoring = policy.monitoring
    allocation = policy.accounting.allocation
    trials = list(trials_of(past.loans, monitoring, allocation, past.until))
    if not trials:
        raise ValueError("no instalment's outcome is known yet")
    least = monitoring.warning.least_trials
    scored = list(walk_forward(trials, least))
    fitted = [each for each in scored if each.is_fitted]
    measured = fitted or scored
    groups = {
        "all": measured,
        "known_before": [each for each in measured if not each.trial.is_new],
        "unpaid": [each for each in measured if not each.trial.is_paid],
        "unpaid_known_before": [
            each for each in measured if not each.trial.is_new and not each.trial.is_paid
        ],
    }
    by_segment = {
        segment: [e for e in groups["unpaid"] if e.trial.segment is segment] for segment in Segment
    }
    weights = weights_before(trials, past.until + timedelta(days=1), least)
    cures = self_cures(trials)
    if weights is not CAREFUL_DEFAULTS:
        weights = replace(weights, self_cure=tuple(as_weights(cures)))
    return BackTest(
        until=past.until,
        trials=len(trials),
        fitted=len(fitted),
        groups={name: figures(each, draws) for name, each in groups.items() if each},
        segments={
            name: figures(each, draws) for name, each in by_segment.items() if len(each) >= FEW
        },
        weights=weights,
        notes=tuple(_notes(past, scored, fitted, weights)),
        false_alarms=false_alarms(measured, monitoring.warning.possible_from_percent),
        self_cures=cures,
    )


def _notes(past: Past, scored: list[Scored], fitted: list[Scored], weights: Weights) -> list[str]:
    notes = []
    if not fitted:
        notes.append(
            "The history is too short to fit weights: the figures are of the careful defaults."
        )
    elif len(fitted) < len(scored):
        notes.append(
            f"The first {len(scored) - len(fitted)} due dates served to fit weights only, and are"
            " not measured."
        )
    if weights is CAREFUL_DEFAULTS:
        notes.append("There are no weights to take over.")
    if len({each.borrower_id for each in past.loans}) == len(past.loans):
        notes.append("No borrower has a second loan: what earlier loans tell is not tested.")
    notes.append(
        "Replies, promises and messages are not in these files, so patterns in them are not tested."
    )
    notes.append(
        "Payments count from their value date; when they were posted is not known, so the past may"
        " look better informed than it was."
    )
    return notes


def back_test_document(result: BackTest) -> dict[str, Any]:
    """Return it JSON-ready."""
    return {
        "until": result.until.isoformat(),
        "trials": result.trials,
        "fitted": result.fitted,
        "groups": {name: asdict(each) for name, each in result.groups.items()},
        "segments": {str(name): asdict(each) for name, each in result.segments.items()},
        "false_alarms": {
            kind: {name: asdict(share) for name, share in of.items()}
            for kind, of in result.false_alarms.items()
        },
        "self_cures": {str(name): asdict(each) for name, each in result.self_cures.items()},
        "notes": list(result.notes),
    }


def weights_document(weights: Weights) -> dict[str, Any]:
    """Return the weights as the policy's ``monitoring.warning.weights`` takes them."""
    return {
        "version": weights.version,
        "valid_from": weights.valid_from.isoformat(),
        "valid_to": weights.valid_to.isoformat(),
        "base_points": weights.base_points,
        "points": [{"pattern": str(e.pattern), "points": e.points} for e in weights.points],
        "trials": weights.trials,
        "self_cure": [{"segment": str(e.segment), "percent": e.percent} for e in weights.self_cure],
    }
