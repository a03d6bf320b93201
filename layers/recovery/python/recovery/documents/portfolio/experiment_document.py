"""An experiment as JSON: its declaration in, its report out."""

from __future__ import annotations

import json
from functools import cache

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.plain import to_plain
from recovery.documents.shared.problems import InvalidDocumentError, problems_of
from recovery.domain.portfolio.experiments import Arm, Experiment, ExperimentRecord
from recovery.domain.portfolio.outcomes import Comparison, Counts, arm_interval
from recovery.domain.portfolio.sequential import Interval
from recovery.domain.shared.errors import Problem

_REMEDIES = {"": "See `recovery experiment start --example`"}


def read_experiment(text: str | bytes) -> Experiment:
    """Read a declaration. Raises InvalidDocumentError with every problem of its form."""
    try:
        values = read_json(text)
    except UnreadableJsonError as error:
        problem = Problem("document", str(error), "Write one JSON object")
        raise InvalidDocumentError(problem) from None
    try:
        return _adapter().validate_json(json.dumps(values))
    except ValidationError as error:
        raise InvalidDocumentError(*problems_of(error, "document", _REMEDIES)) from None


def experiment_document(experiment: Experiment) -> dict[str, object]:
    """Return the declaration as it would be read."""
    return dict(to_plain(experiment, whole=True))


def report_document(
    record: ExperimentRecord,
    counts: dict[str, Counts],
    comparisons: tuple[Comparison, ...],
) -> dict[str, object]:
    """Return the report: shares and differences in percent, each with its interval."""
    experiment = record.experiment
    return {
        "experiment": experiment_document(experiment),
        "declared": record.declared,
        "unchanged": record.declared == experiment.fingerprint,
        "stopped_on": record.stopped_on.isoformat() if record.stopped_on else None,
        "turns": [to_plain(each, whole=True) for each in record.turns],
        "arms": [
            {
                "arm": name,
                "enrolled": its.enrolled,
                "looked_at": its.looked,
                "outcome": experiment.outcome.value,
                "hits": its.share(experiment.outcome).hits,
                "percent_between": _percent(arm_interval(its, experiment.outcome, experiment)),
            }
            for name, its in counts.items()
        ],
        "differences": [
            {
                "arm": each.arm,
                "against": experiment.arms[0].name,
                "outcome": each.outcome.value,
                "points": round(100 * each.seen, 1),
                "points_between": _percent(each.interval),
                "zero_included": each.shows_nothing,
                "harms": each.harms,
            }
            for each in comparisons
        ],
        "error": (
            f"at any time, however often it is looked at, at most {experiment.alpha_percent} %"
            " that an interval of the outcome misses the truth"
        ),
    }


def _percent(interval: Interval) -> list[float]:
    return [round(100 * interval.low, 1), round(100 * interval.high, 1)]


@cache
def _adapter() -> TypeAdapter[Experiment]:
    forbid = ConfigDict(extra="forbid")
    for part in (Arm, Experiment):
        with_config(forbid)(part)
    return TypeAdapter(Experiment)
