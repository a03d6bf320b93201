"""Start, stop and report experiments: each turn names who took it, and nothing declared changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from recovery.documents.contact.curriculum import curriculum
from recovery.domain.portfolio.experiments import (
    Experiment,
    ExperimentRecord,
    experiment_problems,
    started,
    stopped,
)
from recovery.domain.portfolio.outcomes import Comparison, Counts, compare
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import NotOnRecordError, Problem, RefusedError
from recovery.ports.needs import HasExperiments, HasInstitutions
from recovery.use_cases.people.person import allow
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale


class ExperimentPorts(HasExperiments, HasInstitutions, Protocol):
    """Experiments, and the business date."""


@dataclass(frozen=True, slots=True)
class ExperimentReport:
    """An experiment with what is counted so far and how its arms compare."""

    record: ExperimentRecord
    counts: dict[str, Counts]
    comparisons: tuple[Comparison, ...]


def start_experiment(
    institution_id: str, experiment: Experiment, by: Actor, now: datetime, ports: ExperimentPorts
) -> ExperimentRecord:
    """Put the experiment on record as declared. Raises NotAllowedError, RefusedError.

    Where no reminder is left to leave out, silence cannot be tried.
    """
    allow(by, Role.SUPERVISOR, to="start an experiment")
    today = business_date(institution_id, now, ports.institutions)
    known = ports.experiments.all()
    if any(e.experiment.experiment_id == experiment.experiment_id for e in known):
        reason = f"{experiment.experiment_id} is in use"
        raise RefusedError(Problem("experiment_id", reason, "Give it another", "conflict"))
    ahead = [
        each.experiment
        for each in known
        if each.stopped_on is None and each.experiment.stop_on > experiment.start_on
    ]
    problems = [*experiment_problems(experiment, ahead, today, curriculum().ids)]
    first = max(today, experiment.start_on)
    remind = ports.institutions.policy(institution_id, first).contact.remind
    if experiment.who == "punctual" and remind != "everybody":
        reason = "names people who are not reminded anyway, by contact.remind of the policy"
        remedy = 'Set contact.remind to "everybody" for as long as it runs'
        problems.append(Problem("who", reason, remedy, "conflict"))
    if problems:
        raise RefusedError(*problems)
    record = started(experiment, by.id, now)
    ports.experiments.save(record)
    return record


@retry_when_stale
def stop_experiment(
    institution_id: str,
    experiment_id: str,
    why: str,
    by: Actor,
    now: datetime,
    ports: ExperimentPorts,
) -> ExperimentRecord:
    """Stop it: everybody is treated as usual from now on. A repeat changes nothing.

    Raises NotAllowedError, NotOnRecordError, RefusedError without a reason.
    """
    allow(by, Role.SUPERVISOR, to="stop an experiment")
    record = find_experiment(experiment_id, ports)
    if record.stopped_on:
        return record
    if not why.strip():
        raise RefusedError(Problem("why", "is missing", "Say why it stops", "missing"))
    today = business_date(institution_id, now, ports.institutions)
    after = stopped(record, by.id, why.strip()[:200], now, today)
    ports.experiments.save(after)
    return after


def report_experiment(experiment_id: str, ports: HasExperiments) -> ExperimentReport:
    """Return what is known by now, which may be looked at as often as anybody likes.

    Raises NotOnRecordError.
    """
    record = find_experiment(experiment_id, ports)
    arms = [each.name for each in record.experiment.arms]
    counts = ports.experiments.counts(experiment_id, arms)
    return ExperimentReport(record, counts, compare(record.experiment, counts))


def find_experiment(experiment_id: str, ports: HasExperiments) -> ExperimentRecord:
    """Return the experiment. Raises NotOnRecordError."""
    for record in ports.experiments.all():
        if record.experiment.experiment_id == experiment_id:
            return record
    raise NotOnRecordError("experiment_id", f"experiment {experiment_id}")
