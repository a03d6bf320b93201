"""Each day: look at those in experiments whose day has come, and stop what harms."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from recovery.domain.agreements.restraints import Kind
from recovery.domain.cases.tasks import LONGEST_REASON, Task, TaskKind
from recovery.domain.contact.replies import ReplyKind
from recovery.domain.loan_state import standing_of
from recovery.domain.portfolio.experiments import Experiment, Subject, stopped
from recovery.domain.portfolio.outcomes import Seen, harm_of, seen_of
from recovery.domain.shared.actor import Role
from recovery.ports.needs import HasExperiments, HasLoans, HasPeople, HasReplies, HasTasks
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.shared.rules import Rules

BY_ITSELF = "daily review"
_MOST = 500  # a day; what is left is looked at the next
_LOOKED_AT = timedelta(days=120)  # after the end: the longest wait for an outcome, and some more
_TIME_TO_LOOK = timedelta(days=3)
_ENDS = (ReplyKind.STOP.value, ReplyKind.STOP_LESSONS.value)


class LookingPorts(HasExperiments, HasLoans, HasPeople, HasReplies, HasTasks, Protocol):
    """Experiments, and what became of the people in them."""


def look_at_experiments(rules: Rules, ports: LookingPorts) -> list[str]:
    """Count what became of each person whose day has come, once; return what was stopped for harm.

    Running it again changes nothing.
    """
    as_of, harmful = rules.as_of, list[str]()
    for record in ports.experiments.all():
        experiment = record.experiment
        if as_of > (record.stopped_on or experiment.stop_on) + _LOOKED_AT:
            continue
        last: Subject | None = None
        for subject in ports.experiments.due(experiment.experiment_id, as_of, _MOST):
            last = subject
            ports.experiments.note(subject, _seen(subject, experiment, rules, ports))
        if not record.runs(as_of):
            continue
        arms = [each.name for each in experiment.arms]
        why = harm_of(experiment, ports.experiments.counts(experiment.experiment_id, arms))
        if why:
            at = datetime.combine(as_of, time(), UTC)
            try:
                ports.experiments.save(stopped(record, BY_ITSELF, why, at, as_of))
            except StaleWriteError:
                continue  # somebody else stopped it
            if last:  # of whom the last that was needed to know it
                ports.tasks.add(harm_task(experiment.experiment_id, last.person_id, why, as_of))
            harmful.append(experiment.experiment_id)
    return harmful


def harm_task(experiment_id: str, person_id: str, why: str, as_of: date) -> Task:
    """Return the task to look at an experiment that stopped itself, for somebody who may start one.
    ``person_id`` is one of those in it."""
    return Task(
        task_id=f"experiment.{experiment_id}.harm",
        kind=TaskKind.EXPERIMENT,
        person_id=person_id,
        role=Role.SUPERVISOR,
        reason=f"experiment {experiment_id} stopped by itself: {why}"[:LONGEST_REASON],
        opened_on=as_of,
        do_by=as_of + _TIME_TO_LOOK,
        about=experiment_id,
    )


def _seen(
    subject: Subject, experiment: Experiment, rules: Rules, ports: LookingPorts
) -> Seen | None:
    """Return what became of the person; None if loan or person are not on record any more."""
    found, person = ports.loans.load_many([subject.loan_id]), ports.people.find(subject.person_id)
    if not found or person is None:
        return None
    loan, state = found[0].loan, found[0].state
    standing = standing_of(loan, state, rules.policy, rules.as_of, rules.charges(loan, state))
    return seen_of(
        subject,
        experiment.outcome,
        loan,
        state.position,
        standing.days_past_due,
        complained=any(
            each.kind == Kind.COMPLAINT and each.from_on >= subject.on for each in person.restraints
        ),
        opted_out=_opted_out(subject.person_id, subject.on, ports),
    )


def _opted_out(person_id: str, since: date, ports: HasReplies) -> bool:
    replies = ports.replies.of_person(person_id)
    return any(e.kind in _ENDS and e.received_at.date() >= since for e in replies)
